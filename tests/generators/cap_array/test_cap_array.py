"""The capacitor array: units per weight on their own nets, centroids from the drawn plates, dummies, DRC and LVS."""

from collections import Counter
from itertools import pairwise

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region

DEMO = (1, 1, 2, 4, 8, 16, 32)
SPECS = [
    {},
    {"weights": DEMO},
    {"weights": DEMO, "unit": {"w": 1.0}},
    {"weights": (3, 5, 7), "unit": {"w": 1.335}},
    {"weights": (1,), "dummies": False},
    {"weights": (2, 2, 3), "unit": {"w": 3.505}, "dummies": False},
    {"weights": (1,) * 30, "unit": {"w": 1.0}},
    {"weights": DEMO, "pattern": "spiral"},
    {"weights": DEMO, "pattern": "chessboard", "stubs": (0.1, 0, 0.005, 0.2, 0, 1, 2)},
    {"weights": (3, 9, 20), "pattern": "block_chessboard"},
    {"weights": (2, 9, 21), "pattern": "dispersed"},
]


def plates_by_wire(cell):
    """(bottom plates by net, top plates by net), sorted counts, traced flat from the drawing."""
    layers = (Layer.MET1, Layer.VIA, Layer.MET2, Layer.VIA2, Layer.MET3, Layer.MET4, Layer.VIA3, Layer.CAPM)
    met1, via, met2, via2, met3, met4, via3, plate = (region(cell, layer) for layer in layers)
    net = kdb.LayoutToNetlist(cell.name, 0.001)
    parts = {"met1": met1, "via": via, "met2": met2, "via2": via2, "met3": met3, "met4": met4, "plate": plate}
    parts |= {"via3_plate": via3 & plate, "via3_wire": via3 - plate}
    for name, part in parts.items():
        net.register(part, name)
        net.connect(part)
    chain = ("met1", "via", "met2", "via2", "met3", "via3_wire", "met4", "via3_plate", "plate")
    for below, above in pairwise(chain):
        net.connect(parts[below], parts[above])
    net.extract_netlist()
    nets = list(next(net.netlist().each_circuit_top_down()).each_net())
    bottoms, tops = ([net.shapes_of_net(n, parts[p], True).count() for n in nets] for p in ("met3", "plate"))
    return sorted(filter(None, bottoms)), sorted(filter(None, tops))


@pytest.mark.parametrize("fields", SPECS)
def test_each_weight_and_the_dummies_are_one_net_each(fields):
    cell = registry.build("cap_array", fields)
    dummies = [cell.grid.dummies] if cell.grid.dummies else []
    bottoms, tops = plates_by_wire(cell)
    assert bottoms == sorted([*cell.spec.weights, *dummies])
    assert tops == sorted([sum(cell.spec.weights), *dummies])


@pytest.mark.parametrize("fields", SPECS)
def test_clean_in_fast_drc_and_lvs(tmp_path, fields):
    cell = registry.build("cap_array", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("fields", SPECS[1:3])
def test_clean_in_the_sign_off_engines(tmp_path, fields):
    drc_cell(registry.build("cap_array", fields), tmp_path, ("klayout", "magic")).require_clean()


def test_centroids_of_the_drawn_plates():
    """Even weights share one centre exactly; two odd ones of one unit sit half a diagonal pitch from it."""
    cell = registry.build("cap_array", {"weights": DEMO})
    group = cell.match_groups[0]
    drawn = Counter((b.left, b.bottom, b.right, b.top) for b in (p.bbox() for p in region(cell, Layer.CAPM).each()))
    assert all(drawn[b.left, b.bottom, b.right, b.top] == 1 for boxes in group.members.values() for b in boxes)
    centres = {name: group.centroid_nm(name) for name in group.members}
    assert len({centres[f"b{k}"] for k in range(2, 7)}) == 1
    (x, y), (x0, y0), (x1, y1) = centres["b2"], centres["b0"], centres["b1"]
    assert (x0 + x1, y0 + y1) == (2 * x, 2 * y)
    pitch_x, pitch_y = cell.grid.pitch_um
    assert cell.notes["centroid_offset_um"]["b0"] == [(x0 - x) / 1000, (y0 - y) / 1000] == [-pitch_x / 2, -pitch_y / 2]


def test_pitch_at_one_micrometre_is_the_least_the_deck_allows():
    """2.48 um: plates of 1.28 um, 1.2 um apart (MR_capm.SP.2 of the shuttle deck)."""
    cell = registry.build("cap_array", {"weights": DEMO, "unit": {"w": 1.0}})
    assert cell.grid.pitch_um[0] == 2.48


def test_ring_surrounds_the_weights():
    with_ring = registry.build("cap_array", {"weights": (4, 4, 8)})
    bare = registry.build("cap_array", {"weights": (4, 4, 8), "dummies": False})
    assert with_ring.grid.dummies == 6 * 6 - 16
    assert bare.grid.dummies == 0
    assert "vss" in with_ring.circuit.ports and "vss" not in bare.circuit.ports
    weights = kdb.Region([b for boxes in with_ring.match_groups[0].members.values() for b in boxes])
    ring = region(with_ring, Layer.CAPM) - weights
    assert weights.bbox().inside(ring.bbox()) and weights.bbox() != ring.bbox()


def test_bit_tracks_hide_from_the_top_plate():
    """A plate or the met2 on vss lies over nine tenths of every met1 track inside the array, and under every met4."""
    cell = registry.build("cap_array", {"weights": DEMO})
    units = kdb.Region([b for boxes in cell.match_groups[0].members.values() for b in boxes])
    tracks = region(cell, Layer.MET1) & kdb.Region(units.bbox())
    cover = region(cell, Layer.MET2) + region(cell, Layer.MET3)
    assert (tracks & region(cell, Layer.MET4) - cover).is_empty()
    assert (tracks - cover).area() < 0.1 * tracks.area()


def test_more_bits_than_tracks_widen_the_columns():
    cell = registry.build("cap_array", {"weights": (1,) * 64, "unit": {"w": 1.0}})
    assert cell.grid.pitch_um[0] > 2.48 and "tracks" in cell.notes["pitch_x_set_by"]


def lines_of(*nets):
    """A box over the pins of some nets of the default array."""
    boxes = [pin.box for pin in registry.build("cap_array").pins if pin.name in nets]
    return kdb.Box(boxes[0].p1, boxes[0].p2) + boxes[1]


DAMAGES = {
    "no via2": without(Layer.VIA2),
    "no via": without(Layer.VIA),
    "no via3": without(Layer.VIA3),
    "two lines joined": lambda copy, top: with_box(Layer.MET2, lines_of("b0", "b1"))(copy, top),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_lvs_catches_a_broken_twin(tmp_path, damage):
    cell = registry.build("cap_array")
    assert not run_lvs(twin(cell, damage), cell.spice(), cell.name, tmp_path).clean


def test_drc_catches_a_neighbour_too_close(tmp_path):
    cell = registry.build("cap_array")
    near = twin(cell, with_box(Layer.MET3, kdb.Box(2300, 0, 2700, 1000)))
    assert not run_drc(near, ("fast",), tmp_path).clean


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"weights": []}, "weights", "1 to 64 weights"),
        ({"weights": [1] * 65}, "weights", "1 to 64 weights"),
        ({"weights": [1, -2]}, "weights.1", "greater than or equal to 1"),
        ({"weights": [0]}, "weights.0", "greater than or equal to 1"),
        ({"weights": [1.5]}, "weights.0", "whole number"),
        ({"weights": [4000, 97]}, "weights", "at most 4096 units"),
        ({"weights": 3}, "weights", "must be a list"),
        ({"unit": {"w": 0.5}}, "unit.w", "greater than or equal to 1"),
        ({"unit": {"w": 1.001}}, "unit.w", "multiple of 0.005 um"),
        ({"unit": {"h": 2}}, "unit.h", "one of the fields"),
    ],
)
def test_refusals(fields, field, said):
    with pytest.raises(SpecError, match=said) as refused:
        registry.build("cap_array", fields)
    assert refused.value.field == field


@pytest.mark.parametrize(("unit", "hides"), [({}, True), ({"device": "cap_mim_m3_2", "w": 3.0}, False)])
def test_notes_say_that_a_tab_hides_the_tracks_where_one_does(unit, hides):
    """Below met3, the bottom plate of cap_mim_m3_1, run tracks; that of cap_mim_m3_2 is met4."""
    rule = registry.build("cap_array", {"weights": (1, 1), "unit": unit}).notes["pitch_y_set_by"]
    assert ("hides the tracks" in rule) == hides
