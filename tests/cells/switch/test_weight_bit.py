"""A bit of a weight and the analog switch: clean in all sizes, refusals, clocks that couple alike, broken twins."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.pex.extract import extract
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box
from drawn import region

CELLS = [
    ("weight_bit", {"w": 5.0}),
    ("weight_bit", {"w": 1.1, "l": 2.0}),
    ("weight_bit", {"l": 0.155, "rest": False}),
    ("analog_switch", {"w": 20.0, "l": 2.0}),
    ("analog_switch", {"w": 0.84, "dummy": False}),
    ("analog_switch", {"w": 3.01, "l": 0.175}),
    ("analog_switch", {"w": 1.0, "room": 20.0}),
]


@pytest.mark.parametrize(("name", "fields"), CELLS)
def test_clean_in_fast_drc_and_lvs(tmp_path, name, fields):
    cell = registry.build(name, fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("weight_bit", {"w": 0.4}, "w"),
        ("weight_bit", {"l": 0.14}, "l"),
        ("analog_switch", {"w": 0.8}, "w"),
        ("analog_switch", {"w": 1.005}, "w"),
        ("analog_switch", {"l": 0.151}, "l"),
        ("analog_switch", {"room": 1.005}, "room"),
    ],
)
def test_sizes_that_cannot_be_drawn_are_refused(name, fields, field):
    with pytest.raises(SpecError) as refused:
        registry.build(name, fields)
    assert refused.value.field == field


@pytest.mark.parametrize("wrong", [(" a q y ", " a s y "), (" mb m vss ", " m mb vss "), (" d ck1 m ", " d ck2 m ")])
def test_a_netlist_wired_otherwise_does_not_match(tmp_path, wrong):
    cell = registry.build("weight_bit", {})
    text = cell.spice()
    assert wrong[0] in text
    other = text.replace(*wrong)
    assert not run_lvs(twin(cell, lambda *_: None), other, cell.name, tmp_path).clean


def test_a_bridge_between_two_tracks_is_found(tmp_path):
    cell = registry.build("weight_bit", {})
    one, other = (next(pin.box for pin in cell.pins if pin.name == net) for net in ("ck1", "ck2"))
    broken = twin(cell, with_box(Layer.MET2, kdb.Box(one.left, one.bottom, one.left + 140, other.top)))
    assert not run_lvs(broken, cell.spice(), cell.name, tmp_path).clean


def test_a_track_too_close_is_found(tmp_path):
    cell = registry.build("weight_bit", {})
    box = next(pin.box for pin in cell.pins if pin.name == "ck1")
    broken = twin(cell, with_box(Layer.MET2, box.moved(0, 20)))
    assert not run_drc(broken, ("fast",), tmp_path).clean


def test_without_the_second_switch_its_place_stays_empty():
    """Both kinds stand in one row: same frame, same tracks, fewer gates."""
    full, one = (registry.build("weight_bit", {"rest": rest}) for rest in (True, False))
    assert full.bbox_nm == one.bbox_nm
    shared = {pin.name: pin.box for pin in full.pins if pin.name != "c"}
    assert shared == {pin.name: pin.box for pin in one.pins}
    gates = [(region(cell, Layer.POLY) & region(cell, Layer.DIFF)).count() for cell in (full, one)]
    assert gates == [20, 18]


def test_a_narrow_switch_fits_beside_a_wide_one():
    """Same rails, same tracks, same width: the two abut."""
    wide, narrow = (registry.build("analog_switch", {"w": w, "room": 6.0}) for w in (6.0, 1.0))
    assert wide.bbox_nm == narrow.bbox_nm
    assert [(pin.name, pin.box) for pin in wide.pins] == [(pin.name, pin.box) for pin in narrow.pins]


@pytest.mark.slow
@pytest.mark.parametrize("dummy", [True, False])
def test_both_clocks_couple_alike_to_the_side_left_floating(tmp_path, dummy):
    """Feedthrough of a clock and its complement cancels where the wires to `b` are alike: to 2.5 %, by extraction."""
    cell = registry.build("analog_switch", {"dummy": dummy})
    net = extract(of_cell(cell), workdir=tmp_path).nets["b"]
    assert net.coupling_f["en"] == pytest.approx(net.coupling_f["enb"], rel=0.025, abs=0)
