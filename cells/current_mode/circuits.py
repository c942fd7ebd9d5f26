"""The circuits of soma and synapse, and which bits a weight is.

Source of the topology: Binas et al., arXiv 1606.07786, with mirrors of unit devices alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.memory.latch import PORTS as LATCH_PORTS
from analoom.cells.memory.latch import LatchSpec, latch_devices
from analoom.cells.model.circuit import Circuit, Mos, SubInstance
from analoom.cells.strip.gates import L_MIN_UM, NFET, PFET, VDD, VSS, W_MIN_UM
from analoom.pdk.devices import MosDevice

from .spec import CurrentSomaSpec, CurrentSynapseSpec, CurrentUnitSpec

SOMA_UNITS = 4
"""Units of each transistor of a soma."""
MAGNITUDE = (0, 1, 2)
"""Bits of a weight's magnitude: bit k switches 2**k units."""
SIGN = 3
"""The bit of the sign: high for a negative weight."""
BITS = (SIGN, *MAGNITUDE)
"""The latches of a synapse from the left."""
HEADER_W_UM = 0.84
"""Width of the two transistors that let a supply in."""
SOMA_PORTS = ("iin", "vp", "vn", VDD, VSS)
SIZES = {0: 1, 1: 2, 2: 4}
"""Units of each polarity by bit."""
MOST_CODE = sum(SIZES.values())
"""The largest weight, in units."""


def code_bits(code: int) -> tuple[int, int, int, int]:
    """Bits 0 to 3 of a weight from -7 to 7: magnitude, lowest first, then the sign."""
    return (*(abs(code) >> bit & 1 for bit in MAGNITUDE), int(code < 0))  # type: ignore[return-value]


def bit_lines(bit: int) -> tuple[str, str]:
    """The ports of the bit lines of a synapse's bit: `bl2c` and `blb2c`, one of each a column."""
    return f"bl{bit}c", f"blb{bit}c"


def synapse_ports() -> tuple[str, ...]:
    """The ports of a synapse: what runs along its row, what runs along its column, supplies."""
    return ("vp", "vn", "wl", "iout", *(net for bit in BITS for net in bit_lines(bit)), VDD, VSS)


def bit_node(bit: int) -> str:
    """The net on which a synapse stores a bit."""
    return "sign" if bit == SIGN else f"b{bit}"


def soma_devices(spec: CurrentSomaSpec) -> tuple[Mos, ...]:
    """Diode and copy of n units, diode and copy of p units, and the diode of n units at `vn`."""
    found: list[Mos] = []
    for name, device, drain, gate in (
        ("in", NFET, "iin", "iin"),
        ("copy", NFET, "vp", "iin"),
        ("p", PFET, "vp", "vp"),
        ("turn", PFET, "vn", "vp"),
        ("n", NFET, "vn", "vn"),
    ):
        supply = VSS if device is NFET else VDD
        found += (_unit(f"{name}{k}", device, spec, (drain, gate, supply)) for k in range(SOMA_UNITS))
    return tuple(found)


def synapse_devices(spec: CurrentSynapseSpec) -> tuple[Mos, ...]:
    """Units, both headers and the switches; the latches are instances."""
    found = list(_units(spec))
    found += [
        _mos("head_p", PFET, HEADER_W_UM, ("p", "sign", VDD)),
        _mos("head_n", NFET, HEADER_W_UM, ("q", "sign", VSS)),
    ]
    found += (_mos(f"switch{k}", NFET, W_MIN_UM, (f"n{k}", bit_node(k), "iout")) for k in MAGNITUDE)
    return tuple(found)


def soma_circuit(name: str, spec: CurrentSomaSpec) -> Circuit:
    """The soma: a current into `iin` comes out of p units whose gates are on `vp`, into n units on `vn`."""
    return Circuit(name, SOMA_PORTS, soma_devices(spec))


def synapse_circuit(name: str, spec: CurrentSynapseSpec) -> Circuit:
    """The synapse: as many units as its bits say, out of `iout` from vdd, or into it to vss where `sign` is high."""
    latch = Circuit("latch", LATCH_PORTS, latch_devices(LatchSpec()))
    instances = tuple(SubInstance(f"bit{bit}", latch, latch_nets(bit)) for bit in BITS)
    return Circuit(name, synapse_ports(), synapse_devices(spec), instances)


def latch_nets(bit: int) -> dict[str, str]:
    """The nets of a synapse's latch."""
    bl, blb = bit_lines(bit)
    return {"wl": "wl", "bl": bl, "blb": blb, "q": bit_node(bit), "qb": f"{bit_node(bit)}b", VDD: VDD, VSS: VSS}


def _units(spec: CurrentSynapseSpec) -> Iterator[Mos]:
    for bit, count in SIZES.items():
        for k in range(count):
            yield _unit(f"p{bit}_{k}", PFET, spec, (f"n{bit}", "vp", "p"))
            yield _unit(f"n{bit}_{k}", NFET, spec, (f"n{bit}", "vn", "q"))


def _unit(name: str, device: MosDevice, spec: CurrentUnitSpec, nets: tuple[str, str, str]) -> Mos:
    return _mos(name, device, spec.w, nets, spec.l)


def _mos(name: str, device: MosDevice, w_um: float, nets: tuple[str, str, str], l_um: float = L_MIN_UM) -> Mos:
    body = VSS if device is NFET else VDD
    return Mos(name, device, w_um, l_um, dict(zip(device.terminals, (*nets, body), strict=True)))
