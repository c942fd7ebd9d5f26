"""Arrays of resistors as drawn: dummies, pins that take vias, what crosses a body; LVS and DRC notice damage."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.cells.model.drawing import Box, layer_index
from analoom.flows.drc.check import run_drc
from analoom.flows.export.cdl import cdl_text
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.wire_levels import VIA2
from broken import twin, with_box, without

SMALL = {"ratios": (2, 1), "w": 0.35, "l": 2.0}
THREE = {"ratios": (1, 2), "rows": 3, "w": 5.73, "l": 2.0, "dummies": False}
KINDS = [
    SMALL,
    {"ratios": (2, 1), "device": "res_high_po", "connect": "parallel", "rows": 2},
    {"ratios": (1, 2), "device": "res_generic_po", "w": 1.0},
    THREE,
]


def array(fields=SMALL):
    return registry.build("res_array", fields)


def lvs(cell, source, tmp_path, text=None, engine="fast"):
    return run_lvs(source, text or cell.spice(), cell.circuit.name, tmp_path, (engine,)).engines[engine]


def region(cell, layer):
    return kdb.Region(cell.layout.begin_shapes_rec(layer_index(layer))).merged()


@pytest.mark.parametrize("fields", KINDS)
def test_no_wire_crosses_a_body(fields):
    cell = array(fields)
    bodies = region(cell, Marker.POLYRES)
    own = region(cell, Layer.MET1) & bodies
    assert bodies.count() == sum(fields["ratios"]) + cell.notes["dummy_units"]
    assert own.is_empty() and (region(cell, Layer.MET2) & bodies).is_empty()
    assert not (region(cell, Layer.POLY) & bodies).is_empty(), "or any layer would pass"


@pytest.mark.parametrize("fields", KINDS)
def test_every_pin_takes_a_via_at_an_edge(fields):
    cell = array(fields)
    for port in cell.circuit.ports:
        (place,) = cell.access(port)
        assert any(landing.via is VIA2 for landing in place.landings), port
        assert place.box.left == cell.bbox_nm.left or place.box.right == cell.bbox_nm.right


def test_both_ends_of_a_dummy_are_on_the_body():
    cell = array()
    dummies = [i for i in cell.instances if i.name.startswith("dummy")]
    assert len(dummies) == 2 and all(set(i.nets.values()) == {"b"} for i in dummies)
    edge = [i.trans.disp.x for i in dummies]
    others = [i.trans.disp.x for i in cell.instances if i not in dummies]
    assert min(edge) < min(others) and max(edge) > max(others)


def _swapped(text):
    """The schematic with the taps p1 and n2 exchanged."""
    return text.replace("p1", "%").replace("n2", "p1").replace("%", "n2")


DAMAGE = {
    "no urpm": (without(Marker.URPM), "device"),
    "no marker": (without(Marker.POLYRES), "device"),
    "no via": (without(Layer.VIA), "net"),
    "two tracks bridged": (with_box(Layer.MET2, Box(0, 900, 300, 2100)), ""),
    "body longer": (with_box(Marker.POLYRES, Box(830, 2100, 1180, 2200)), ""),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_lvs_notices_damage(what, tmp_path):
    cell = array()
    assert lvs(cell, of_cell(cell), tmp_path).state == "match"
    assert lvs(cell, twin(cell, DAMAGE[what][0]), tmp_path).state == "mismatch"


WRONG = {
    "a length one step off": lambda text: text.replace(" l=2 ", " l=2.005 "),
    "another model": lambda text: text.replace("res_xhigh_po", "res_high_po"),
    "taps changed over": _swapped,
}


@pytest.mark.parametrize("what", WRONG)
def test_lvs_notices_another_schematic(what, tmp_path):
    cell = array()
    assert lvs(cell, of_cell(cell), tmp_path, WRONG[what](cell.spice())).state == "mismatch"


@pytest.mark.slow
@pytest.mark.tools
def test_netgen_agrees_on_the_array_and_on_every_wrong_one(tmp_path):
    cell = array()
    assert lvs(cell, of_cell(cell), tmp_path, engine="netgen").state == "match"
    for name, wrong in WRONG.items():
        assert lvs(cell, of_cell(cell), tmp_path, wrong(cell.spice()), "netgen").state == "mismatch", name
    assert lvs(cell, twin(cell, without(Marker.URPM)), tmp_path, engine="netgen").state == "mismatch"


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("fields", KINDS)
def test_the_official_engines_are_content(fields, tmp_path):
    cell = array(fields)
    run_drc(of_cell(cell), ("klayout", "magic"), tmp_path).require_clean()
    assert lvs(cell, of_cell(cell), tmp_path, engine="netgen").state == "match"


def test_drc_notices_a_width_between_the_legal_ones(tmp_path):
    """A strip 5 nm wider than 0.35 um, which neither official engine minds."""
    cell = array()
    wider = twin(cell, with_box(Layer.POLY, Box(1175, 0, 1185, 6320)))
    found = run_drc(wider, ("fast",), tmp_path).engines["fast"].violations
    assert "rpm.1f" in found and "rpm.1f" not in run_drc(of_cell(cell), ("fast",), tmp_path).engines["fast"].violations


def test_cdl_lists_each_unit_with_its_sizes():
    assert "Xr r0 r1 b sky130_fd_pr__res_xhigh_po w=0.35 l=2 m=1" in cdl_text(array())


def test_the_example_of_the_weighted_sum_is_centred_and_clean(tmp_path):
    cell = array({"ratios": (37, 2, 13, 5, 10), "rows": 3, "w": 1.41, "r_unit": 21200.0})
    assert set(map(tuple, cell.notes["centroid_offset_um"].values())) == {(0.0, 0.0)}
    assert lvs_cell(cell, tmp_path).clean
