"""Tiles of Tiny Tapeout as they are drawn: what does not fit is refused, diodes stand where ratios ask for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import layer_index
from analoom.cells.model.obstacles import is_drawn
from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell
from analoom.generators.shuttle import tile as drawing
from analoom.generators.shuttle.fill import capacitors
from analoom.generators.shuttle.plan import TilePlan
from analoom.generators.shuttle.tile import tiny_tapeout_tile
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.tiny_tapeout import TileFrame


def plan(nets: dict[str, str], fill: bool = False, name: str = "tt_um_drawn") -> TilePlan:
    frame = TileFrame("1x2")
    ties = {pin.name: "VGND" for pin in frame.pins() if pin.direction == "output"}
    return TilePlan(name, frame, nets, ties, {"VGND": 2000, "VDPWR": 2000}, {}, fill)


@pytest.mark.parametrize("device", ["cap_mim_m3_2", "stacked"])
def test_a_macro_on_met5_is_refused(device: str) -> None:
    macro = build("unit_cap", {"device": device})
    assert is_drawn(macro.layout, Layer.MET5)
    with pytest.raises(SpecError, match="without met5") as refused:
        tiny_tapeout_tile(macro, plan({"top": "ua[0]", "bottom": "ua[1]"}))
    assert refused.value.field == "name"


@pytest.mark.slow
def test_wires_of_a_block_stay_below_met5_where_that_is_asked() -> None:
    with pytest.raises(SpecError) as refused:
        plan({}).require_room(build("translinear", {"bits": 3}))
    assert (refused.value.field, refused.value.remedy) == ("top_metal", "top_metal=met4")
    plan({}).require_room(build("translinear", {"bits": 3, "top_metal": "met4"}))


def test_a_macro_that_is_too_large_is_refused_with_both_sizes() -> None:
    """161 um without the straps, which end at 6 um, and 6 um on either side; 225.76 um without 8 below and 22 above."""
    with pytest.raises(SpecError, match=r"at most 143 x 195\.76 um.*not 179"):
        plan({}).require_room(build("crossbar", {"rows": 4, "cols": 64}))


def test_capacitors_fill_the_room_but_for_the_macro() -> None:
    macro = build("crossbar", {"rows": 1, "cols": 1})
    here = plan({}, fill=True)
    placed = list(capacitors(here, Instance("macro", macro, drawing._in_the_middle(macro, here), {})))
    boxes = [one.cell.bbox_nm.transformed(one.trans) for one in placed]
    middle = macro.bbox_nm.transformed(drawing._in_the_middle(macro, here))
    assert len(placed) > 20
    assert all(box.inside(here.room) and not box.touches(middle) for box in boxes)
    assert not any(a.touches(b) for k, a in enumerate(boxes) for b in boxes[:k])


def gates_on(cell: Cell, folder: Path) -> str:
    return drc_cell(cell, folder, ("antenna",)).engines["antenna"].state


@pytest.mark.full
def test_long_inputs_get_a_diode_and_break_the_rule_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    macro = build("translinear", {"top_metal": "met4"})
    nets = {"vss": "VGND", "vdd": "VDPWR", "ib": "ua[0]", "ip": "ua[1]", "in": "ua[2]", "op": "ua[3]", "on": "ua[4]"}
    nets |= {f"c{k}": f"uio_in[{k}]" for k in range(5)}
    tile = tiny_tapeout_tile(macro, plan(nets)).cell
    assert any(instance.name.startswith("diode") for instance in tile.instances)
    assert gates_on(tile, tmp_path) == "clean"
    monkeypatch.setattr(drawing, "diodes_for", lambda *given: ())
    with pytest.raises(SpecError, match="antenna"):
        tiny_tapeout_tile(macro, plan(nets, name="tt_um_bare"))
    monkeypatch.setattr(drawing, "require_no_antenna", lambda *given: None)
    assert gates_on(tiny_tapeout_tile(macro, plan(nets, name="tt_um_bare")).cell, tmp_path) == "violations"


def test_a_tile_has_its_boundary_and_its_pins_in_itself() -> None:
    macro = build("unit_cap")
    tile = tiny_tapeout_tile(macro, plan({"top": "ua[0]", "bottom": "ua[1]"}))
    own = tile.cell.layout.shapes(layer_index(Layer.MET4.pin))
    assert own.size() == 51 + 2
    assert tile.cell.bbox_nm == tile.plan.outline
    assert tile.wires["ua[0]"].ohm > 0
    assert tile.wires["ua[0]"].most_a <= 0.96e-3, "two cuts of 0.48 mA on the way"
