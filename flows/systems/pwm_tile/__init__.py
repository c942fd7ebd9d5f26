"""Tiles of pulses: benches, dies, and a solver that takes pulses in to pulses out.

A column's charge is a sum of currents times lengths of pulses; a ramp and a comparator make a pulse of it again.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .solver.dies import PulseDies
    from .solver.forward import forward
    from .solver.ground import tile_ground
else:
    __getattr__, __dir__ = doors(
        __name__, {".solver.dies": "PulseDies", ".solver.forward": "forward", ".solver.ground": "tile_ground"}
    )

__all__ = ["PulseDies", "forward", "tile_ground"]
