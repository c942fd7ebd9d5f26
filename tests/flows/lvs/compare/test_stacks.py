"""Transistors in series: strips in parallel are one stack of total width, and nothing else is."""

import random

import klayout.db as kdb
import pytest

from analoom.flows.lvs.compare.compare import combine
from analoom.flows.lvs.reference.netlist import read_reference

STRIP = "Xa{k} d g1 {mid} b sky130_fd_pr__nfet_01v8 w=1 l={l} m=1\nXb{k} {mid} g2 s b sky130_fd_pr__nfet_01v8 w=1 l=0.5"
SWAPPED = (
    "Xa{k} d g2 {mid} b sky130_fd_pr__nfet_01v8 w=1 l=0.5 m=1\nXb{k} {mid} g1 s b sky130_fd_pr__nfet_01v8 w=1 l=0.5"
)


def widths(tmp_path, *strips, ports="d g1 g2 s b"):
    """Sorted widths of the transistors left after combining, in um."""
    path = tmp_path / "stack.spice"
    path.write_text("\n".join([f".subckt stack {ports}", *strips, ".ends", ""]))
    netlist = read_reference(path, "stack")
    combine(netlist)
    top = netlist.circuit_by_name("stack") or netlist.circuit_by_name("STACK")
    return sorted(d.parameter(kdb.DeviceClassMOS4Transistor.PARAM_W) for d in top.each_device())


def test_two_strips_are_one_stack_of_twice_the_width(tmp_path):
    strips = [STRIP.format(k=k, mid=f"m{k}", l=0.5) for k in (1, 2)]
    assert widths(tmp_path, *strips) == pytest.approx([2, 2])


def test_a_drawn_middle_net_says_the_same(tmp_path):
    strips = [STRIP.format(k=k, mid="m", l=0.5) for k in (1, 2)]
    assert widths(tmp_path, *strips) == pytest.approx([2, 2])


@pytest.mark.parametrize(
    ("second", "ports"),
    [
        (SWAPPED.format(k=2, mid="m2"), "d g1 g2 s b"),
        (STRIP.format(k=2, mid="m2", l=0.6), "d g1 g2 s b"),
        (STRIP.format(k=2, mid="m2", l=0.5), "d g1 g2 s b m2"),
    ],
    ids=["gates in the other order", "another length", "the inner net is a port"],
)
def test_what_is_not_electrically_equal_stays_apart(second, ports, tmp_path):
    assert len(widths(tmp_path, STRIP.format(k=1, mid="m1", l=0.5), second, ports=ports)) == 4


TREE = (
    *(STRIP.format(k=k, mid=f"m{k}", l=0.5) for k in (1, 2)),
    *(f"Xp{k} {nets} b sky130_fd_pr__nfet_01v8 w=1 l=0.5" for k, nets in enumerate(("s g3 v", "v g3 s", "s g4 v"))),
)
"""Two strips from d to the inner net s, and below it g3, drawn twice, beside g4: as in many gates of a library."""


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_lines_does_not_matter(seed, tmp_path):
    lines = [line for part in TREE for line in part.splitlines()]
    random.Random(seed).shuffle(lines)
    assert widths(tmp_path, *lines, ports="d g1 g2 g3 g4 v b") == pytest.approx([1, 2, 2, 2])


def strip(k, upper, lower):
    line = "{} {} b sky130_fd_pr__nfet_01v8 w={} l=0.5"
    return f"Xa{k} d g1 {line.format(f'm{k}', '', upper)}\nXb{k} m{k} g2 {line.format('s', '', lower)}"


@pytest.mark.parametrize(
    ("second", "left"), [((2, 4), [3, 6]), ((4, 2), [1, 2, 2, 4])], ids=["twice as wide", "otherwise wide"]
)
def test_strips_are_one_stack_when_one_ratio_holds_throughout(second, left, tmp_path):
    """Then their inner nets are at one voltage; widths in um."""
    assert widths(tmp_path, strip(1, 1, 2), strip(2, *second)) == pytest.approx(left)
