"""A training run of a network in ngspice, and what is told of it: all is judged in epochs without teaching.

While it is taught an output tracks the target of the present row, so that an error read then says nothing of what the
weights hold; in a test `teach` is off and `learn` low. The verdict is that of the last epoch of a hold. Outputs are
read at the end of each row; a row is right when its outputs are on their sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Circuit
from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.generators.backprop.circuits import network_circuit, sides, weights
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.corners import Corner, corner

from .feeding import check_fed
from .training_lines import LONGEST_A_ROW, STEPS_A_ROW, Rows, sources, start_v, table_rows, taught
from .training_settings import TrainingSettings

Array = NDArray[np.float64]
READ_AT = 0.97
"""When in a row outputs are read."""


class Loadable(Protocol):
    """A network that sources can be put around, at a temperature."""

    @property
    def temp_degc(self) -> float: ...

    def deck(self, *lines: str) -> str:
        """The circuit to load."""
        ...


@dataclass(frozen=True)
class Netlist:
    """A network as it is simulated: its subcircuit's text, name and ports, models, and the names of nets inside."""

    text: str
    name: str
    ports: tuple[str, ...]
    library: Path
    parameters: str
    temp_degc: float = 27.0

    @classmethod
    def of(cls, net: Circuit, at: Corner, temp_degc: float = 27.0) -> Netlist:
        """A network's own circuit."""
        sizes = sizes_of(net)
        library = trimmed_library(sizes, at)
        return cls(with_flat_lines(net.spice()), net.name, net.ports, library, flat_parameters(sizes), temp_degc)

    def deck(self, *lines: str) -> str:
        """The circuit to load, the network as `xdut`."""
        placed = "\n".join(["xdut", *(f"+ {port}" for port in self.ports), f"+ {self.name}"])
        models = f'.include "{self.library}"\n{self.parameters}\n.temp {self.temp_degc:g}'
        return deck(f"{self.name} learns", models, self.text, placed, *lines)


@dataclass(frozen=True)
class Trained:
    """A run: times (points,) s, outputs (outputs, points) V, weights (weights, points) V, supply (points,) A.

    `data` is what was shown, where that is not the settings' truth table.
    """

    spec: BackpropNetworkSpec
    settings: TrainingSettings
    time: Array
    outputs: Array
    weights: Array
    supply: Array
    data: Rows | None = None

    @cached_property
    def shown(self) -> Rows:
        """The rows, in their order."""
        return self.data or table_rows(self.spec, self.settings)

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.shown.x)

    @property
    def epoch_s(self) -> float:
        """Time of an epoch."""
        return self.rows * self.settings.t_row

    @cached_property
    def tests(self) -> list[int]:
        """The epochs that are tests, and the last of the hold."""
        during = [k for k, bit in enumerate(taught(self.settings)[: self.settings.epochs]) if not bit]
        return [*during, self.settings.in_all - 1]

    @cached_property
    def read(self) -> Array:
        """Outputs at the ends of the rows of each test, (tests, outputs, rows) V."""
        return self.read_in(self.tests)

    def read_in(self, epochs: Iterable[int]) -> Array:
        """Outputs at the ends of the rows of some epochs, (epochs, outputs, rows) V."""
        row = self.settings.t_row * (np.arange(self.rows) + READ_AT)
        return np.array([[np.interp(k * self.epoch_s + row, self.time, y) for y in self.outputs] for k in epochs])

    @cached_property
    def signs(self) -> Array:
        """Which side each output is to be on, (outputs, rows), 1 or -1."""
        return self.shown.sides.T

    @cached_property
    def margins(self) -> Array:
        """How far each row's least certain output is on its side, (tests, rows) V."""
        return np.asarray((self.read * self.signs).min(axis=1))

    @property
    def mse(self) -> Array:
        """Mean square of outputs from targets by the distance of the two targets, (tests,)."""
        distance = 2 * self.settings.v_target
        return np.asarray(np.mean((self.read - self.signs * distance / 2) ** 2, axis=(1, 2)) / distance**2)

    @property
    def rows_right(self) -> int:
        """Rows on their side at the end of the hold."""
        return int((self.margins[-1] > 0).sum())

    @property
    def learned_at(self) -> int | None:
        """The number of epochs after which every test has all rows right by the margin asked; None where none has."""
        good = np.all(self.margins > self.settings.margin, axis=1)
        if not good[-1]:
            return None
        bad = np.flatnonzero(~good)
        return min(self.tests[int(bad[-1]) + 1 if len(bad) else 0] + 1, self.settings.epochs)

    @property
    def power_w(self) -> float:
        """Mean power from the supply."""
        mean = float(np.trapezoid(self.supply, self.time) / (self.time[-1] - self.time[0]))
        return self.settings.vdd * mean

    @property
    def hold_v_s(self) -> float:
        """How fast the weight that moves most moves in the last epoch of the hold, V/s."""
        start, end = self.time[-1] - self.epoch_s, self.time[-1]
        moved = [np.interp(end, self.time, w) - np.interp(start, self.time, w) for w in self.weights]
        return float(np.abs(moved).max() / (end - start))

    def metrics(self) -> dict[str, Metric]:
        """What the bench tells."""
        found = {
            "rows_right": Metric(self.rows_right, ""),
            "margin": Metric(float(self.margins[-1].min()), "V"),
            "test_mse": Metric(float(self.mse[-1]), ""),
            "weight_span": Metric(float(np.abs(self.weights[:, -1] - self.settings.v_w).max()), "V"),
            "hold": Metric(self.hold_v_s, "V/s"),
            "train_power": Metric(self.power_w, "W"),
        }
        if (epochs := self.learned_at) is not None:
            time = epochs * self.epoch_s
            found["epochs_to_learn"] = Metric(epochs, "")
            found["time_to_learn"] = Metric(time, "s")
            found["energy_to_learn"] = Metric(time * self.power_w, "J")
        return found

    def curves(self) -> dict[str, Curve]:
        """Outputs and weights over time, error and margin by test."""
        found = {f"y{j}": Curve(self.time, y, "time (s)", f"output {j} (V)") for j, y in enumerate(self.outputs)}
        for name, w in zip(weights(self.spec), self.weights, strict=True):
            found[name] = Curve(self.time, w, "time (s)", f"weight {name.removeprefix('w_')} (V)")
        epochs = np.array(self.tests, float) + 1
        found["test_error"] = Curve(epochs, self.mse, "epoch", "mean square error of the test")
        found["test_margin"] = Curve(epochs, self.margins.min(axis=1), "epoch", "margin of the test (V)")
        return found


def trained(
    spec: BackpropNetworkSpec,
    settings: TrainingSettings,
    netlist: Loadable | None = None,
    inner: str = "xdut.{}",
    data: Rows | None = None,
) -> Trained:
    """Trains a network; `netlist` stands for its own circuit, `inner` says how ngspice calls a net inside.

    Shown are the rows of the settings' truth table, or `data`. Raises SpecError for rows too short and a current at
    which neurons starve, InputError for a table or data of another size.
    """
    settings.check_row(spec)
    shown = (data or table_rows(spec, settings)).checked(spec)
    check_fed(spec, settings)
    netlist = netlist or Netlist.of(network_circuit(spec, "network"), corner("tt"))
    settings = settings.at(netlist.temp_degc)
    found = _run(spec, settings, netlist, inner, shown, taught(settings), start_v(spec, settings))
    return Trained(spec, settings, *found, data)


def answers(run: Trained, data: Rows, netlist: Loadable | None = None, inner: str = "xdut.{}") -> Array:
    """What a trained network says to rows that it may not have seen, (rows, outputs) V: `learn` and `teach` are off.

    Raises InputError for data of another size.
    """
    netlist = netlist or Netlist.of(network_circuit(run.spec, "network"), corner("tt"))
    shown = data.checked(run.spec)
    time, y, *_ = _run(run.spec, run.settings, netlist, inner, shown, [0], run.weights[:, -1])
    read_s = run.settings.t_row * (np.arange(len(shown.x)) + READ_AT)
    return np.array([np.interp(read_s, time, one) for one in y]).T


def _run(
    spec: BackpropNetworkSpec,
    settings: TrainingSettings,
    netlist: Loadable,
    inner: str,
    data: Rows,
    epochs: Sequence[int],
    start: Array,
) -> tuple[Array, Array, Array, Array]:
    """Times, outputs, weights and supply current of epochs each taught (1) or not, from weights `start` (V)."""
    nets = [inner.format(net) for net in weights(spec)]
    lines = [*sources(spec, settings, data, epochs)]
    lines += [f".ic v({net})={float(v)!r}" for net, v in zip(nets, start, strict=True)]
    outputs = [sides(f"y{j}") for j in range(spec.outputs)]
    saved = " ".join([*(f"v({net})" for pair in outputs for net in pair), *(f"v({net})" for net in nets)])
    lines.append(f".save {saved} v_vdd#branch")
    end = len(epochs) * len(data.x) * settings.t_row
    step, longest = settings.t_row / STEPS_A_ROW, settings.t_row / LONGEST_A_ROW
    with circuit(netlist.deck(*lines)) as loaded:
        found = loaded.run(f"tran {step!r} {end!r} 0 {longest!r}")
    y = np.array([found[p] - found[n] for p, n in outputs])
    return found["time"], y, np.array([found[net] for net in nets]), -found["v_vdd#branch"]
