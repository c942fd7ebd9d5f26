"""Wishes of a floorplan are kept where they are said, and what was drawn without them breaks them."""

import klayout.db as kdb
import pytest

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Spec
from analoom.cells.model.drawing import library
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Net, wire_box
from analoom.generators.wiring import channels, floorplan
from analoom.generators.wiring.floorplan import Floorplan
from analoom.generators.wiring.metal_index import MetalIndex
from analoom.generators.wiring.resistance import ohm_of
from analoom.generators.wiring.twins import lengthen
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

HIGH = (Layer.MET3, Layer.MET4, Layer.MET5)


def three(name, wish=lambda floor, parts: None):
    """Three transistors in a row: `far` joins the outer two, `near` the first and the middle one."""
    floor = Floorplan(name)
    sizes = [MosfetSpec(w=2, l=1), MosfetSpec(w=6, l=4, nf=2), MosfetSpec(w=2, l=1)]
    nets = [{"g": "far", "d": "near"}, {"g": "near", "d": "y"}, {"g": "far", "d": "z"}]
    parts = [floor.part(f"m{k}", mosfet(sizes[k]), {**nets[k], "s": "vss", "b": "vss"}) for k in range(3)]
    wish(floor, parts)
    floor.pins(left=["far"], right=["y", "z"], bottom=["vss"])
    return floor.cell(floor.row(*parts), Spec(), "macro")


def is_right(cell, folder):
    source = of_cell(cell)
    return run_drc(source, ("fast",), folder).clean and run_lvs(source, cell.circuit.spice(), cell.name, folder).clean


@pytest.fixture
def wired(monkeypatch):
    """The nets of the block drawn last, by name."""
    found = {}

    def noted(tree, lanes):
        done = channels.wire_up(tree, lanes)
        found.update({net.name: net for net in done[1]})
        return done

    monkeypatch.setattr(floorplan, "wire_up", noted)
    return found


def over(cell, part):
    """What the block's own wires of the high metals cover of a part (nm2)."""
    box = next(i.cell.bbox_nm.transformed(i.trans) for i in cell.instances if i.name == part)
    wires = (kdb.Region(cell.layout.shapes(library().layer(*metal.value))) for metal in HIGH)
    return sum((region & kdb.Region(box)).area() for region in wires)


@pytest.mark.slow
def test_no_wire_lies_over_a_part_that_is_kept_free(tmp_path):
    free = three("test_free", lambda floor, parts: floor.keep_off(parts[1], levels=HIGH))
    assert is_right(free, tmp_path)
    assert over(free, "m1") == 0 < over(three("test_not_free"), "m1")


LINES = [210 * k for k in range(100)]
LATTICE = Lattice(LINES, LINES)
MET2, WIDTH, SPACE = 1, 140, 140


def straight(name, row, columns):
    """A net with one wire on met2, along x."""
    nodes = [LATTICE.node(MET2, i, row) for i in range(columns)]
    net = Net(name, [], ways=[nodes])
    net.wires.append((Layer.MET2, wire_box(MET2, (0, LINES[row]), (LINES[columns - 1], LINES[row]))))
    return net


def area_nm2(net):
    return net.metal(MET2).merged().area()


def test_the_shorter_of_two_nets_gets_loops_that_keep_the_rules_until_it_is_as_long():
    """51 lines are 10.5 um, 31 are 6.3 um; a wire of constant width has that width by its length as its area."""
    short, long = straight("short", 20, 31), straight("long", 60, 51)
    before = area_nm2(short)
    lengthen(long, short, 0.0, LATTICE, MetalIndex([], [short, long]), kdb.Region())
    assert (area_nm2(short) - before) / WIDTH == pytest.approx(10_500 - 6_300, abs=1)
    drawn = short.metal(MET2).merged()
    assert drawn.size() == 1 and drawn.space_check(SPACE).count() == drawn.width_check(WIDTH).count() == 0


def test_a_net_that_has_no_room_for_loops_is_told():
    """Wires of another net run a space away on both sides."""
    short, long = straight("short", 20, 31), straight("long", 60, 51)
    beside = [straight(f"beside {row}", row, 60) for row in (18, 22)]
    with pytest.raises(SpecError, match=r"within 0.02 of the 10.5 um of long, not 6.3 um"):
        lengthen(short, long, 0.02, LATTICE, MetalIndex([], [short, long, *beside]), kdb.Region())


def test_loops_keep_off_gates_and_lie_over_them_where_there_is_none_to_keep_off():
    """A gate 400 nm above all of the wire: loops go to the other side."""
    gate = kdb.Region(kdb.Box(0, LINES[20] + 400, 6300, LINES[20] + 5000))
    for gates, over in ((gate, False), (kdb.Region(), True)):
        short, long = straight("short", 20, 31), straight("long", 60, 51)
        lengthen(short, long, 0.02, LATTICE, MetalIndex([], [short, long]), gates)
        assert short.looped_nm > 0
        assert (short.metal(MET2) & gate).is_empty() != over


def test_two_nets_of_a_block_are_equally_long(wired, tmp_path):
    """Without the wish `near` has no loops and is less than 0.7 of `far`."""
    three("test_lengths")
    assert wired["near"].looped_nm == 0
    plain = metal_nm2(wired["near"]) / metal_nm2(wired["far"])
    block = three("test_same_length", lambda floor, parts: floor.same_length("far", "near"))
    assert plain < 0.7 < metal_nm2(wired["near"]) / metal_nm2(wired["far"])
    assert is_right(block, tmp_path)


def metal_nm2(net):
    return sum(net.metal(level).merged().area() for level in range(5))


def test_the_resistance_of_a_net_is_that_of_its_wires_and_cuts():
    """met2 has 0.125 ohm a square and is 39 nm narrower than drawn, met3 0.047 and 25 nm; a via2 has 3.41 ohm."""
    flat = [LATTICE.node(MET2, i, 20) for i in range(51)]
    up = [LATTICE.node(MET2 + 1, 50, j) for j in range(20, 81)]
    net = Net("n", [], ways=[[*flat, *up]])
    met2, met3 = 0.125 * 10.5 / (0.140 - 0.039), 0.047 * 12.6 / (0.300 - 0.025)
    assert ohm_of(net, LATTICE, lambda run: 0) == pytest.approx(met2 + 3.41 + met3, rel=1e-6)
    assert ohm_of(net, LATTICE, lambda run: 600) == pytest.approx(
        0.125 * 10.5 / 0.561 + 3.41 + 0.047 * 12.6 / 0.575, rel=1e-6
    )
    side = [LATTICE.node(MET2, 25, j) for j in (20, *range(21, 31))]
    branched = Net("n", [], ways=[[*flat, *up], side])
    assert ohm_of(branched, LATTICE, lambda run: 0) == pytest.approx(met2 + 3.41 + met3, rel=1e-6), "the farthest pins"


@pytest.mark.slow
def test_a_net_grows_until_its_resistance_is_kept_or_is_told(wired, tmp_path):
    """Four cuts of 3.41 ohm lie in the way of `far`; the rest is its wire on met4, 0.3 um wide unless it grows."""
    three("test_thin")
    thin = widest_nm(wired["far"], Layer.MET4)
    block = three("test_wide", lambda floor, parts: floor.resistance("far", 15.3))
    assert thin == 300 < widest_nm(wired["far"], Layer.MET4)
    assert is_right(block, tmp_path)
    with pytest.raises(SpecError, match=r"far.*at most 13.6 ohm between its pins, not 1[45]"):
        three("test_too_wide", lambda floor, parts: floor.resistance("far", 13.6))


def widest_nm(net, metal):
    """Of the wires longer than 1 um, which no pad is."""
    sides = [sorted((box.width(), box.height())) for layer, box in net.wires if layer is metal]
    return max(short for short, long in sides if long > 1000)


def test_a_net_with_loops_is_not_widened_as_well():
    def both(floor, parts):
        floor.resistance("far", 100.0)
        floor.same_length("near", "far")

    with pytest.raises(SpecError, match="far"):
        three("test_both", both)
