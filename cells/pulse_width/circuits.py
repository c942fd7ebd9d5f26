"""The circuit of a weight: unit current sources by its latches, a pulse switch, and switches by its sign.

`p` and `pb` swing between vss and a level that lets their switches hold the sources' drains low, as cascodes: while `p`
is high the current comes from `colp`, for a negative weight from `coln`; while `pb` is, from `dump`, so that the
sources stay on. The nets inside: `n0` to `n2` the drains of bits, `x` their sum, `y` behind the pulse switch.
"""

from __future__ import annotations

from analoom.cells.memory.latch import PORTS as LATCH_PORTS
from analoom.cells.memory.latch import LatchSpec, latch_devices
from analoom.cells.model.circuit import Circuit, Mos, SubInstance
from analoom.cells.strip.gates import L_MIN_UM, NFET, VDD, VSS, W_MIN_UM

from .spec import MAGNITUDE_BITS, PwmCellSpec

MAGNITUDE = tuple(range(MAGNITUDE_BITS))
"""Bits of a weight's magnitude: bit k switches 2**k units."""
SIGN = MAGNITUDE_BITS
"""The bit of the sign: high for a negative weight."""
BITS = (*MAGNITUDE, SIGN)
"""The latches of a weight from the left."""
SIZES = {bit: 2**bit for bit in MAGNITUDE}
"""Units by bit."""
MOST_CODE = sum(SIZES.values())
"""The largest weight, in units."""
ROW_PORTS = ("vbn", "p", "pb", "wl")
"""What runs along a row."""
COLUMN_PORTS = ("colp", "coln")
"""The wires of a column that charges come from: of positive and of negative weights."""


def code_bits(code: int) -> tuple[int, int, int, int]:
    """Bits 0 to 3 of a weight from -7 to 7: magnitude, lowest first, then the sign."""
    return (*(abs(code) >> bit & 1 for bit in MAGNITUDE), int(code < 0))  # type: ignore[return-value]


def bit_lines(bit: int) -> tuple[str, str]:
    """The ports of the bit lines of a bit: `bl2c` and `blb2c`, one of each a column."""
    return f"bl{bit}c", f"blb{bit}c"


def bit_node(bit: int) -> str:
    """The net on which a weight stores a bit; its complement ends in b."""
    return "sign" if bit == SIGN else f"b{bit}"


def pwm_cell_ports() -> tuple[str, ...]:
    """The ports of a weight: what runs along its row, along its column, and the supplies."""
    lines = (net for bit in BITS for net in bit_lines(bit))
    return (*ROW_PORTS, *COLUMN_PORTS, "dump", *lines, VDD, VSS)


def pwm_cell_circuit(name: str, spec: PwmCellSpec) -> Circuit:
    """A weight of 4, 2 and 1 units on `colp`, or on `coln` where `sign` is high, while `p` is."""
    latch = Circuit("latch", LATCH_PORTS, latch_devices(LatchSpec()))
    instances = tuple(SubInstance(f"bit{bit}", latch, latch_nets(bit)) for bit in BITS)
    return Circuit(name, pwm_cell_ports(), pwm_cell_devices(spec), instances)


def pwm_cell_devices(spec: PwmCellSpec) -> tuple[Mos, ...]:
    """Units and switches; the latches are instances."""
    units = [_unit(f"u{bit}_{k}", spec, (f"n{bit}", "vbn", VSS)) for bit, n in SIZES.items() for k in range(n)]
    bits = [_switch(f"switch{bit}", (f"n{bit}", bit_node(bit), "x")) for bit in MAGNITUDE]
    return (
        *units,
        *bits,
        _switch("pulse", ("y", "p", "x")),
        _switch("rest", ("dump", "pb", "x")),
        _switch("plus", ("colp", "signb", "y")),
        _switch("minus", ("coln", "sign", "y")),
    )


def latch_nets(bit: int) -> dict[str, str]:
    """The nets of a weight's latch."""
    bl, blb = bit_lines(bit)
    return {"wl": "wl", "bl": bl, "blb": blb, "q": bit_node(bit), "qb": f"{bit_node(bit)}b", VDD: VDD, VSS: VSS}


def _unit(name: str, spec: PwmCellSpec, nets: tuple[str, str, str]) -> Mos:
    return _mos(name, (spec.w, spec.l), nets)


def _switch(name: str, nets: tuple[str, str, str]) -> Mos:
    return _mos(name, (W_MIN_UM, L_MIN_UM), nets)


def _mos(name: str, size_um: tuple[float, float], nets: tuple[str, str, str]) -> Mos:
    return Mos(name, NFET, *size_um, dict(zip(NFET.terminals, (*nets, VSS), strict=True)))
