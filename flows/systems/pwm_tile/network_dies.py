"""Virtual dies of a network of tiles: pulses out of one tile are those into the next, by the solver of each.

The bias is the last row of a tile: a longest pulse every time. A tile is read out for the same time in every operation,
somewhat more than its longest pulse out takes, by the spec's `reach`; a pulse that would outlast it ends with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec

from .operation.program import USUAL, TileSettings, lasting_s
from .operation.weights import Ints
from .solver.dies import SOURCES, PulseDies
from .solver.forward import NOMINAL, Die, Solver
from .solver.ground import tile_ground

Array = NDArray[np.float64]
Codes = Sequence[NDArray[np.integer]]


def window_s(spec: PwmNetworkSpec, layer: int) -> float:
    """How long a tile of a network is read out for, s."""
    return lasting_s(spec.of_layer("reach", layer) * spec.longest_s, spec.comparator_current)


@dataclass(frozen=True)
class PwmNetworkDies:
    """`count` dies of a network with mismatch of a `family`, drawn with a `seed`, of `sources` only; without a family
    there is one die, as designed. Not `grounded`, the ground of no weight rises over its drawn wires."""

    spec: PwmNetworkSpec
    family: str | None = None
    count: int = 1
    seed: int = 1
    settings: TileSettings = USUAL
    sources: Collection[str] = SOURCES
    grounded: bool = True

    @cached_property
    def solvers(self) -> list[Solver]:
        """One a layer."""
        tiles = self.spec.layers
        return [Solver(tile, self.settings, ground=tile_ground(tile) if self.grounded else None) for tile in tiles]

    @cached_property
    def tiles(self) -> list[PulseDies]:
        """The dies of each layer; none as designed."""
        if self.family is None:
            return []
        seeds = np.random.SeedSequence(self.seed).generate_state(len(self.spec.layers))
        return [
            PulseDies(tile, self.family, self.count, int(seed), self.settings, self.sources)
            for tile, seed in zip(self.spec.layers, seeds, strict=True)
        ]

    def pulses(self, codes: Codes, pulses: Array) -> Array:
        """Pulses out of the last tile (dies, n, outputs) s, of `pulses` (n, inputs) s.

        `codes`: (inputs + 1, outputs) a layer, the same for all dies, or (dies, inputs + 1, outputs). Raises InputError
        where a column falls further than its weights can take it.
        """
        found = []
        for k in range(self.count):
            now = np.asarray(pulses, dtype=float)
            for layer, of_layer in enumerate(codes):
                own = of_layer[k] if of_layer.ndim > 2 else of_layer
                now = self.behind(layer, k, own.astype(np.int64), now)
            found.append(now)
        return np.array(found)

    def behind(self, layer: int, die: int, codes: Ints, pulses: Array) -> Array:
        """Pulses (n, outputs) s out of one tile of a die, of `pulses` (n, inputs) s: the bias is added here."""
        whole = np.hstack([pulses, np.full((len(pulses), 1), self.spec.longest_s)])
        found = self.solvers[layer].pulses(codes, whole, self._die(layer, die, codes))
        return np.minimum(found, window_s(self.spec, layer))

    def _die(self, layer: int, k: int, codes: Ints) -> Die:
        return self.tiles[layer].die(k, codes) if self.tiles else NOMINAL
