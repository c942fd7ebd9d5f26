"""The first look at a large array: a shared cell at fault is found in two of its places, one bad place is not."""

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast import first_look as drc_first_look
from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.pdk.layers import Layer
from broken import twin, with_box

SIZES = [(64, 64), pytest.param((512, 2048), marks=pytest.mark.full)]


@pytest.fixture(autouse=True)
def sixty_four_squared_is_large(monkeypatch):
    monkeypatch.setattr(drc_first_look, "LARGE", 1000)
    monkeypatch.setattr(drc_first_look, "STANDS_OFTEN", 100)


def thin_row_wires(layout, top):
    """The wire of met1 through the synapse, 290 nm, to 90 nm (m1.1: 140 nm); its pads stay, so it is a comb."""
    shapes = layout.cell("synapse_2t1c").shapes(layout.layer(*Layer.MET1.value))
    wires = [s for s in shapes.each() if s.box.width() > 2700 and s.box.bottom == 50]
    for wire in wires:
        wire.box = kdb.Box(wire.box.left, wire.box.top - 90, wire.box.right, wire.box.top)
    assert len(wires) == 1


def fast(cell, damage, folder):
    return run_drc(twin(cell, damage), ("fast",), folder).engines["fast"]


@pytest.mark.parametrize("size", SIZES)
def test_a_thin_wire_in_the_shared_cell_is_one_finding(tmp_path, size):
    cell = build("crossbar", {"rows": size[0], "cols": size[1]})
    found = fast(cell, thin_row_wires, tmp_path)
    blocks = size[0] * size[1] // 16
    assert (set(found.violations), found.cells["m1.1"]) == ({"m1.1"}, {"synapse_2t1c_b4x4": blocks})
    assert f"in synapse_2t1c_b4x4, placed {blocks} times, at (" in found.summary()
    assert "the rest of the layout and the other rules were not checked" in found.notes[-1]
    assert 0 < found.rules_run < len(CHECKS)


@pytest.mark.parametrize("size", SIZES)
def test_a_speck_in_the_first_place_is_not_laid_to_the_block(tmp_path, size):
    cell = build("crossbar", {"rows": size[0], "cols": size[1]})
    found = fast(cell, with_box(Layer.MET5, kdb.Box(4000, 4000, 4500, 4500)), tmp_path)
    assert found.violations["m5.4"] == 1 and found.rules_run == len(CHECKS)
    assert found.cells["m5.4"] == {cell.name: 1}


def test_a_clean_array_is_checked_whole(tmp_path):
    found = fast(build("crossbar", {"rows": 64, "cols": 64}), lambda layout, top: None, tmp_path)
    assert found.clean and found.rules_run == len(CHECKS)


def test_what_the_first_look_marks_the_whole_check_marks_too(tmp_path, monkeypatch):
    """16 x 16, where the whole check of the thin wires is quick: every marker of the look is one of its."""
    monkeypatch.setattr(drc_first_look, "STANDS_OFTEN", 16)
    monkeypatch.setattr(drc_first_look, "LARGE", 10)
    cell = build("crossbar", {"rows": 16, "cols": 16})
    looked = fast(cell, thin_row_wires, tmp_path)
    monkeypatch.setattr(drc_first_look, "LARGE", 10**9)
    whole = fast(cell, thin_row_wires, tmp_path)
    assert looked.cells["m1.1"] == {"synapse_2t1c_b4x4": 16}
    assert looked.violations["m1.1"] <= whole.violations["m1.1"] and "m1.1" in whole.violations
