"""Wires as wide as they conduct: the foundry's width correction, taken from the real edges of a polygon.

Half of the correction goes to either side of a wire, so every edge moves by that much: a tab of 10 nm stays a tab of
10 nm on a narrower wire, and a ring, a mesh or a slanted wire is narrower everywhere by the same amount.
"""

from __future__ import annotations

import klayout.db as kdb

UNITS_PER_NM = 2
"""Half nanometres, as half of a correction of whole nanometres is."""

_SQUARE = 2
"""Klayout's mode of sizing that keeps right-angled corners right-angled."""


class NarrowError(ValueError):
    """Nothing is left of a wire, or it falls apart."""


def scaled(nm: float) -> float:
    """A length in the units of narrowed polygons."""
    return nm * UNITS_PER_NM


def narrowed(polygon: kdb.Polygon, delta_um: float) -> kdb.Polygon:
    """A polygon (nm) with every edge moved outwards by half of `delta_um` (inwards where that is negative).

    In half nanometres. Raises NarrowError where less than one polygon is left.
    """
    by = round(scaled(delta_um * 500))
    if polygon.is_box():
        box = (polygon.bbox() * UNITS_PER_NM).enlarged(by, by)
        found = kdb.Region() if box.empty() or not box.area() else kdb.Region(box)
    else:
        found = kdb.Region(polygon.transformed(kdb.ICplxTrans(UNITS_PER_NM))).sized(by, by, _SQUARE).merged()
    if found.count() != 1:
        b = polygon.bbox()
        raise NarrowError(f"drawn {min(b.width(), b.height()) / 1000:g} um wide")
    return found[0]
