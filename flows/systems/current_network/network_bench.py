"""The bench of a network: what a decision takes in time and energy, with random weights and inputs of a seed.

Inputs step from one vector to the next. A decision is made when the largest output no longer changes, of the steps that
change it, and has settled when all outputs stay near their ends; its energy is that of the supply until then, and one
multiply-accumulate a weight, biases not counted, is one operation. Source of these definitions: J. Binas et al., arXiv
1606.07786, and the authors' code (github jbinas/adnn, analysis.py). Latches and drivers are left out; wires are a
capacitance a synapse, or in the post view the drawn ones, resistances and capacitances between all terminals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.current_mode.circuits import MOST_CODE
from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut, View
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.pdk.corners import VDD_V, Corner
from analoom.pdk.errors import InputError

from .netlist.network_lines import WrittenNetwork
from .netlist.wires import SIMPLER, drawn_wires
from .settings import TimedSettings, soma_current_a
from .solver.somas import UNITS
from .unit_lines import SUPPLIES

Array = NDArray[np.float64]
MOST_DEVICES = 4000
"""Transistors of a network that a transient is run of."""
HOLD_S_A, POINTS, EDGE_S = 1e-12, 250, 1e-9
"""How long an input is held by 1/current, s A, in how many points at least, and how long it takes to step."""
SPREAD = 3.0
LEFT_OUT = "latches and drivers are left out"


class Settings(TimedSettings):
    """What is written and given to a network."""

    steps: int = Field(3, ge=1, le=100, description="steps of the inputs, of which decisions are taken")
    seed: int = Field(1, ge=0, description="seed of weights and inputs")
    c_tap: float = Field(
        3.5e-15,
        ge=0,
        le=1e-12,
        description="wire capacitance a synapse on each of its lines (3.5 fF as in Binas et al.)",
        json_schema_extra={"unit": "F"},
    )


@dataclass(frozen=True)
class Run:
    """Times (points,) s, outputs (points, outputs) and the supply's current (points,) A, and when inputs step."""

    time: Array
    outputs: Array
    supply: Array
    steps: Array

    def parts(self) -> Iterator[tuple[Array, Array, Array]]:
        """Time from each step, outputs and supply until the next."""
        for start, end in pairwise([*self.steps, self.time[-1]]):
            inside = (self.time >= start) & (self.time <= end)
            yield self.time[inside] - start, self.outputs[inside], self.supply[inside]


def solve(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Settings, weights: Array | None
) -> Measured:
    """All metrics. Raises InputError for a network too large for a transient."""
    network = _network(cell, view, corner, settings)
    spec = network.spec
    run = _run(network, corner, temp_degc, settings, soma_current_a(cell, settings))
    macs = sum(n * m for n, m in pairwise(spec.dims))
    decided = [_decision(*part) for part in run.parts()]
    t_settled, e_settled = np.mean([_settled(*part, settings.settled) for part in run.parts()], axis=0)
    found = {
        "network_settling": Metric(float(t_settled), "s"),
        "power": Metric(VDD_V * float(np.trapezoid(run.supply, run.time) / run.time[-1]), "W"),
        "top_per_j_settled": Metric(macs / float(e_settled) / 1e12, "TOp/J"),
        "macs": Metric(macs, ""),
    }
    if changed := [part for part in decided if part[1] > 0]:
        t_decided, e_decided = np.mean(changed, axis=0)
        found |= {"decision": Metric(float(t_decided), "s"), "energy": Metric(float(e_decided), "J")}
        found["top_per_j"] = Metric(macs / float(e_decided) / 1e12, "TOp/J")
    courses = {f"out{k}": Curve(run.time, i, "time (s)", f"current of out{k} (A)") for k, i in enumerate(run.outputs.T)}
    return Measured(found, courses, notes=(LEFT_OUT, *((SIMPLER,) if network.wires else ())))


def measure(dut: Dut, settings: Settings, weights: Array | None) -> Measured:
    """The same for a schematic that is given as a netlist."""
    return solve(dut.cell, dut.view, dut.corner, dut.temp_degc, settings, weights)


def without_latches(cell: Cell) -> bool:
    """Every network is measured without its latches, not as it stands."""
    return isinstance(cell.spec, CurrentNetworkSpec)


def _network(cell: Cell, view: View, corner: Corner, settings: Settings) -> WrittenNetwork:
    """The network with its weights; in the post view with its drawn wires."""
    if not isinstance(cell.spec, CurrentNetworkSpec):
        raise InputError(f"{cell.name} is no network of currents", field="name")
    rng = np.random.default_rng([settings.seed, 0])
    found = WrittenNetwork(cell.spec, [random_codes(rng, k.rows, k.cols) for k in cell.spec.layers], settings.c_tap)
    if (count := found.transistors) > MOST_DEVICES:
        remedy = "CurrentDies, which solves it at rest"
        raise InputError(f"{count} transistors: a transient has at most {MOST_DEVICES}", field="dims", remedy=remedy)
    return found if view == "schematic" else replace(found, wires=drawn_wires(cell, corner.wires))


def random_codes(rng: np.random.Generator, rows: int, cols: int) -> NDArray[np.int64]:
    """Random codes that outputs have nothing in common of, so that which one is the largest depends on the inputs."""
    drawn = rng.normal(0, SPREAD, (rows, cols))
    return np.rint(drawn - drawn.mean(axis=0)).clip(-MOST_CODE, MOST_CODE).astype(np.int64)


def _run(network: WrittenNetwork, corner: Corner, temp_degc: float, settings: Settings, full: float) -> Run:
    rng, hold = np.random.default_rng([settings.seed, 1]), HOLD_S_A / full
    dims = network.spec.dims
    x = rng.uniform(0, full, (settings.steps + 1, dims[0]))
    steps: Array = hold / 10 + hold * np.arange(settings.steps, dtype=np.float64)
    held = [f"v_out{k} out{k} 0 {settings.v_pin!r}" for k in range(dims[-1])]
    biases = [f"i_bias{k} 0 bias{k} {UNITS * network.spec.unit_current!r}" for k in range(len(dims) - 1)]
    inputs = [f"i_in{k} 0 in{k} {_stairs(x[:, k], steps)}" for k in range(dims[0])]
    saved = " ".join(["v_vdd#branch", *(f"v_out{k}#branch" for k in range(dims[-1]))])
    lines = [*SUPPLIES, *held, *biases, *inputs, f".save {saved}"]
    with circuit(network.deck(corner, temp_degc, *lines)) as loaded:
        found = loaded.run(f"tran {hold / POINTS!r} {float(steps[-1] + hold)!r}")
    outputs = np.array([found[f"v_out{k}#branch"] for k in range(dims[-1])]).T
    return Run(found["time"], outputs, -found["v_vdd#branch"], steps)


def _stairs(values: Array, steps: Array) -> str:
    """A source that steps from value to value."""
    points = [(0.0, values[0])]
    for at, (before, after) in zip(steps, pairwise(values), strict=True):
        points += [(at, before), (at + EDGE_S, after)]
    told = " ".join(f"{float(t)!r} {float(v)!r}" for t, v in points)
    return f"dc {float(values[0])!r} pwl({told})"


def _decision(time: Array, outputs: Array, supply: Array) -> tuple[float, float]:
    """When the largest output last changed (s), and the energy until then (J)."""
    largest = outputs.argmax(axis=1)
    return _until(time, supply, largest != largest[-1])


def _settled(time: Array, outputs: Array, supply: Array, within: float) -> tuple[float, float]:
    """When every output stays within a part of the largest step of its end (s), and the energy until then (J)."""
    off = np.abs(outputs - outputs[-1]).max(axis=1)
    return _until(time, supply, off > within * np.abs(outputs[0] - outputs[-1]).max())


def _until(time: Array, supply: Array, late: NDArray[np.bool_]) -> tuple[float, float]:
    """The last time that something is so (s), and the energy until then (J)."""
    end = int(np.flatnonzero(late).max(initial=-1)) + 1
    if end == 0:
        return 0.0, 0.0
    return float(time[min(end, len(time) - 1)]), VDD_V * float(np.trapezoid(supply[: end + 1], time[: end + 1]))
