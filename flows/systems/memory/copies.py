"""Many latches in one netlist, each with random parameters of its own, all measured at once.

A node is forced by a switch, so that both halves' curves, held and read, and the ramps of a write are of the same
latch: ngspice draws its parameters once, as the circuit is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import Loaded, circuit, deck
from analoom.flows.statistics.mismatch_library import State, line_with_shifts, mismatch_library
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC

from .butterfly import Half, lobes
from .ramp import levels_at, ramp_analysis, ramps
from .settings import ACCURATE

SHARED = ("wl", "bl", "blb", "vdd", "vss")
STEPS = 90
FORCE = ".model force sw vt=0.5 vh=0 ron=1 roff=1e15"
METRICS = ("hold_margin", "read_margin", "write_margin")

Array = NDArray[np.float64]
Shifts = Mapping[str, Mapping[str, float]]
"""By transistor: random parameters by name, in their own units."""


@dataclass(frozen=True)
class Copies:
    """A latch, the family of models and the supply (V) of its copies."""

    latch: Cell
    model: str
    vdd_v: float

    def given(self, shifts: Sequence[Shifts]) -> dict[str, Array]:
        """Margins (copies, 2) V of a stored or written 1 and 0, of copies whose parameters are shifted."""
        lines = [line for k, shift in enumerate(shifts) for line in self._shifted(k, shift)]
        return self._measured(len(shifts), "given", lines)

    def drawn(self, count: int) -> dict[str, Array]:
        """The same of `count` copies whose parameters the model files draw, by ngspice's present seed."""
        lines = [with_variants(device.spice()) for k in range(count) for device in self._devices(k)]
        return self._measured(count, "drawn", lines)

    def _measured(self, count: int, state: State, lines: Sequence[str]) -> dict[str, Array]:
        library = mismatch_library(sizes_of(self.latch.circuit), self.model, state)
        bench = [*self._sources(), *(line for k in range(count) for line in self._forced(k))]
        text = deck("latches", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines, *bench, ACCURATE)
        with circuit(text) as loaded:
            held, read = (self._butterflies(loaded, count, word) for word in (0.0, self.vdd_v))
            found = loaded.run(ramp_analysis())
        zero_one = [levels_at(found, f"q_{k}", f"qb_{k}") for k in range(count)]
        return dict(zip(METRICS, (held, read, np.array(zero_one)[:, ::-1]), strict=True))

    def _butterflies(self, loaded: Loaded, count: int, word_v: float) -> Array:
        """Both lobes (copies, 2) V; leaves the word line high and nothing forced."""
        loaded.set("v_wl", word_v)
        found = {}
        for forced, seen in (("qb", "q"), ("q", "qb")):
            loaded.set(f"v_on_{forced}", 1.0)
            found[seen] = loaded.run(f"dc v_drive 0 {self.vdd_v * (1 + 0.1 / STEPS)!r} {self.vdd_v / STEPS!r}")
            loaded.set(f"v_on_{forced}", 0.0)
        forced_v = found["q"]["v-sweep"]
        halves = [[Half(forced_v, found[net][f"{net}_{k}"]) for net in ("q", "qb")] for k in range(count)]
        return np.array([lobes(*pair) for pair in halves])

    def _sources(self) -> list[str]:
        v = self.vdd_v
        held = [f"v_vdd vdd 0 {v!r}", "v_vss vss 0 0", "v_wl wl 0 0", *ramps(v)]
        return [*held, "v_drive drive 0 0", "v_on_q on_q 0 0", "v_on_qb on_qb 0 0", FORCE, ".save bl blb"]

    def _forced(self, k: int) -> Iterator[str]:
        for net in ("q", "qb"):
            yield f"s_{net}_{k} {net}_{k} drive on_{net} 0 force"
        yield f".save q_{k} qb_{k}"
        yield f".ic v(q_{k})={self.vdd_v!r} v(qb_{k})=0"

    def _devices(self, k: int) -> Iterator[Mos]:
        for device in self.latch.circuit.devices:
            if isinstance(device, Mos):
                nets = {t: net if net in SHARED else f"{net}_{k}" for t, net in device.nets.items()}
                yield replace(device, name=f"{device.name}_{k}", nets=nets)

    def _shifted(self, k: int, shift: Shifts) -> Iterator[str]:
        for device in self._devices(k):
            yield line_with_shifts(device, dict(shift.get(device.name.removesuffix(f"_{k}"), {})))
