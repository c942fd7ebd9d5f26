"""Blocks wired by the router are clean and match; what is damaged in them is found; what cannot be wired is told."""

import klayout.db as kdb
import pytest

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Spec
from analoom.cells.model.drawing import Box, discard, library
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring import channels, floorplan
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, without_box

from .random_blocks import random_block


def ota(name, wide=0):
    """A five-transistor OTA."""
    floor = Floorplan(name)
    tail = floor.part("tail", mosfet(MosfetSpec(w=4, l=1, nf=2)), {"d": "tail", "g": "vb", "s": "vss", "b": "vss"})
    pair = floor.part(
        "pair",
        matched_pair(MatchedPairSpec(w=4, l=0.5)),
        {"d1": "x", "d2": "out", "g1": "inp", "g2": "inn", "s": "tail", "b": "vss"},
    )
    loads = current_mirror(CurrentMirrorSpec(device="pfet_01v8", w=2, l=1, ratios=(1, 1)))
    load = floor.part("load", loads, {"in": "x", "out1": "out", "s": "vdd", "b": "vdd"})
    if wide:
        floor.supply("vdd", "vss", width_nm=wide)
    floor.pins(left=["vb", "inp", "vss"], right=["inn", "out", "vdd"])
    return floor.cell(floor.stack(tail, pair, load), Spec(), "macro")


@pytest.fixture(scope="module")
def drawn():
    return ota("test_ota")


def clean(cell, folder):
    return run_drc(of_cell(cell), ("fast",), folder).clean


def matches(source, cell, folder):
    return run_lvs(source, cell.circuit.spice(), cell.name, folder).clean


def test_an_ota_is_clean_and_matches_and_a_missing_wire_is_seen(drawn, tmp_path):
    assert clean(drawn, tmp_path)
    assert matches(of_cell(drawn), drawn, tmp_path)
    wires = [shape.bbox() for shape in drawn.layout.shapes(library().layer(*Layer.MET3.value)).each()]
    longest = max(wires, key=lambda box: box.height())
    assert not matches(twin(drawn, without_box(Layer.MET3, longest)), drawn, tmp_path)


def test_ports_and_pins_are_those_asked_for_on_their_sides(drawn):
    assert drawn.circuit.ports == ("vb", "inp", "vss", "inn", "out", "vdd")
    box = drawn.bbox_nm
    ends = {pin.name: (pin.box.left == box.left, pin.box.right == box.right) for pin in drawn.pins}
    assert ends == {
        **dict.fromkeys(("vb", "inp", "vss"), (True, False)),
        **dict.fromkeys(("inn", "out", "vdd"), (False, True)),
    }


def test_the_same_parts_give_the_same_drawing(drawn):
    again = ota("test_ota_again")
    for layer in (Layer.MET1, Layer.MET2, Layer.MET3, Layer.VIA, Layer.VIA2):
        one, two = (kdb.Region(cell.layout.begin_shapes_rec(library().layer(*layer.value))) for cell in (drawn, again))
        assert (one ^ two).is_empty(), layer


def test_supplies_grow_wide_and_cuts_are_doubled(drawn):
    wide = ota("test_ota_wide", wide=1000)
    assert _widest_nm(drawn) < 500 < 900 <= _widest_nm(wide) <= 1000
    cuts = kdb.Region(wide.layout.begin_shapes_rec(library().layer(*Layer.VIA2.value))).merged()
    near = cuts.space_check(205).count()
    assert near > 0, "two via2 200 nm apart"


def _widest_nm(cell):
    """The largest width of a wire that the block itself draws."""
    layers = (library().layer(*layer.value) for layer in (Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4))
    boxes = [shape.bbox() for layer in layers for shape in cell.layout.shapes(layer).each()]
    return max(min(box.width(), box.height()) for box in boxes)


def test_matched_gates_have_no_wire_above_them(drawn):
    pair = next(i for i in drawn.instances if i.name == "pair")
    gates = [box.transformed(pair.trans) for g in pair.cell.match_groups for m in g.members.values() for box in m]
    for layer in (Layer.MET3, Layer.MET4, Layer.MET5):
        wires = kdb.Region(drawn.layout.begin_shapes_rec(library().layer(*layer.value)))
        assert (wires & kdb.Region(gates)).is_empty(), layer


def test_twins_are_mirror_images_where_their_pins_are(tmp_path, monkeypatch):
    """Two rows of a transistor and its mirror image: `a` on the left is `b` on the right, wire for wire."""
    nets = []

    def noted(tree, lanes):
        arrangement, found, box = channels.wire_up(tree, lanes)
        nets.extend(found)
        return arrangement, found, box

    monkeypatch.setattr(floorplan, "wire_up", noted)
    floor, cell = Floorplan("test_twins"), mosfet(MosfetSpec(w=4, l=0.5, nf=2))
    supply = {"s": "vss", "b": "vss"}
    rows = []
    for k in (0, 1):
        left = floor.part(f"l{k}", cell, {"g": "ga", "d": "a", **supply})
        rows.append([left, floor.part(f"r{k}", cell, {"g": "gb", "d": "b", **supply}, turned="y")])
    floor.mirror("a", "b")
    floor.pins(left=["a", "ga"], right=["b", "gb"], bottom=["vss"])
    block = floor.cell(floor.grid(rows), Spec(), "macro")
    assert clean(block, tmp_path)
    assert matches(of_cell(block), block, tmp_path)
    one, other = (next(net for net in nets if net.name == name) for name in ("a", "b"))
    edges = [pin.box for pin in block.pins if pin.name in ("a", "b")]
    middle = edges[0].left + edges[1].right
    for level in (0, 1, 2, 3):
        image = one.metal(level).transformed(kdb.Trans(kdb.Trans.M90, middle, 0))
        assert (image ^ other.metal(level)).is_empty()
    assert one.cuts and len(one.cuts) == len(other.cuts)


def test_a_part_is_declared_with_all_its_nets_and_once():
    floor, cell = Floorplan("test_declared"), mosfet(MosfetSpec())
    with pytest.raises(ValueError, match="ports are"):
        floor.part("m1", cell, {"d": "a", "g": "a"})
    nets = dict.fromkeys("dgsb", "a")
    floor.part("m1", cell, nets)
    with pytest.raises(ValueError, match="two parts are called m1"):
        floor.part("m1", cell, nets)


def test_a_net_without_a_way_is_told_with_its_place(monkeypatch):
    """A plate over everything on each level shuts all pins in."""
    monkeypatch.setattr(channels, "ROUNDS", 3)
    monkeypatch.setattr(channels, "kept_clear", lambda instance, level: [Box(-(10**6), -(10**6), 10**6, 10**6)])
    with pytest.raises(SpecError, match=r"net \w+ finds no way at \([0-9., -]+\) um"):
        ota("test_shut_in")


@pytest.mark.slow
def test_a_search_that_takes_too_long_ends_with_a_net_a_place_and_what_helps(monkeypatch):
    """Nets of this block are in each other's way at first; with effort enough it is drawn."""
    monkeypatch.setattr(channels, "EFFORT", 1)
    with pytest.raises(SpecError, match=r"net \w+ finds no way at .* um .*parts of one net nearer"):
        random_block(1, 12)
    monkeypatch.undo()
    discard("random_block_1_12")
    assert random_block(1, 12).bbox_nm.width() > 0


@pytest.mark.parametrize("seed", range(5))
def test_random_blocks_are_clean_and_match(seed, tmp_path):
    block = random_block(seed, 3 + seed)
    assert clean(block, tmp_path)
    assert matches(of_cell(block), block, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(300))
def test_three_hundred_random_blocks(seed, tmp_path):
    block = random_block(1000 + seed, 3 + seed % 28)
    assert clean(block, tmp_path)
    assert matches(of_cell(block), block, tmp_path)


@pytest.mark.full
def test_a_hundred_parts_joined_at_random_are_clean_and_match(tmp_path):
    block = random_block(1, 100)
    assert clean(block, tmp_path)
    assert matches(of_cell(block), block, tmp_path)
