"""Where tiles of a network and the lanes between them lie, nm: the channel from y = 0 up, tiles above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import klayout.db as kdb

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.units import snap_up

from .network_nets import SHARED, hidden_net
from .network_spec import PwmNetworkSpec
from .pwm_tile import pwm_tile

PITCH_NM = 800
"""From lane to lane, and from upright to upright: a via on either has room."""
CLEAR_NM = 2000
"""Between tiles and what runs beside them, wells apart; and at both ends of the channel."""
LONGEST_NM = 160_000
"""Of met4 that the gate of a row may bear, a wire by the antenna rule beside the driver's drain, with room (175 um)."""
JUMP_NM, JUMP_ROOM_NM = 3000, 1400
"""Of a row that jumps over met5: from its upright to where it comes down, and from there to its tile."""
STRAP_NM = 1000
"""Width of a supply's strap."""


@dataclass(frozen=True)
class NetworkFloor:
    """Every coordinate of a network."""

    spec: PwmNetworkSpec

    @cached_property
    def tiles(self) -> tuple[Cell, ...]:
        """The tiles from the inputs on."""
        return tuple(pwm_tile(tile) for tile in self.spec.layers)

    @cached_property
    def straps(self) -> dict[str, tuple[int, int]]:
        """Lower and upper edge of the straps in the channel, by net; none where there is one tile."""
        found, y = {}, CLEAR_NM
        for net in SHARED if len(self.tiles) > 1 else ():
            width = STRAP_NM if net in (VDD, VSS) else LINE_NM
            found[net] = (y, y + width)
            y += width + PITCH_NM
        return found

    @property
    def _lanes_bottom(self) -> int:
        return snap_up(max((top for _, top in self.straps.values()), default=0) + PITCH_NM, CUT_GRID_NM)

    @cached_property
    def channel(self) -> int:
        """Height of the channel: where tiles begin."""
        most = max(self.spec.dims[1:-1], default=0)
        return snap_up(self._lanes_bottom + most * PITCH_NM + CLEAR_NM, CUT_GRID_NM)

    def lanes(self, layer: int) -> dict[str, int]:
        """Middles of the lanes of a layer's pulses out, by net; none for the last."""
        if layer >= len(self.tiles) - 1:
            return {}
        return {hidden_net(layer, j): self._lanes_bottom + j * PITCH_NM for j in range(self.spec.dims[layer + 1])}

    @staticmethod
    def lane_of(net: str) -> int:
        """The neuron of a net between layers."""
        return int(net.rpartition("_")[2])

    @staticmethod
    def is_row(pin: Pin) -> bool:
        """Whether a tile's pin is a pulse in."""
        return pin.name.startswith("in") and pin.name[2:].isdigit()

    @staticmethod
    def row_of(pin: Pin) -> int:
        """The row of a pulse in."""
        return int(pin.name[2:])

    @cached_property
    def jumps(self) -> bool:
        """Whether rows of later tiles come to them over met5: lanes so long would be an antenna to their gates, which
        so hang on them from met5 on alone."""
        both = zip(self.tiles[:-1], self.spec.layers[1:], strict=True)
        return any(tile.layout.bbox().width() + later.rows * PITCH_NM > LONGEST_NM for tile, later in both)

    @property
    def _beside(self) -> int:
        """From the last upright to its tile."""
        return JUMP_NM + JUMP_ROOM_NM if self.jumps else CLEAR_NM

    @cached_property
    def _lefts(self) -> tuple[int, ...]:
        """Left edges of the tiles."""
        found = [0]
        for k, tile in enumerate(self.tiles[:-1]):
            room = CLEAR_NM + self._beside + self.spec.layers[k + 1].rows * PITCH_NM
            found.append(snap_up(found[-1] + tile.layout.bbox().width(), CUT_GRID_NM) + snap_up(room, CUT_GRID_NM))
        return tuple(found)

    def jump_x(self, layer: int) -> int:
        """Where rows that jump come down from met5, left of their tile."""
        return (self._lefts[layer] - JUMP_ROOM_NM) // CUT_GRID_NM * CUT_GRID_NM

    def upright_x(self, layer: int, row: int) -> int:
        """Middle of the upright, left of a tile, of one of its rows."""
        count = self.spec.dims[layer] + 1
        return (self._lefts[layer] - self._beside - (count - 1 - row) * PITCH_NM) // CUT_GRID_NM * CUT_GRID_NM

    def place(self, layer: int) -> kdb.Trans:
        """Where a tile's origin lies."""
        box = self.tiles[layer].layout.bbox()
        return kdb.Trans(self._lefts[layer] - box.left, self.channel - box.bottom)

    def top(self, layer: int) -> int:
        """The upper edge of a tile."""
        return self.channel + self.tiles[layer].layout.bbox().height()

    def pin_box(self, layer: int, pin: Pin) -> Box:
        """A pin of a tile where it lies in the network."""
        return pin.box.transformed(self.place(layer))

    def leads(self, net: str) -> list[Box]:
        """The pins of a net that all tiles have, tile by tile."""
        found = [[self.pin_box(k, pin) for pin in tile.pins if pin.name == net] for k, tile in enumerate(self.tiles)]
        return [of_tile[0] for of_tile in found]
