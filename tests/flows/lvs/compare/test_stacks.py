"""Transistors in series: strips in parallel are one stack of total width, and nothing else is."""

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
