"""What the latches of a drawn network hold after its bits were shifted in and written, row by row, in ngspice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analoom.cells.current_mode.circuits import BITS, bit_node
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.generators.current_network.write_order import WeightBit
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .drawn_devices import DrawnDevices
from .write_program import PHASE_S, WriteProgram

QUICK = ".option method=gear reltol=1e-3 chgtol=1e-16 abstol=1e-11 gmin=1e-12"
MOST_FROM_RAIL_V = 0.2
"""A bit that is farther from both rails is held by nothing."""


def written_bits(
    dut: Dut, words: Sequence[tuple[int, str]], at_first: Mapping[WeightBit, int]
) -> dict[WeightBit, int | None]:
    """What each latch holds after `words` (row, and bits of 0 and 1 in the order in which they go in); None for one
    that is between the rails.

    `at_first`: what latches hold before; 0 where nothing is said. Raises InputError for a cell that is no network, and
    ToolError.
    """
    spec = dut.cell.spec
    if not isinstance(spec, CurrentNetworkSpec):
        raise InputError(f"{dut.cell.name} is no network of currents", field="name")
    nets, program = latch_nets(dut), WriteProgram(spec, words)
    outer = (f"v_{net} {net} 0 0" for net in dut.ports if net.startswith(("in", "bias", "out")))
    saved = ".save " + " ".join(nets.values())
    bench = [*program.sources(), *outer, _start(dut, nets, at_first), saved, QUICK]
    with circuit(dut.deck(*bench, bulk=False)) as loaded:
        found = loaded.run(f"tran {PHASE_S / 20!r} {program.end_s!r} 0 {PHASE_S / 8!r} uic")
    return {place: _bit(float(found[net][-1])) for place, net in nets.items()}


def latch_nets(dut: Dut) -> dict[WeightBit, str]:
    """ngspice's name of the node of each stored bit."""
    found = {}
    for path, (layer, weight) in DrawnDevices.of(dut.cell).names.items():
        if weight.startswith("w"):
            row, column = map(int, weight[1:].split("_"))
            for bit in BITS:
                place = WeightBit(int(layer.removeprefix("layer")), column, row, bit)
                found[place] = dut.inner(".".join((*path, bit_node(bit))))
    return found


def _start(dut: Dut, nets: Mapping[WeightBit, str], at_first: Mapping[WeightBit, int]) -> str:
    """Levels at the start: latches, the register with zeros, lines charged."""
    levels = dict(_register(dut))
    for place, net in nets.items():
        high = at_first.get(place, 0)
        levels |= {net: VDD_V * high, f"{net}b": VDD_V * (1 - high)}
    return ".ic " + " ".join(f"v({net})={level!r}" for net, level in levels.items())


def _register(dut: Dut) -> Iterator[tuple[str, float]]:
    for instance in dut.cell.instances:
        if instance.name.startswith("column"):
            yield from (
                (dut.inner(f"{instance.name}.{net}"), VDD_V * high) for net, high in (("m", 0), ("mb", 1), ("s", 1))
            )
            for net in (instance.nets[port] for port in ("q", "bl", "blb")):
                yield (net if net in dut.ports else dut.inner(net)), VDD_V * net.startswith("l")


def _bit(level_v: float) -> int | None:
    if min(abs(level_v), abs(VDD_V - level_v)) > MOST_FROM_RAIL_V:
        return None
    return int(level_v > VDD_V / 2)
