"""Crossbars trained in place as systems: the blocks that train them."""

from __future__ import annotations

from .blocks import BLOCKS

RECORDS = {system.kind: system for system in BLOCKS}
