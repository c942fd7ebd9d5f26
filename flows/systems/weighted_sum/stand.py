"""What stands around a weighted sum: supplies, bias, the middle, the reference, inputs counted from it, and a load."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.amplifier.phases import Phases
from analoom.generators.weighted_sum.network import MID, MU_V, OUT, REFERENCE
from analoom.generators.weighted_sum.spec import WeightedSumSpec
from analoom.pdk.errors import InputError

from .settings import Settings

TIGHT = ".option reltol=1e-6 vntol=1e-9 abstol=1e-15"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stand:
    """A sum in its surroundings."""

    dut: Dut
    settings: Settings

    @property
    def spec(self) -> WeightedSumSpec:
        """What the cell was drawn from. Raises InputError for another cell."""
        return spec_of(self.dut.cell)

    @property
    def moving(self) -> Stand:
        """The same around what stands for the sum where capacitances act."""
        return replace(self, dut=self.dut.transient or self.dut)

    def around(self) -> list[str]:
        """Supplies, bias, middle, reference and load."""
        s = self.settings
        bias_a = self.spec.i_bias * len(self.spec.network.stages)
        lines = [TIGHT, f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"i_bias vdd bias {bias_a!r}"]
        reference = [f"v_{REFERENCE} {REFERENCE} {MID} {self.spec.reference * MU_V!r}"] if self.spec.constant else []
        return [*lines, f"v_{MID} {MID} 0 {s.v_mid!r}", *reference, f"c_load {OUT} 0 {s.c_load!r}"]

    @property
    def phases(self) -> Phases:
        """Those of auto-zeroed amplifiers."""
        return Phases(self.dut, self.settings.vdd, tuple(stage.name for stage in self.spec.network.stages))

    def bare(self) -> list[str]:
        """All of it but phases, with a source on each input, 0 from the middle."""
        return [*self.around(), *(f"v_{net} {net} {MID} 0" for net in inputs(self.spec))]

    def lines(self) -> list[str]:
        """All of it; auto-zeroed amplifiers run on the offsets that they hold."""
        return [*self.bare(), *(self.phases.running(self.bare()) if self.phases.there else ())]

    def deck(self) -> str:
        """The circuit of it."""
        return self.dut.deck(*self.lines())

    def outputs_mu(self, points: Array) -> tuple[Array, float]:
        """The output at `points` (points, inputs) MU, (points,) MU, and the supply current at the first, A."""
        out, nets, supply_a = [], inputs(self.spec), 0.0
        with circuit(self.deck()) as loaded:
            for k, point in enumerate(points):
                for net, value in zip(nets, point, strict=True):
                    loaded.set(f"v_{net}", value * MU_V)
                op = loaded.op()
                out.append((op[OUT] - self.settings.v_mid) / MU_V)
                supply_a = supply_a if k else -op["v_vdd#branch"]
        return np.array(out), float(supply_a)


def spec_of(cell: Cell) -> WeightedSumSpec:
    """The spec of a weighted sum. Raises InputError for another cell."""
    if not isinstance(cell.spec, WeightedSumSpec):
        raise InputError(f"{cell.name} is no weighted sum: its spec tells no coefficients", field="name")
    return cell.spec


def inputs(spec: WeightedSumSpec) -> list[str]:
    """The nets of the inputs."""
    return [f"in{k}" for k in range(1, len(spec.coefficients) + 1)]


def corners(spec: WeightedSumSpec) -> Array:
    """All inputs at an end of their range, in every way, (2^inputs, inputs) MU."""
    ends = (-spec.input_range, spec.input_range)
    return np.array(list(product(*[ends] * len(spec.coefficients))))


def ends(spec: WeightedSumSpec) -> Array:
    """Nothing, then each input alone at its lower and its upper end, (1 + 2 inputs, inputs) MU."""
    one = np.eye(len(spec.coefficients)) * spec.input_range
    return np.concatenate([np.zeros((1, len(one))), *(np.stack([-row, row]) for row in one)])


def wanted(spec: WeightedSumSpec, points: Array) -> Array:
    """What the sum should be at `points` (points, inputs) MU, (points,) MU."""
    return np.asarray(points @ np.array(spec.coefficients) + spec.constant)


def by_units(spec: WeightedSumSpec, points: Array) -> Array:
    """What its whole units would make of it with amplifiers without fault, (points,) MU."""
    made = spec.network.coefficients([net for net, _ in spec.terms])
    known = dict(zip((net for net, _ in spec.terms), made, strict=True))
    return np.asarray(points @ made[: points.shape[1]] + spec.reference * known.get(REFERENCE, 0.0))
