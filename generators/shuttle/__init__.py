"""Whole tiles of a shuttle: a macro in the shuttle's frame of pins and supplies, wired to them.

`tiny_tapeout_tile` draws one for Tiny Tapeout.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .plan import TilePlan
    from .tile import Tile, tiny_tapeout_tile
else:
    __getattr__, __dir__ = doors(__name__, {".plan": "TilePlan", ".tile": "Tile tiny_tapeout_tile"})

__all__ = ["Tile", "TilePlan", "tiny_tapeout_tile"]
