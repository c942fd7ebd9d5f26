"""Questions about wide surroundings, put from the bottom of the hierarchy up.

Growing every tap of an array by 15 um makes each shape meet hundreds of others, and joining a ring of thousands of
tiles undoes the hierarchy. Here each cell settles what it can with its own shapes and hands only the rest to the cells
above, so a block that answers for itself is asked once.
"""

from __future__ import annotations

from collections.abc import Callable

import klayout.db as kdb

from analoom.pdk import rules

SQUARE = 2
"""klayout's corner mode for growing by a box, as Magic grows."""
Near = Callable[[int, kdb.Region, int], kdb.Region]
"""near(layer, around, margin_nm): the merged shapes of a layer within the margin of `around`'s boxes."""
Settle = Callable[[kdb.Region, Near], kdb.Region]
"""settle(waiting, near): what is left of `waiting`."""


def out_of_reach(
    diffusion: kdb.Region, contacts: kdb.Region, well: kdb.Region, reach_nm: int, *, within: bool
) -> kdb.Region:
    """The parts of `diffusion` farther than `reach_nm` from all `contacts`.

    The way may not leave `well` when `within`, nor cross it otherwise.
    """

    def settle(waiting: kdb.Region, near: Near) -> kdb.Region:
        seed, wells = near(1, waiting, reach_nm), near(2, waiting, reach_nm)
        if seed.is_empty() or (within and wells.is_empty()):
            return waiting
        return waiting - _grown(seed, wells, reach_nm, within)

    return _left_over((diffusion, contacts, well), settle)


def without(region: kdb.Region, needed: kdb.Region) -> kdb.Region:
    """The parts of `region` in polygons that touch nothing of `needed`."""

    def settle(waiting: kdb.Region, near: Near) -> kdb.Region:
        bare = waiting.dup()  # klayout finds nothing between a region and itself
        while not bare.is_empty():
            whole = near(0, bare, 0).interacting(bare)
            lacking = whole.not_interacting(near(1, whole, 0))
            if lacking.area() == bare.area():
                break
            bare = lacking
        return waiting.interacting(bare)

    return _left_over((region, needed), settle)


def _left_over(regions: tuple[kdb.Region, ...], settle: Settle) -> kdb.Region:
    """What is left of the first region when every cell, from the bottom up, has settled what it can."""
    layout = kdb.Layout()
    top = layout.create_cell("TOP")
    layers = [layout.layer(number, 0) for number in range(len(regions))]
    for region, layer in zip(regions, layers, strict=True):
        region.insert_into(layout, top.cell_index(), layer)
    rest: dict[int, kdb.Region] = {}
    for index in layout.each_cell_bottom_up():
        cell = layout.cell(index)
        waiting = _waiting(cell, layers[0], rest)
        rest[index] = waiting if waiting.is_empty() else settle(waiting, _finder(cell, layers))
    return rest[top.cell_index()]


def _waiting(cell: kdb.Cell, layer: int, rest: dict[int, kdb.Region]) -> kdb.Region:
    """The cell's own shapes and what the cells in it left over."""
    waiting = kdb.Region(cell.shapes(layer))
    for instance in cell.each_inst():
        below = rest[instance.cell_index]
        if not below.is_empty():
            for placed in instance.cell_inst.each_cplx_trans():
                waiting += below.transformed(placed)
    return waiting.merged()


def _finder(cell: kdb.Cell, layers: list[int]) -> Near:
    def near(layer: int, around: kdb.Region, margin_nm: int) -> kdb.Region:
        boxes = kdb.Region()
        for polygon in around.each():
            boxes.insert(polygon.bbox().enlarged(margin_nm + 1))
        found = kdb.RecursiveShapeIterator(cell.layout(), cell, layers[layer], boxes.merged(), True)
        return kdb.Region(found).merged()

    return near


def _grown(seed: kdb.Region, well: kdb.Region, reach_nm: int, within: bool) -> kdb.Region:
    """`seed` grown by the reach, in steps too short to jump over a well or the gap between two wells."""
    if well.is_empty():
        return seed.sized(reach_nm, SQUARE)
    step = (rules.NWELL_SPACE if within else rules.NWELL_WIDTH).value_nm
    for done in range(0, reach_nm, step):
        larger = seed.sized(min(step, reach_nm - done), SQUARE)
        seed = larger & well if within else larger - well
    return seed
