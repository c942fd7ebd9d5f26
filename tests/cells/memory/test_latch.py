"""The latch and what drives arrays of it: clean in all sizes, refusals, netlists that do not match, broken twins."""

import klayout.db as kdb
import pytest

from analoom.cells.memory.column_driver import column_driver
from analoom.cells.memory.word_driver import word_driver
from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without

WIDTHS = [0.42, 0.425, 1.0, 1.755, 2.0]
"""1.755 once drew the li1 of a supply beside that of a gate (li.3)."""
SHORTEST_NM = 2880
"""Rail to rail of a latch of least width, and of a driver beside it."""
DFXTP_1_UM2 = 20.02
"""A flip-flop of the high density library without taps: 7.36 um by 2.72 um, its LEF in sky130_fd_sc_hd."""


@pytest.mark.parametrize("w", WIDTHS)
def test_clean_in_fast_drc_and_lvs(tmp_path, w):
    cell = registry.build("latch", w=w)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


def test_a_latch_takes_less_than_half_of_a_flip_flop():
    width_nm, height_nm = registry.build("latch").fabric.pitch_nm
    assert width_nm * height_nm / 1e6 < DFXTP_1_UM2 / 2


@pytest.mark.parametrize("w", [0.4, 0.421, 2.005])
def test_sizes_that_cannot_be_drawn_are_refused(w):
    with pytest.raises(SpecError) as refused:
        registry.build("latch", w=w)
    assert refused.value.field == "w"


@pytest.mark.parametrize("wrong", [("bl wl q vss", "blb wl q vss"), ("q qb vss vss", "q q vss vss")])
def test_a_netlist_wired_otherwise_does_not_match(tmp_path, wrong):
    cell = registry.build("latch")
    assert wrong[0] in cell.spice()
    assert not run_lvs(twin(cell, lambda *_: None), cell.spice().replace(*wrong), cell.name, tmp_path).clean


def test_a_bridge_from_a_node_to_the_word_line_is_found(tmp_path):
    cell = registry.build("latch")
    word, node = (next(pin.box for pin in cell.pins if pin.name == net) for net in ("wl", "q"))
    bridge = kdb.Box(1000, word.bottom, 1140, node.top)
    assert not run_lvs(twin(cell, with_box(Layer.MET2, bridge)), cell.spice(), cell.name, tmp_path).clean


def test_a_node_too_close_to_the_word_line_is_found(tmp_path):
    cell = registry.build("latch")
    node = next(pin.box for pin in cell.pins if pin.name == "q")
    assert not run_drc(twin(cell, with_box(Layer.MET2, node.moved(0, -20))), ("fast",), tmp_path).clean


def test_without_taps_the_wells_are_loose(tmp_path):
    assert not run_drc(twin(registry.build("latch"), without(Layer.TAP)), ("fast",), tmp_path).clean


@pytest.mark.parametrize("cell", [column_driver, *(lambda k=k: word_driver(k, SHORTEST_NM) for k in (1, 2, 3))])
def test_drivers_are_clean_and_match(tmp_path, cell):
    drc_cell(cell(), tmp_path).require_clean()
    lvs_cell(cell(), tmp_path).require_clean()


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (column_driver, ("bl s bl_low", "bl q bl_low")),
        (column_driver, ("bl_high pcb vdd", "bl_high we vdd")),
        (lambda: word_driver(2, SHORTEST_NM), ("x0 in0 vss", "x0 in1 vss")),
    ],
)
def test_drivers_wired_otherwise_do_not_match(tmp_path, cell, wrong):
    text = cell().spice()
    assert wrong[0] in text
    assert not run_lvs(twin(cell(), lambda *_: None), text.replace(*wrong), cell().name, tmp_path).clean


def test_a_driver_that_needs_more_room_is_refused():
    with pytest.raises(ValueError, match="is 2870 nm high, not 2860"):
        word_driver(2, 2860)
