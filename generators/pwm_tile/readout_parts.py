"""What reads a column out: two capacitors with their reset, the ramp on the negative side, comparator and gate.

Pulses come out while `read` is high and `coln` is above `colp`: the ramp takes `coln` down by a current, so a pulse is
the difference of both charges by that current, and there is none where it is negative.
"""

from __future__ import annotations

from typing import NamedTuple

from analoom.cells.capacitor.unit_cap import unit_cap
from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.memory.word_driver import word_driver
from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.registry import cell_name
from analoom.cells.strip.gates import L_MIN_UM, VDD, VSS, W_MIN_UM
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch
from analoom.generators.amplifier.auto_zero import PHASES
from analoom.generators.comparator.comparator import comparator
from analoom.generators.memory.word_size import words_height

from .spec import PwmTileSpec

INPUTS = 2
"""Of the gate: the comparator's output, and `read`."""
COLUMN = ("colp", "coln")
OWN = (*COLUMN, "out")
"""Nets of one column; the others are those of all."""


class Part(NamedTuple):
    """A part of a block with a net for each of its ports."""

    name: str
    cell: Cell
    nets: dict[str, str]


def shared_nets(spec: PwmTileSpec) -> tuple[str, ...]:
    """What all read-outs share besides the supplies."""
    phases = PHASES if spec.comparator.auto_zero else ()
    return ("vbn", "vres", "vdump", "reset", "resetb", "go", "gob", "read", "bias", *phases)


def readout_ports(spec: PwmTileSpec) -> tuple[str, ...]:
    """Of a column's read-out."""
    return (*OWN, *shared_nets(spec), VDD, VSS)


def readout_parts(spec: PwmTileSpec) -> tuple[Part, ...]:
    """The parts: capacitors and reset switches, then the ramp with its switches, comparator and gate."""
    phases = PHASES if spec.comparator.auto_zero else ()
    compared = {"inp": "coln", "inn": "colp", "out": "above", "bias": "bias", VDD: VDD, VSS: VSS}
    gate = word_driver(INPUTS, words_height(INPUTS))
    return (
        *(Part(f"c_{col}", unit_cap(spec.capacitor), {"top": col, "bottom": VSS}) for col in COLUMN),
        *(Part(f"reset_{col}", analog_switch(AnalogSwitchSpec()), _reset(col)) for col in COLUMN),
        Part("ramp", units(spec, spec.ramp_units), {"d": "ramp", "g": "vbn", "s": VSS, "b": VSS}),
        Part("fall", _switch(), {"d": "coln", "g": "go", "s": "ramp", "b": VSS}),
        Part("rest", _switch(), {"d": "vdump", "g": "gob", "s": "ramp", "b": VSS}),
        Part("compare", comparator(spec.comparator), compared | {net: net for net in phases}),
        Part("gate", gate, {"in0": "above", "in1": "read", "wl": "out", VDD: VDD, VSS: VSS}),
    )


def readout_circuit(spec: PwmTileSpec) -> Circuit:
    """The circuit of a column's read-out."""
    return of_parts(cell_name("pwm_readout", spec), readout_ports(spec), readout_parts(spec))


def of_parts(name: str, ports: tuple[str, ...], parts: tuple[Part, ...]) -> Circuit:
    """The circuit of a block of parts."""
    return Circuit(name, ports, (), tuple(SubInstance(part.name, part.cell.circuit, part.nets) for part in parts))


def units(spec: PwmTileSpec, count: int) -> Cell:
    """Unit current sources in parallel."""
    return mosfet(MosfetSpec(w=spec.w, l=spec.l, m=count))


def _switch() -> Cell:
    return mosfet(MosfetSpec(w=W_MIN_UM, l=L_MIN_UM))


def _reset(col: str) -> dict[str, str]:
    return {"a": "vres", "b": col, "en": "reset", "enb": "resetb", VDD: VDD, VSS: VSS}
