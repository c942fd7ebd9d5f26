"""Cells for simulation tests that are a circuit only: no drawing is needed to measure one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from analoom.cells.model.cell import Kind
from analoom.cells.model.circuit import Cap, Circuit, Mos
from analoom.cells.model.registry import SYSTEMS
from analoom.pdk.devices import MIM_M3, MOS


def bare(kind: str, circuit: Circuit, **spec: Any) -> Any:
    """A stand-in for a Cell with what the flows read of it."""
    return SimpleNamespace(
        name=circuit.name,
        system=SYSTEMS[kind],
        kind=str(kind),
        circuit=circuit,
        spice=circuit.spice,
        spec=SimpleNamespace(**spec),
        notes={},
        weave=None,
        grid=None,
        areas_um2={},
    )


def pair(
    device: str = "nfet_01v8",
    w: float = 4.0,
    l: float = 1.0,  # noqa: E741
    nf: int = 1,
    m: int = 1,
    w2: float | None = None,
) -> Any:
    """Two transistors on a common source; `w2` makes the second wider."""
    ports = ("d1", "g1", "d2", "g2", "s", "b")
    sides = [
        Mos(f"m{k}", MOS[device], width, l, {"d": f"d{k}", "g": f"g{k}", "s": "s", "b": "b"}, nf, m)
        for k, width in ((1, w), (2, w2 or w))
    ]
    return bare(Kind.PAIR, Circuit("pair", ports, tuple(sides)))


def capacitors(weights: tuple[int, ...], drawn: tuple[int, ...] | None = None, side_um: float = 2.0) -> Any:
    """Weighted MIM capacitors with a common top; `drawn` gives other counts than the spec says."""
    ports = ("top", *(f"b{k}" for k in range(len(weights))))
    caps = [
        Cap(f"c{k}", MIM_M3, side_um, side_um, {"top": "top", "bottom": f"b{k}"}, count)
        for k, count in enumerate(drawn or weights)
    ]
    return bare(Kind.CAPACITOR, Circuit("capacitors", ports, tuple(caps)), weights=weights)


def single(device: str = "nfet_01v8", w: float = 1.0, l: float = 0.15, nf: int = 1) -> Any:  # noqa: E741
    """One transistor."""
    nets = {t: t for t in "dgsb"}
    return bare(Kind.DEVICE, Circuit("single", tuple("dgsb"), (Mos("m1", MOS[device], w, l, nets, nf),)))
