"""The resistance that is told of a tile's wires is that of the wire table, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing, discard
from analoom.cells.model.registry import build
from analoom.flows.handover.tinytapeout.measured import measured_wires, worst_by_net
from analoom.generators.shuttle.plan import TilePlan
from analoom.generators.shuttle.tile import Tile
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.tiny_tapeout import TileFrame


def test_a_straight_wire_has_the_sheet_resistance_of_its_squares(tmp_path: Path) -> None:
    """100 um of met4, 1 um wide, from a label to the via3 on a pin of met3: 0.047 ohm a square (`rm4`,
    on a width that its correction moves by up to 5 %), and 3.41 ohm of the cut (`rcvia3`)."""
    discard("tt_um_by_hand")
    drawing, base = Drawing("tt_um_by_hand"), build("unit_cap")
    drawing.box(Layer.MET4, 0, 0, 101_000, 1_000)
    drawing.text(Layer.MET4.label, "ua[0]", 500, 500)
    drawing.box(Layer.VIA3, 100_400, 400, 100_600, 600)
    drawing.box(Layer.MET3, 100_000, 0, 101_000, 1_000)
    pin = Pin("top", Layer.MET3, Box(100_000, 0, 101_000, 1_000))
    macro = replace(base, pins=(pin,))
    placed = Instance("macro", macro, kdb.Trans(), {"top": "ua[0]", "bottom": "elsewhere"})
    cell = replace(
        base, name="tt_um_by_hand", layout=drawing.cell, circuit=Circuit("t", ("ua[0]",)), instances=(placed,)
    )
    plan = TilePlan("tt_um_by_hand", TileFrame("1x2"), dict(placed.nets))
    gds = cell.write(tmp_path / "by_hand.gds")
    found = worst_by_net(measured_wires(Tile(cell, plan, {}), gds))
    assert found == {"ua[0]": pytest.approx(100 * 0.047 + 3.41, rel=0.03)}
