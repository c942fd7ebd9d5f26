"""How alike the wires of matched nets are: C and R of each side of a pair, bit of an array, row or column, and spreads.

Nets whose names differ in a number alone are compared: d1 with d2, b0 with b1, row0 with row1. Where they serve
different numbers of units, C is per unit and R times units, so that equal time constants are equal numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Cap
from analoom.flows.pex.parasitics.record import Parasitics
from analoom.flows.pex.resistance.rc_result import RcResult
from analoom.pdk.mismatch.coefficients import cap_mismatch

NOT_DISTRIBUTED = "resistances were not extracted (--mode rc)"
MOST_MEMBERS = 64
"""Groups of more nets list their extremes only."""


@dataclass(frozen=True)
class Wire:
    """One net: all its capacitance, and the largest DC resistance from its pin to a device on it (None: not known)."""

    net: str
    units: int
    c_f: float
    substrate_f: float
    r_ohm: float | None

    @property
    def c_per_unit_f(self) -> float:
        return self.c_f / self.units

    @property
    def r_units_ohm(self) -> float | None:
        return None if self.r_ohm is None else self.r_ohm * self.units

    def to_json(self) -> dict[str, Any]:
        return {
            "net": self.net,
            "units": self.units,
            "c_f": self.c_f,
            "substrate_f": self.substrate_f,
            "r_ohm": self.r_ohm,
        }


def symmetry(cell: Cell, parasitics: Parasitics, rc: RcResult | None = None) -> dict[str, Any]:
    """The groups of nets of `cell` that should be alike, each with its nets and its spreads.

    A spread is (largest - smallest) / mean. `rc` gives the resistances where `parasitics` are lumped; those of a
    large array extracted in mode "rc" come from the ladders of its lines. `c_whole_spread`: of the bits of a capacitor
    array, wires and plates together, per unit.
    """
    found, ohms = wires(cell, parasitics, rc)
    unit_f = _unit_f(cell)
    groups = [_group(name, members, unit_f) for name, members in found.items()]
    return {"groups": groups, **({} if ohms else {"r_not_given": NOT_DISTRIBUTED})}


def wires(cell: Cell, parasitics: Parasitics, rc: RcResult | None = None) -> tuple[dict[str, list[Wire]], bool]:
    """(every net that should be like others, by the name of its group; whether resistances are known)."""
    network = rc or parasitics.rc
    ladders = _ladder_ohms(cell, parasitics) if network is None else {}
    known: Callable[[str], float | None] = ladders.get if network is None else FarthestOhm(network)
    groups = {
        name: [_wire(net, units, parasitics, known(net)) for net, units in members]
        for name, members in alike(cell, parasitics.nets)
    }
    return groups, network is not None or bool(ladders)


def wires_csv(groups: Mapping[str, Sequence[Wire]]) -> str:
    """Every net of every group as a table: F, ohm."""
    rows = [
        f"{name},{w.net},{w.units},{w.c_f:.6g},{w.substrate_f:.6g},{'' if w.r_ohm is None else f'{w.r_ohm:.6g}'}"
        for name, members in groups.items()
        for w in members
    ]
    return "\n".join(["group,net,units,c_f,substrate_f,r_ohm", *rows, ""])


def _ladder_ohms(cell: Cell, parasitics: Parasitics) -> dict[str, float]:
    """Resistance from the pin to the farthest device of every signal line of an array extracted by tile classes."""
    if parasitics.mode != "rc" or cell.weave is None:
        return {}
    from analoom.flows.pex.crossbar.ladders import farthest_ohm

    found = farthest_ohm(cell, parasitics.corner)
    return {f"{line}{k}": float(ohm) for line, ohms in found.items() for k, ohm in enumerate(ohms)}


def _unit_f(cell: Cell) -> float | None:
    """The nominal capacitance of the units of a capacitor array; None for other cells."""
    devices = [d for c in (*cell.circuit.children(), cell.circuit) for d in c.devices]
    caps = [d for d in devices if isinstance(d, Cap)]
    if len(caps) != len(devices) or len({(d.device.name, d.w_um, d.l_um) for d in caps}) != 1:
        return None
    return cap_mismatch(caps[0].device).capacitance_f(caps[0].w_um, caps[0].l_um)


def alike(cell: Cell, nets: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Groups of two nets and more: their common name, and each net with its number of units."""
    stems: dict[str, list[str]] = {}
    for port in cell.circuit.ports:
        if (numbered := re.fullmatch(r"(\D+)\d+", port)) and port in nets:
            stems.setdefault(numbered[1], []).append(port)
    units = _units(cell)
    for stem, members in stems.items():
        if len(members) > 1:
            known = {units.get(net, 0) for net in members}
            counted = 0 not in known and len(known) > 1
            yield stem, [(net, units[net] if counted else 1) for net in members]


def _units(cell: Cell) -> dict[str, int]:
    """Units by net: those of the matched member of that name, or of the matched transistor that drains into it."""
    found = {name: len(boxes) for group in cell.match_groups for name, boxes in group.members.items()}
    drains = {d.nets["d"]: found[d.name] for d in cell.circuit.devices if d.name in found and "d" in d.nets}
    return {**found, **drains}


def _wire(net: str, units: int, parasitics: Parasitics, ohm: float | None) -> Wire:
    found = parasitics.nets[net]
    return Wire(net, units, found.total_f, found.substrate_f, ohm)


class FarthestOhm:
    """The largest DC resistance from a net's pin to a device's terminal on it; the strips of a terminal are one node.

    None where no device's terminal is on the net. One walk through the network serves all nets.
    """

    def __init__(self, rc: RcResult) -> None:
        self.main = rc.main
        self.ends: dict[str, set[int]] = {}
        for at in rc.devices.values():
            for n in at.values():
                self.ends.setdefault(rc.net_of[n], set()).add(n)
        self.resistors: dict[str, list[tuple[int, int, float]]] = {}
        for a, b, ohm in rc.graph.resistors():
            if rc.net_of[a] == rc.net_of[b]:
                self.resistors.setdefault(rc.net_of[a], []).append((a, b, ohm))

    def __call__(self, net: str) -> float | None:
        """In ohm."""
        from analoom.flows.pex.resistance.solve import resistance_ohm

        ends, inside = sorted(self.ends.get(net, ())), self.resistors.get(net, [])
        if not ends or net not in self.main:
            return None
        a, b = (np.array([r[k] for r in inside], dtype=np.int64) for k in (0, 1))
        ohm = np.array([r[2] for r in inside], dtype=float)
        found = resistance_ohm(a, b, ohm, self.main[net], np.array(ends, dtype=np.int64))
        reached = found[np.isfinite(found)]
        return float(reached.max()) if reached.size else None


def _group(name: str, wires: Sequence[Wire], unit_f: float | None) -> dict[str, Any]:
    ohms = [w.r_units_ohm for w in wires if w.r_units_ohm is not None]
    shown = wires if len(wires) <= MOST_MEMBERS else _extremes(wires)
    return {
        "name": name,
        "count": len(wires),
        "per": "unit" if any(w.units > 1 for w in wires) else "net",
        "nets": [wire.to_json() for wire in shown],
        "c_spread": spread([w.c_per_unit_f for w in wires]),
        "r_spread": spread(ohms) if len(ohms) == len(wires) else None,
        **({} if unit_f is None else {"c_whole_spread": spread([w.c_per_unit_f + unit_f for w in wires])}),
    }


def _extremes(wires: Sequence[Wire]) -> list[Wire]:
    ranked = sorted(wires, key=lambda w: w.c_per_unit_f)
    return [ranked[0], ranked[-1]]


def spread(values: Sequence[float]) -> float | None:
    """(largest - smallest) / mean; None when the mean is zero."""
    mean = sum(values) / len(values)
    return (max(values) - min(values)) / mean if mean else None
