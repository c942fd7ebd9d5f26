"""What a tile has once: the reference of all units, the driver of the ramps, and what lets the comparators' bias in."""

from __future__ import annotations

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.registry import cell_name
from analoom.cells.pulse_width.pulse_driver import pulse_driver
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.switch.analog_switch import AnalogSwitchSpec, analog_switch

from .readout_parts import Part, of_parts, units
from .row_height import pulse_height
from .spec import PwmTileSpec

REFERENCE_UNITS = 8
"""Units that `iunit` flows through: it is as many times the current of one."""
ROWS = 2
"""Rows that they lie in."""
GATE_W_UM = 4.0
"""Width of the switch that lets the bias in: all columns' current goes through it."""
OFF_W_UM = 2.0
"""Width of the transistor that takes the bias line down while it is off."""


def shared_ports(spec: PwmTileSpec) -> tuple[str, ...]:
    """Of the shared block: what leads to the read-outs, then what comes from outside."""
    enable = ("bias", "icmp", "en", "enb") if spec.gated else ()
    return ("vbn", "go", "gob", "read", "vcas", *enable, VDD, VSS)


def shared_parts(spec: PwmTileSpec) -> tuple[Part, ...]:
    """The parts. `vbn` is the reference's gate and drain, so `iunit` is its name outside."""
    lines = {"in": "read", "p": "go", "pb": "gob", "vcas": "vcas", VDD: VDD, VSS: VSS}
    diode = {"d": "vbn", "g": "vbn", "s": VSS, "b": VSS}
    always = (
        *(Part(f"reference{k}", units(spec, REFERENCE_UNITS // ROWS), diode) for k in range(ROWS)),
        Part("ramps", pulse_driver(pulse_height(spec)), lines),
    )
    return (*always, *_enable()) if spec.gated else always


def shared_circuit(spec: PwmTileSpec) -> Circuit:
    """The circuit of the shared block."""
    return of_parts(cell_name("pwm_shared", spec), shared_ports(spec), shared_parts(spec))


def _enable() -> tuple[Part, Part]:
    switch = analog_switch(AnalogSwitchSpec(w=GATE_W_UM, dummy=False))
    off = mosfet(MosfetSpec(w=OFF_W_UM))
    return (
        Part("let_in", switch, {"a": "icmp", "b": "bias", "en": "en", "enb": "enb", VDD: VDD, VSS: VSS}),
        Part("off", off, {"d": "bias", "g": "enb", "s": VSS, "b": VSS}),
    )
