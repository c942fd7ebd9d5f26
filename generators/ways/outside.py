"""Where a cut from outside may meet the way out of a net."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb
import numpy as np

from analoom.cells.model.drawing import CUT_GRID_NM, Box

from .net import Net
from .wire_kinds import LEVEL_OF, half_nm, pad_boxes


def met_from_outside(net: Net) -> Iterator[tuple[int, Box]]:
    """Level and place (nm) of the pad of a cut that may meet a net's way out, on the level that it comes from: at its
    very end, or so far in that the pad on the way's own level ends with it."""
    if net.edge_wire is None or net.landing is None:
        return
    (layer, wire), cut = net.edge_wire, net.landing
    long_nm = max(pad.long_nm for pad in cut.via.pads)
    inward, away = long_nm // 2 - half_nm(LEVEL_OF[layer]) + CUT_GRID_NM, wire.center() - kdb.Point(cut.x_nm, cut.y_nm)
    x, y = (inward * int(np.sign(by)) * (cut.ends == along) for by, along in ((away.x, "h"), (away.y, "v")))
    for other, pad in pad_boxes(cut.via, cut.x_nm, cut.y_nm, cut.ends):
        if other in LEVEL_OF and other is not layer:
            yield LEVEL_OF[other], pad + pad.moved(x, y)
