"""A weight as netlist lines: its units and switches, with supplies where its latches hold bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analoom.cells.model.circuit import Device, Mos
from analoom.cells.pulse_width.circuits import BITS, bit_node, code_bits, pwm_cell_devices
from analoom.cells.pulse_width.spec import PwmCellSpec
from analoom.cells.strip.gates import NFET, VDD, VSS
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import deck
from analoom.pdk.corners import Corner


def flat_deck(title: str, devices: Iterable[Device], process: Corner, temp_degc: float, lines: Sequence[str]) -> str:
    """A circuit to load of devices, transistors without subcircuits around them, and the lines of a bench."""
    held = list(devices)
    sizes = sorted({size_of(device) for device in held})
    models = f'.include "{trimmed_library(sizes, process)}"\n{flat_parameters(sizes)}\n.temp {temp_degc:g}'
    return deck(title, models, *(with_flat_lines(device.spice(), bulk=False) for device in held), *lines)


def written_cell(spec: PwmCellSpec, code: int, tag: str, nets: Mapping[str, str]) -> Iterator[Mos]:
    """The transistors of a weight of `code`; names and nets of its own end in `tag`, those in `nets` are given."""
    known = {VSS: VSS, "vbn": "vbn", **stored(code), **nets}
    for device in pwm_cell_devices(spec):
        placed = {terminal: known.get(net, f"{net}{tag}") for terminal, net in device.nets.items()}
        yield replace(device, name=f"{device.name}{tag}", nets=placed)


def stored(code: int) -> dict[str, str]:
    """The supply that stands for each node of the latches of a weight."""
    found: dict[str, str] = {}
    for bit, high in zip(BITS, code_bits(code), strict=True):
        found |= {bit_node(bit): VDD if high else VSS, f"{bit_node(bit)}b": VSS if high else VDD}
    return found


def unit(spec: PwmCellSpec, name: str, drain: str, gate: str = "vbn", units: int = 1) -> Mos:
    """Current sources beside the weights."""
    nets = {"d": drain, "g": gate, "s": VSS, "b": VSS}
    return Mos(name, NFET, spec.w, spec.l, nets, m=units)
