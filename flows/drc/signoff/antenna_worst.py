"""The nets whose antenna ratios come nearest to their limits or lie farthest past them: name, level, ratio, place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import klayout.db as kdb

from analoom.pdk.antenna import AntennaLimit
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule

from .antenna_nets import AntennaNets, Sums, WholeNet, middle_of_edge

NETS_KEPT = 10
NM_PER_UM, NM2_PER_UM2 = 1e3, 1e6


def rule(limit: AntennaLimit) -> Rule:
    """The rule of one level, as reports name it."""
    kind, name = "sidewall" if limit.thickness_um else "area", limit.layer.name.lower()
    return Rule(f"antenna.{name}", f"{name} {kind} at most {limit.largest:g} times the gate area it connects to")


def broken_by(limit: AntennaLimit, net: Sums) -> bool:
    """Whether a net has too much of this level for its gates."""
    return limit.broken_by(_ratio(limit, net), net.diode_nm2 / NM2_PER_UM2)


@dataclass(frozen=True)
class NetRatio:
    """A net at one level: what collects charge over the area of its gates, what is allowed, where its metal lies (nm).

    `cell` is the one that the net is whole in, which stands `times` times.
    """

    limit: AntennaLimit
    sums: Sums
    cell: str
    times: int
    metal: kdb.Polygon
    net: str = ""

    @property
    def share(self) -> float:
        """The ratio by the one allowed: above 1 the rule is broken."""
        return _share(self.limit, self.sums)

    def to_json(self) -> Mapping[str, Any]:
        """Areas in um2, the place in um; `net` is empty for one without a label."""
        box, diode_um2 = self.metal.bbox(), self.sums.diode_nm2 / NM2_PER_UM2
        corners = [(x / NM_PER_UM, y / NM_PER_UM) for x, y in ((box.left, box.bottom), (box.right, box.top))]
        return {
            "net": self.net,
            "rule": rule(self.limit).id,
            "ratio": _ratio(self.limit, self.sums),
            "limit": self.limit.allowed(diode_um2),
            "gate_um2": self.sums.gate_nm2 / NM2_PER_UM2,
            "diode_um2": diode_um2,
            "cell": self.cell,
            "times": self.times,
            "place": "-".join(f"({x:.3f}, {y:.3f})" for x, y in corners),
        }


class WorstNets:
    """Collects them level by level."""

    def __init__(self) -> None:
        self._kept: list[NetRatio] = []

    def look(self, limit: AntennaLimit, nets: AntennaNets) -> None:
        """Takes those of one level that belong among the worst."""
        for net in nets.where(lambda sums: _share(limit, sums) > self._least):
            self._take(limit, net)

    def named(self, net_at: Callable[[Layer, kdb.Point], str]) -> list[NetRatio]:
        """The worst first, with the names that `net_at` gives them."""
        found = []
        for kept in self._kept:
            name = net_at(kept.limit.layer, middle_of_edge(kept.metal))
            found.append(NetRatio(kept.limit, kept.sums, kept.cell, kept.times, kept.metal, name))
        return found

    @property
    def _least(self) -> float:
        return self._kept[-1].share if len(self._kept) == NETS_KEPT else 0.0

    def _take(self, limit: AntennaLimit, net: WholeNet) -> None:
        metal = next(net.metal(), None)
        if metal is not None:
            self._kept.append(NetRatio(limit, net.sums, net.cell, net.times, metal))
            self._kept = sorted(self._kept, key=lambda kept: -kept.share)[:NETS_KEPT]


def _ratio(limit: AntennaLimit, net: Sums) -> float:
    return limit.ratio(net.metal_nm2 / NM2_PER_UM2, net.outline_nm / NM_PER_UM, net.gate_nm2 / NM2_PER_UM2)


def _share(limit: AntennaLimit, net: Sums) -> float:
    return _ratio(limit, net) / limit.allowed(net.diode_nm2 / NM2_PER_UM2)
