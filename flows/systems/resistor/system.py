"""Matched resistors as a system."""

from __future__ import annotations

from analoom.flows.systems.record import System

RESISTOR = System(name="resistor", kind="resistor", pins=("p", "n", "b"))

RECORDS = {RESISTOR.kind: RESISTOR}
