"""Crossbars trained in place as systems: the blocks that train them."""

from __future__ import annotations

from .amplifier.record import AMPLIFIER

RECORDS = {system.kind: system for system in (AMPLIFIER,)}
