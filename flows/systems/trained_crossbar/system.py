"""Crossbars trained in place as systems: the crossbar itself."""

from __future__ import annotations

from .run.record import CROSSBAR

RECORDS = {system.kind: system for system in (CROSSBAR,)}
