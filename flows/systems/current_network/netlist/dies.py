"""Dies of a current-mode network in ngspice: each transistor with its drawn mismatch, between the wires as drawn.

They are measured as the solver's are, by the same procedure, and of one seed they are the same dies. Latches stand for
the levels that they store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.flows.systems.current_network.solver.devices import NetworkDevices
from analoom.flows.systems.current_network.solver.layer import REST_V
from analoom.flows.systems.current_network.solver.somas import UNITS
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.pdk.corners import VDD_V

from .drawn_shifts import DrawnShifts
from .network_lines import WrittenNetwork
from .sweep import Run, Sweep
from .wires import NetworkWires

Array = NDArray[np.float64]
FAST = ".option gmin=1e-12 abstol=1e-11 bypass=1"
"""Outputs of tens of nA are then right to a thousandth, and networks of thousands of devices converge; transistors
whose voltages stay are not computed again, which changes currents by a millionth."""


@dataclass(frozen=True)
class NgspiceDies:
    """`count` dies from `first` on of a network of `spec`, drawn in a `family` of mismatch models; `wires`: as drawn.

    Of one seed they are those of `CurrentDies` without places and wires.
    """

    spec: CurrentNetworkSpec
    wires: NetworkWires | None
    family: str
    count: int
    seed: int
    first: int = 0
    pin_v: float = REST_V

    @property
    def dims(self) -> tuple[int, ...]:
        """Inputs, neurons of hidden layers, outputs."""
        return tuple(self.spec.dims)

    @property
    def unit_current(self) -> float:
        """Of the spec, A."""
        return self.spec.unit_current

    @property
    def bias_a(self) -> float:
        """Current of a bias soma."""
        return UNITS * self.unit_current

    @cached_property
    def devices(self) -> NetworkDevices:
        """What its transistors are to the solver, at 27 degC, tt."""
        return NetworkDevices(self.spec.w, self.spec.l, self.family, "tt", TEMP_DEGC)

    def currents(self, codes: Sequence[NDArray[np.int64]], x: Array) -> Array:
        """Output currents (dies, points, outputs) A at input currents `x` (points, inputs) A; `codes`, for each layer
        (inputs + 1, outputs) of -7 to 7."""
        return self.activities([(codes, x)])[0][-1]

    def activities(self, runs: Sequence[Run]) -> list[list[Array]]:
        """For each run a list with its output currents (dies, points, outputs), A. Raises ToolError."""
        found = [self._die(self.first + k, Sweep(runs)) for k in range(self.count)]
        return [[np.array([die[k] for die in found])] for k in range(len(runs))]

    def _die(self, die: int, sweep: Sweep) -> list[Array]:
        """Output currents (points, outputs) of each run."""
        with circuit(self.deck(die, *sweep.lines())) as loaded:
            found = loaded.run(sweep.analysis)
        return sweep.by_run(np.array([found[f"v_out{j}#branch"] for j in range(self.dims[-1])]).T)

    def deck(self, die: int, *bench: str) -> str:
        """The circuit of a die with the lines of a bench: inputs `in<k>`, stored bits on nets of their own."""
        network = WrittenNetwork(self.spec, None, 0.0, self.wires)
        devices = list(network.devices())
        library = mismatch_library({size_of(device) for device in devices}, self.family, "given", bulk=False)
        shifted = DrawnShifts(self.spec, self.devices, self.seed, die).of(iter(devices))
        lines = [line_with_shifts(device, dict(shifts)) for device, shifts in shifted]
        wires = self.wires.resistors if self.wires else ()
        return deck(f"die {die}", f'.include "{library}"\n{FAST}', *lines, *wires, *self._held(), *bench)

    def _held(self) -> list[str]:
        """Supplies, biases and outputs."""
        outputs = range(self.dims[-1])
        biases = [f"i_bias{k} 0 bias{k} {self.bias_a!r}" for k, _ in enumerate(pairwise(self.dims))]
        held = [f"v_out{j} out{j} 0 {self.pin_v!r}" for j in outputs]
        saved = ".save " + " ".join(f"v_out{j}#branch" for j in outputs)
        return [f"v_vdd vdd 0 {VDD_V!r}", "v_vss vss 0 0", *biases, *held, saved]
