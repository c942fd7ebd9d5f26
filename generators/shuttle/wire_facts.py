"""What the wires of a tile are, net by net: width, resistance, and the current that the weakest place carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Cut, Net
from analoom.generators.ways.wire_kinds import ROUTED
from analoom.generators.wiring.join import runs
from analoom.generators.wiring.resistance import drawn_nm, drawn_ohm
from analoom.generators.wiring.router import Router
from analoom.pdk.units import to_um
from analoom.pdk.wire_levels import A_PER_CUT, A_PER_UM


@dataclass(frozen=True)
class WireFacts:
    """Of one net: how long its wires are and the least width of one (um), the largest resistance between two of its
    pins (ohm, typical), and the direct current (A, 90 degC) of its weakest wire or cut."""

    length_um: float
    width_um: float
    ohm: float
    most_a: float

    def __str__(self) -> str:
        width = f"{self.width_um:g} um wide or more"
        return f"{self.length_um:g} um, {width}, {self.ohm:.3g} ohm, {self.most_a * 1e3:.3g} mA"


def wire_facts(router: Router) -> dict[str, WireFacts]:
    """By net that has wires. One without is told nothing of."""
    return {net.name: _facts(net, router.lattice) for net in router.nets if net.ways}


def _facts(net: Net, lattice: Lattice) -> WireFacts:
    wires = [
        (level, a, b, to_um(drawn_nm(net, (level, a, b)))) for way in net.ways for level, a, b in runs(lattice, way)
    ]
    carried = [A_PER_UM[ROUTED[level].layer] * width for level, *_, width in wires]
    return WireFacts(
        round(sum(to_um(abs(a[0] - b[0]) + abs(a[1] - b[1])) for _, a, b, _ in wires), 3),
        min((width for *_, width in wires), default=0.0),
        round(drawn_ohm(net, lattice), 3),
        min([*carried, *_cuts(net)], default=0.0),
    )


def _cuts(net: Net) -> Iterator[float]:
    """The current of each place where one level meets the next: of as many cuts as stand side by side there."""
    for cut in net.cuts:
        yield A_PER_CUT[cut.via.cut] * sum(_beside(cut, other) for other in net.cuts)


def _beside(cut: Cut, other: Cut) -> bool:
    near = cut.via.size_nm + cut.via.space_nm
    return cut.via is other.via and abs(cut.x_nm - other.x_nm) + abs(cut.y_nm - other.y_nm) <= near
