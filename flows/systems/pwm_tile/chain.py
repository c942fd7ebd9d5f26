"""Two tiles one behind the other: pulses out of the first are pulses into the second.

In ngspice both stand in one netlist: the second takes its pulses while the first is read out. What every pulse is
longer by goes on with it: the second tile counts it once a row, which training has to know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.strip.gates import VDD, VSS
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError

from .operation.analog import SHUNT, held_bits, without_memory
from .operation.program import GAP_S, USUAL, Program, TileSettings, read_s
from .operation.transient import FAST, LONGEST_S, STEP_S, columns_before, lengths
from .operation.weights import Ints
from .solver.forward import forward

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """Two tiles with their weights (rows, cols): as many columns of the first as rows of the second.

    Raises InputError where these differ.
    """

    specs: tuple[PwmTileSpec, PwmTileSpec]
    codes: tuple[Ints, Ints]
    settings: TileSettings = USUAL

    def __post_init__(self) -> None:
        if self.codes[0].shape[1] != self.codes[1].shape[0]:
            said = f"{self.codes[0].shape[1]} columns before {self.codes[1].shape[0]} rows: must be as many"
            raise InputError(said, field="codes", remedy=f"rows={self.codes[0].shape[1]} of the second tile")

    def forward(self, pulses: Array) -> tuple[Array, Array]:
        """Pulses out of both tiles, (n, cols) s, for `pulses` (n, rows) s, by the solver.

        Raises InputError for a pulse between the tiles that is longer than the second takes.
        """
        between = forward(self.specs[0], self.codes[0], pulses, None, self.settings)
        return between, forward(self.specs[1], self.codes[1], between, None, self.settings)

    def in_ngspice(self, duts: tuple[Dut, Dut], pulses: Array) -> tuple[Array, Array]:
        """The same of one operation, `pulses` (1, rows) s, of both tiles as netlists: (1, cols) s each."""
        first, second = (without_memory(dut) for dut in duts)
        one, two = self._programs(pulses)
        lines = [*one.sources(), *self._within(first, one, 0)]
        behind = [*two.sources(), *self._within(second, two, 1)]
        nets = frozenset(second.ports) - {VDD, VSS}
        lines += [named for line in behind if (named := _behind(line, nets))]
        instance = " ".join(["xb", *(_of_second(port, nets) for port in second.ports), second.name])
        saved = [f"v({net}{j})" for net, p in (("out", one), ("b_out", two)) for j in range(p.spec.cols)]
        models = _models(duts)
        text = dict.fromkeys(with_flat_lines(dut.text, bulk=False) for dut in (first, second))
        parts = (models, *text, first.instance(), instance, FAST, SHUNT, *lines, ".save " + " ".join(saved))
        with circuit(deck("two tiles", *parts)) as loaded:
            found = loaded.run(f"tran {STEP_S!r} {two.end_s!r} 0 {LONGEST_S!r}")
        outs = [[lengths(found, one, f"out{j}")] for j in range(one.spec.cols)]
        ends = [[lengths(found, two, f"b_out{j}")] for j in range(two.spec.cols)]
        return np.array(outs)[:, 0].T, np.array(ends)[:, 0].T

    def _programs(self, pulses: Array) -> tuple[Program, Program]:
        """Of both tiles: the second takes pulses from when the first is read out."""
        one = Program(self.specs[0], self.settings, pulses, read_s(self.specs[0], self.codes[0], pulses))
        longest = np.full((1, len(self.codes[1])), one.read_s)
        between = self.forward(pulses)[0]
        two = Program(self.specs[1], self.settings, longest, read_s(self.specs[1], self.codes[1], between))
        return one, replace(two, delay_s=max(one.ramp_s - two.start_s - GAP_S, 0.0))

    def _within(self, dut: Dut, program: Program, which: int) -> Iterator[str]:
        """Bits and first voltages inside a tile."""
        for name, node, level in held_bits(dut, self.codes[which], program.settings.vdd):
            yield f"v_{name} {node} 0 {level!r}"
        yield from columns_before(program, dut.inner)


def _models(duts: tuple[Dut, Dut]) -> str:
    sizes = {size for dut in duts for size in sizes_of(dut.cell.circuit)}
    library = trimmed_library(sizes, duts[0].corner)
    return f'.include "{library}"\n{flat_parameters(sorted(sizes))}\n.temp {duts[0].temp_degc:g}'


def _of_second(net: str, nets: Collection[str]) -> str:
    """What a net of the second tile is called: its inputs are the outputs of the first."""
    if net.startswith("in") and net[2:].isdigit():
        return f"out{net[2:]}"
    return f"b_{net}" if net in nets else net


def _behind(line: str, nets: Collection[str]) -> str:
    """A line of the second bench in the common netlist; nothing for what the first drives or has, nor supplies."""
    name, *words = line.replace("xdut.", "xb.").split()
    driven = name.removeprefix("v_")
    if driven in (VDD, VSS) or (driven.startswith("in") and driven[2:].isdigit()):
        return ""
    if name == ".model":
        return ""
    if name.startswith("."):
        return " ".join([name, *words])
    return " ".join([f"{name}_b", *(_of_second(word, nets) for word in words[:2]), *words[2:]])
