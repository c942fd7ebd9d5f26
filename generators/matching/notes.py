"""What a matched transistor cell says of itself: what is left of the centroids, current directions, use of its area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from analoom.cells.fingers.row import FingerRow
from analoom.cells.model.cell import Cell, MatchGroup
from analoom.cells.model.drawing import Box, hull

CENTRED_UM = 1e-3
"""A centre no farther off than this is there but for rounding."""


def matching_notes(group: MatchGroup, rows: Sequence[Sequence[FingerRow]], cell_box: Box) -> dict[str, Any]:
    """Offsets of every member's centre from that of all gates (um, 0 where it could be centred), fingers by direction
    of current, areas in um2, and the gates' share of the cell (`gate_area_frac`); the rest is overhead."""
    middle = hull(box for boxes in group.members.values() for box in boxes)
    offset = {name: _offset_um(group.centroid_nm(name), middle) for name in group.members}
    gates = sum(box.area() for boxes in group.members.values() for box in boxes) / 1e6
    area = _area_um2(cell_box)
    return {
        "rows": len(rows),
        "centroid_offset_um": {name: x for name, (x, _) in offset.items()},
        "centroid_offset_y_um": {name: y for name, (_, y) in offset.items()},
        "centroid_residual_um": round(max((x**2 + y**2) ** 0.5 for x, y in offset.values()), 6),
        "source_left_frac": source_left(rows),
        "area_um2": round(area, 6),
        "gate_area_um2": round(gates, 6),
        "gate_area_frac": round(gates / area, 6),
        "overhead_um2": round(area - gates, 6),
    }


def not_centred(cell: Cell) -> tuple[str, ...]:
    """What a user is warned of: members that are not at the centre of a group that the cell is drawn for."""
    apart = dict[str, float]()
    for group in cell.match_groups:
        if group.whole_cell:
            middle = hull(box for boxes in group.members.values() for box in boxes)
            apart |= {name: hypot(*_offset_um(group.centroid_nm(name), middle)) for name in group.members}
    return not_centred_words(apart)


def not_centred_words(apart_um: Mapping[str, float]) -> tuple[str, ...]:
    """What is said of members whose centre is so far from their group's; nothing of those within rounding."""
    listed = ", ".join(f"{name} by {um:.3f} um" for name, um in apart_um.items() if um > CENTRED_UM)
    return (f"Not centred: {listed}",) if listed else ()


def source_left(rows: Sequence[Sequence[FingerRow]]) -> dict[str, float]:
    """By drain, the share of its fingers whose source lies at their left: 0.5 where both directions weigh alike."""
    found: dict[str, list[int]] = {}
    for row in (row for line in rows for row in line):
        for island in row.islands:
            for k, gate in enumerate(island.gates):
                left, right = island.regions[k : k + 2]
                if gate != row.body and left != right:
                    is_left = right in row.drain_buses and left in _sources(row)
                    found.setdefault(right if is_left else left, []).append(int(is_left))
    return {net: round(sum(sides) / len(sides), 6) for net, sides in sorted(found.items())}


def _sources(row: FingerRow) -> tuple[str, str]:
    """The innermost and the outermost bus of drains are the sources'."""
    return row.drain_buses[0], row.drain_buses[-1]


def area_cost(own: Box, common: Cell) -> dict[str, float]:
    """What wells of their own cost: the outline `own` (nm) against the same cell in one well, drawn too."""
    common_um2 = round(common.area_um2, 6)
    return {"area_common_um2": common_um2, "area_by_common": round(_area_um2(own) / common_um2, 4)}


def _area_um2(box: Box) -> float:
    return box.width() * box.height() / 1e6


def _offset_um(centre: tuple[float, float], middle: Box) -> tuple[float, float]:
    x, y = (middle.left + middle.right) / 2, (middle.bottom + middle.top) / 2
    return round((centre[0] - x) / 1000, 6), round((centre[1] - y) / 1000, 6)
