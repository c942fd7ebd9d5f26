"""Whether nothing changed outside the user area, as the precheck asks: the layout against the wrapper it brings."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb

from analoom.flows.handover.record import Check, failed, not_run, passed
from analoom.pdk.errors import ToolError
from analoom.pdk.install import DECKS_PACKAGE, package_file
from analoom.pdk.shuttle.caravan_frame import HEIGHT_NM, WIDTH_NM, WRAPPER

GOLDEN = f"cf_precheck/_default_content/gds/{WRAPPER}.gds"
WHICH = "the wrapper of the precheck package (caravel's own empty wrapper is not installed)"


def outside_unchanged(gds: Path) -> Check:
    """No layer differs outside the user area."""
    try:
        golden = package_file(DECKS_PACKAGE, GOLDEN)
    except ToolError as error:
        return not_run(error.advice())
    ours, theirs = _outside(gds), _outside(golden)
    odd = {gds: ours.get(gds, kdb.Region()) ^ theirs.get(gds, kdb.Region()) for gds in ours.keys() | theirs.keys()}
    told = [f"{n}/{d}: {region.count()} differences" for (n, d), region in sorted(odd.items()) if not region.is_empty()]
    return failed("; ".join(told)) if told else passed(f"{len(odd)} layers as in {WHICH}")


def _outside(path: Path) -> dict[tuple[int, int], kdb.Region]:
    """By layer what the wrapper holds outside the user area."""
    layout = kdb.Layout()
    layout.read(str(path))
    area, found = kdb.Region(kdb.Box(0, 0, WIDTH_NM, HEIGHT_NM)), {}
    for info in layout.layer_infos():
        region = (kdb.Region(layout.cell(WRAPPER).begin_shapes_rec(layout.layer(info))) - area).merged()
        if region.count():
            found[info.layer, info.datatype] = region
    return found
