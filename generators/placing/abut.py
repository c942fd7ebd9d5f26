"""Parts side by side without a gap: strips that share rails, tiles whose lines meet. Lengths are in nm."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from analoom.pdk.errors import SpecError

if TYPE_CHECKING:
    from .arrange import Leaf


def require_abutting(leaves: tuple[Leaf, ...]) -> None:
    """Raises SpecError with both parts where two neighbours share no fabric, or have other nets on it."""
    for one, other in pairwise(leaves):
        if (why := _apart(one, other)) is not None:
            raise SpecError("floorplan", f"{one.name}, {other.name}", "parts that abut", why)


def gap_nm(one: Leaf, other: Leaf) -> int:
    """From the right edge of a part to the left edge of the next, which is negative where they overlap."""
    assert one.cell.fabric is not None, "parts that abut have a fabric"
    return one.cell.fabric.pitch_nm[0] + other.cell.bbox_nm.left - one.cell.bbox_nm.right


def _apart(one: Leaf, other: Leaf) -> str | None:
    """Why two parts cannot abut."""
    a, b = one.cell.fabric, other.cell.fabric
    if a is None or b is None or one.turned or other.turned:
        return "each a strip or a tile, not turned"
    heights = [(leaf.cell.bbox_nm.bottom, leaf.cell.bbox_nm.top) for leaf in (one, other)]
    if heights[0] != heights[1] or (a.pitch_nm[1], a.rails_nm, a.lines) != (b.pitch_nm[1], b.rails_nm, b.lines):
        return "the same height and the same rails or lines"
    shared = [*a.rails_nm, *(pin for pin, across in a.lines.items() if across != "v")]
    differ = [net for net in shared if one.nets[net] != other.nets[net]]
    return f"the same net on {', '.join(differ)}" if differ else None
