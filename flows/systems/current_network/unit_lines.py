"""Netlist lines of unit devices that stand beside a cell: a soma that drives it, units that read or load it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analoom.cells.current_mode.circuits import soma_devices
from analoom.cells.current_mode.spec import CurrentSomaSpec, CurrentUnitSpec
from analoom.cells.model.circuit import Mos
from analoom.cells.strip.gates import NFET, PFET
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.pdk.corners import VDD_V

FAST = ".option gmin=1e-12 abstol=1e-13 reltol=1e-4"
"""Enough for a thousandth of nA, and with it networks of thousands of devices converge."""
SUPPLIES = (FAST, f"v_vdd vdd 0 {VDD_V!r}", "v_vss vss 0 0")


def units(name: str, spec: CurrentUnitSpec, nets: tuple[str, str, str], p: bool, count: int) -> str:
    """`count` unit devices, one polarity, by drain, gate and source; the body is on its supply."""
    body = "vdd" if p else "vss"
    named = dict(zip("dgsb", (*nets, body), strict=True))
    return with_flat_lines(Mos(name, PFET if p else NFET, spec.w, spec.l, named, m=count).spice())


def soma_beside(spec: CurrentUnitSpec, iin: str, vp: str, vn: str) -> Iterator[str]:
    """A soma without mismatch between three nets."""
    nets = {"iin": iin, "vp": vp, "vn": vn}
    for device in soma_devices(CurrentSomaSpec(w=spec.w, l=spec.l, unit_current=spec.unit_current)):
        placed = {terminal: nets.get(net, net) for terminal, net in device.nets.items()}
        yield with_flat_lines(replace(device, name=f"{device.name}_{iin}", nets=placed).spice())
