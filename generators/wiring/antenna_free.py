"""Refuses a wired block one of whose nets collects too much charge for its gates while it is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from analoom.cells.model.drawing import Box
from analoom.generators.ways.antenna import AntennaRatio, End, wired_ratios
from analoom.generators.ways.net import Net
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer


def require_antenna_free(nets: Iterable[Net]) -> None:
    """Raises SpecError with the net, the level and both ratios, for the first net that breaks an antenna rule.

    A net that leaves the block is judged with what it meets outside: `outer_antennas` tells of it.
    """
    for net in nets:
        worst = next((ratio for ratio in ratios_of(net) if ratio.broken), None)
        if worst is not None and net.edge_wire is None:
            level, least = worst.layer.name.lower(), worst.diode_um2
            bound = f"at most {worst.allowed:.0f} times its gates' area on {level}, not {worst.ratio:.0f}"
            rule = f"antenna; an antenna_diode of {least:.3g} um2 on the net allows it"
            raise SpecError("floorplan", net.name, bound, rule)


def outer_antennas(nets: Iterable[Net]) -> dict[str, dict[str, float]]:
    """The nets that leave the block and would break a rule if they met no driver outside on or below that level: level
    with its ratio."""
    broken = {net.name: [ratio for ratio in ratios_of(net) if ratio.broken] for net in nets if net.edge_wire}
    return {name: {r.layer.name.lower(): round(r.ratio, 1) for r in found} for name, found in broken.items() if found}


def ratios_of(net: Net) -> list[AntennaRatio]:
    """The worst ratio of each level of a net, as far as its wires tell, from the bottom up."""
    shapes: dict[Layer, list[Box]] = defaultdict(list)
    for layer, box in net.wires:
        shapes[layer].append(box)
    ends = [End(joint.layer, joint.box, terminal.held) for terminal in net.terminals for joint in terminal.joints]
    for end in ends:
        shapes[end.layer].append(end.box)
    return wired_ratios(shapes, ends)
