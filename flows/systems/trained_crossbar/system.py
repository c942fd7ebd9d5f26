"""Crossbars trained in place as systems: the crossbar itself, and the blocks that train it."""

from __future__ import annotations

from .blocks import BLOCKS
from .drawn_columns import as_drawn
from .run.record import crossbar
from .update.record import UPDATE

RECORDS = {system.kind: system for system in (crossbar(as_drawn), *BLOCKS, UPDATE)}
