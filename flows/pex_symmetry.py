"""How alike the wires of matched nets are: C and R of each side of a pair, bit of an array, row or column, and spreads.

Nets whose names differ in a number alone are compared: d1 with d2, b0 with b1, row0 with row1. Where they serve
different numbers of units, C is per unit and R times units, so that equal time constants are equal numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analoom.cells.cell import Cell

from .pex_solve import resistance_ohm

if TYPE_CHECKING:
    from .pex import Parasitics
    from .pex_rc_extract import RcResult

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

    A spread is (largest - smallest) / mean. `rc` gives the resistances where `parasitics` are lumped.
    """
    network = rc or parasitics.rc
    groups = [
        _group(name, [_wire(cell, net, units, parasitics, network) for net, units in members])
        for name, members in alike(cell, parasitics.nets)
    ]
    note = {} if network else {"r_not_given": NOT_DISTRIBUTED}
    return {"groups": groups, **note}


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


def _wire(cell: Cell, net: str, units: int, parasitics: Parasitics, rc: RcResult | None) -> Wire:
    found = parasitics.nets[net]
    return Wire(net, units, found.total_f, found.substrate_f, farthest_ohm(rc, net) if rc else None)


def farthest_ohm(rc: RcResult, net: str) -> float | None:
    """The largest DC resistance from a net's pin to a device's terminal on it; the strips of a terminal are one node.

    None where no device's terminal is on the net.
    """
    ends = sorted({n for at in rc.devices.values() for n in at.values() if rc.net_of[n] == net})
    if not ends or net not in rc.main:
        return None
    inside = [(a, b, ohm) for a, b, ohm in rc.graph.resistors() if rc.net_of[a] == net and rc.net_of[b] == net]
    a, b = (np.array([r[k] for r in inside], dtype=np.int64) for k in (0, 1))
    ohm = np.array([r[2] for r in inside], dtype=float)
    found = resistance_ohm(a, b, ohm, rc.main[net], np.array(ends, dtype=np.int64))
    reached = found[np.isfinite(found)]
    return float(reached.max()) if reached.size else None


def _group(name: str, wires: Sequence[Wire]) -> dict[str, Any]:
    ohms = [w.r_units_ohm for w in wires if w.r_units_ohm is not None]
    shown = wires if len(wires) <= MOST_MEMBERS else _extremes(wires)
    return {
        "name": name,
        "count": len(wires),
        "per": "unit" if any(w.units > 1 for w in wires) else "net",
        "nets": [wire.to_json() for wire in shown],
        "c_spread": spread([w.c_per_unit_f for w in wires]),
        "r_spread": spread(ohms) if len(ohms) == len(wires) else None,
    }


def _extremes(wires: Sequence[Wire]) -> list[Wire]:
    ranked = sorted(wires, key=lambda w: w.c_per_unit_f)
    return [ranked[0], ranked[-1]]


def spread(values: Sequence[float]) -> float | None:
    """(largest - smallest) / mean; None when the mean is zero."""
    mean = sum(values) / len(values)
    return (max(values) - min(values)) / mean if mean else None
