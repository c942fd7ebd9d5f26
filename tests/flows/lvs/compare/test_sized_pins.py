"""Pins of a cell that only sizes tell apart: swapped at one of its instances they are another circuit."""

from itertools import permutations

import klayout.db as kdb
import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.compare.compare import compare
from analoom.flows.lvs.reference.netlist import read_reference
from analoom.pdk.layers import Layer

PORTS = "a0 a1 a2 c0 c1 c2 s b"
RIGHT = "x1 a0 a1 a2 s b ratio", "x2 c0 c1 c2 s b ratio"
DEVICES = f"xin g g s b {NFET} w=1 l=0.15", f"xone o1 g s b {NFET} w=2 l=0.15", f"xtwo o2 g s b {NFET} w=1 l=0.15"
STEP_NM = 8000


def two_ratios():
    """Two instances of a mirror: outputs of 2 um and 1 um, and an input of 1 um that is its own gate."""
    top = Hand()
    cell = Hand("ratio", top.layout)
    for x, w in ((0, 2000), (2000, 1000), (4000, 1000)):
        cell.transistor(w=w, x=x)
        cell.box(Layer.LI1, x + 60, -600, x + 230, 0)
    cell.box(Layer.LI1, 60, -600, 4230, -430)
    cell.box(Layer.POLY, 290, -330, 4720, -130)
    cell.box(Layer.LICON, 4500, -315, 4670, -145)
    cell.box(Layer.LI1, 4500, -330, 4670, 0)
    for x, name in ((0, "a"), (STEP_NM, "c")):
        top.place(cell, x, 0)
        for k in (0, 1):
            top.pin(Layer.LI1, f"{name}{k + 1}", x + 590 + 2000 * k, 0)
    top.box(Layer.LI1, 1000, -600, STEP_NM + 1000, -430)
    top.pin(Layer.LI1, "s", 1000, -500)
    for x, name in ((1000, "a0"), (STEP_NM + 1000, "c0")):
        top.pin(Layer.POLY, name, x, -250)
    top.tap(2 * STEP_NM)
    return top.source()


def ratios(calls, devices=DEVICES):
    return subckt("g o1 o2 s b", *devices, name="ratio") + subckt(PORTS, *calls)


@pytest.mark.parametrize("devices", list(permutations(DEVICES)), ids=range(6))
@pytest.mark.parametrize("exact", [True, False], ids=["exact", "as the PDK allows"])
@pytest.mark.parametrize("swapped", [("a1 a2", "a2 a1"), ("c1 c2", "c2 c1")], ids=["first instance", "second instance"])
def test_outputs_swapped_at_one_instance_do_not_match(swapped, exact, devices, tmp_path):
    """netgen 1.5.323 on Magic 8.3.677 says: Top level cell failed pin matching."""
    calls = [call.replace(*swapped) for call in RIGHT]
    run_lvs(two_ratios(), ratios(RIGHT, devices), "top", tmp_path, exact=exact).require_clean()
    assert not run_lvs(two_ratios(), ratios(calls, devices), "top", tmp_path, exact=exact).clean


def test_sizes_that_the_pdk_allows_still_match(tmp_path):
    devices = [line.replace("w=1 ", "w=1.009 ") for line in DEVICES]
    report = run_lvs(two_ratios(), ratios(RIGHT, devices), "top", tmp_path, exact=False)
    assert report.clean
    assert "1.009 in schematic" in " ".join(report.engines["fast"].notes)


@pytest.mark.parametrize("devices", list(permutations(DEVICES)), ids=range(6))
def test_outputs_that_only_fingers_tell_apart(devices, tmp_path):
    """2 um in one finger and 2 um in two: as exact comparison counts them."""
    fingers = [line.replace("w=1 ", "w=2 nf=2 ") if line.startswith("xtwo") else line for line in devices]
    swapped = RIGHT[0], RIGHT[1].replace("c1 c2", "c2 c1")
    assert _compared(RIGHT, RIGHT, fingers, tmp_path) == ()
    assert _compared(RIGHT, swapped, fingers, tmp_path) != ()


def _compared(drawn, wanted, devices, folder):
    """The differences of two netlists, the first in the place of a layout's, whose cell has no labels inside."""
    netlists = []
    for calls in (drawn, wanted):
        path = folder / "top.spice"
        path.write_text(ratios(calls, devices))
        netlists.append(read_reference(path, "top"))
    cell = netlists[0].circuit_by_name("RATIO")
    for pin in cell.each_pin():
        cell.net_for_pin(pin.id()).name = ""
        cell.rename_pin(pin.id(), "")
    lvs = kdb.LayoutVsSchematic("TOP", 0.001)
    lvs.extract_netlist()
    lvs.netlist().assign(netlists[0])
    return compare(lvs, netlists[1], "TOP", "TOP", exact=True).differences
