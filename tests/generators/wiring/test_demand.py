"""What nets need of a block, and what it has room for, are what a count by hand gives; gaps grow by what lacks."""

import klayout.db as kdb
import numpy as np
import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.placing.arrange import Gap, Line
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Joint, Net, Terminal
from analoom.generators.wiring.demand import MOST_USED, lacking, needed, room, used
from analoom.pdk.layers import Layer

LINES = [210 * k for k in range(101)]
ROOM = 101 / 2 + 101 / 3
"""Across a line along y: met2 takes 280 nm, two lines, met4 600 nm, three."""
STACK = Line("y", ())
GAPS = [Gap(STACK, k, Box(0, y, 21_000, y + 400)) for k, y in enumerate((5_000, 12_000))]


def net(*pins):
    joints = (Joint(Layer.MET2, Box(x, y, x, y), 140, kdb.Region()) for x, y in pins)
    return Net("n", [Terminal(f"p{k}", (joint,)) for k, joint in enumerate(joints)])


def across(count):
    """Nets from the left edge to the right one."""
    return [net((-10, 500 * k), (21_010, 500 * k)) for k in range(count)]


def test_a_net_is_needed_at_each_line_between_its_pins_and_one_of_many_pins_more_than_once():
    nets, lattice = [net((100, 0), (1000, 0)), net((500, 50), (500, 900)), net((0, 0))], Lattice(LINES, LINES)
    expected = [sum(1 for low, high in ((100, 1000),) if low <= x < high) for x in LINES]
    assert needed(nets, lattice, "h").tolist() == expected
    assert needed(nets, lattice, "v")[1] == 1.0, "the second net alone"
    many = net(*((1000 * k, 0) for k in range(20)))
    assert needed([many], lattice, "h")[50] == pytest.approx(1.89, rel=0.06), "RISA's table 1 for 20 pins"


def test_room_is_what_nothing_fixed_bars():
    fixed = Counted(Lattice(LINES, LINES))
    assert room(fixed, "h") == pytest.approx(np.full(101, ROOM), rel=1e-9)
    fixed.wires[1, 40, :] = 1
    assert room(fixed, "h")[40] == pytest.approx(101 / 3, rel=1e-9)
    assert room(fixed, "h")[41] == pytest.approx(ROOM, rel=1e-9)


def test_gaps_grow_by_what_lacks_and_those_of_few_nets_stay():
    """What lacks of wires by 1 / 420 + 1 / 630 of them a nm of met2 and met4, shared by two gaps, up to 420 nm more."""
    fixed = Counted(Lattice(LINES, LINES))
    assert lacking(across(10), fixed, GAPS) == {}
    nets = across(30)
    assert used(nets, fixed, "h") == pytest.approx(30 / ROOM, rel=0.01)
    wanted = (30 / MOST_USED - ROOM) / (1 / 420 + 1 / 630) / 2
    found = lacking(nets, fixed, GAPS)
    assert list(found) == [(STACK, 0), (STACK, 1)]
    assert all(wanted * 0.97 <= grown <= wanted + 420 for grown in found.values())
