"""The transistors of small CMOS gates, as lists for a circuit: inverter, clocked inverter, transmission gate.

Every gate is between `vdd` and `vss`; bodies lie on the supplies.
"""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.circuit import Mos
from analoom.pdk.devices import MOS, MosDevice
from analoom.pdk.units import to_um

NFET, PFET = MOS["nfet_01v8"], MOS["pfet_01v8"]
VDD, VSS = "vdd", "vss"
W_MIN_UM, L_MIN_UM = (to_um(max(NFET.w_min_nm, PFET.w_min_nm)), to_um(max(NFET.l_min_nm, PFET.l_min_nm)))
"""Least width and length of both transistors."""


@dataclass(frozen=True)
class GateSize:
    """Sizes in um: total widths of the n and of the p transistors, their length, and the fingers of each."""

    wn: float
    wp: float
    l: float  # noqa: E741
    nf: int = 1


def inverter(name: str, a: str, y: str, size: GateSize) -> tuple[Mos, Mos]:
    """`y` is not `a`."""
    return _n(f"{name}_n", (y, a, VSS), size), _p(f"{name}_p", (y, a, VDD), size)


def clocked_inverter(name: str, a: str, y: str, clock: tuple[str, str], size: GateSize) -> tuple[Mos, ...]:
    """`y` is not `a` while the clock (gate of the n, gate of the p transistor) is on; else `y` is let go."""
    low, high = f"{name}_low", f"{name}_high"
    return (
        _n(f"{name}_n", (low, a, VSS), size),
        _n(f"{name}_cn", (y, clock[0], low), size),
        _p(f"{name}_p", (high, a, VDD), size),
        _p(f"{name}_cp", (y, clock[1], high), size),
    )


def transmission_gate(name: str, a: str, b: str, gates: tuple[str, str], size: GateSize) -> tuple[Mos, Mos]:
    """Joins `a` and `b` while `gates` (gate of the n, gate of the p transistor) are (high, low)."""
    return _n(f"{name}_n", (a, gates[0], b), size), _p(f"{name}_p", (a, gates[1], b), size)


def _n(name: str, nets: tuple[str, str, str], size: GateSize) -> Mos:
    return _mos(name, NFET, size.wn, size, (*nets, VSS))


def _p(name: str, nets: tuple[str, str, str], size: GateSize) -> Mos:
    return _mos(name, PFET, size.wp, size, (*nets, VDD))


def _mos(name: str, device: MosDevice, w_um: float, size: GateSize, nets: tuple[str, ...]) -> Mos:
    return Mos(name, device, w_um, size.l, dict(zip(device.terminals, nets, strict=True)), size.nf)
