"""Crossbars trained in place as systems: the crossbar itself, and the blocks that train it."""

from __future__ import annotations

from .blocks import BLOCKS
from .run.record import CROSSBAR
from .update.record import UPDATE

RECORDS = {system.kind: system for system in (CROSSBAR, *BLOCKS, UPDATE)}
