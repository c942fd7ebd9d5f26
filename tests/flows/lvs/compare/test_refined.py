"""Netlists on which klayout's comparer ends with an internal error: the verdict stands, or there is none."""

from __future__ import annotations

import random

import klayout.db as kdb
import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.lvs import fast
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.compare import compare as comparing
from analoom.flows.lvs.compare.refined import told_apart
from analoom.flows.lvs.reference.netlist import read_reference

DIODES = ("p n n", "n p p", "m p p", "q p k", "j j m"), ("p n j", "n p p", "m p p", "q p k", "j j m")
"""Drain, gate and source of five transistors, and with the source of the first on another net. The second netlist has a
wire less on n and one more on j, so they differ. klayout 0.30.12: `inserted1.first->second == b was not true`."""


def netlist(lines, tmp_path, seed=0):
    devices = [f"X{k} {nets} s {NFET} w={2 if k == 2 else 1} l=0.15" for k, nets in enumerate(lines)]
    random.Random(seed).shuffle(devices)
    path = tmp_path / "top.spice"
    path.write_text(subckt("p q s", *devices))
    return read_reference(path, "top")


def compared(drawn, wanted):
    lvs = kdb.LayoutVsSchematic("TOP", 0.001)
    lvs.extract_netlist()
    lvs.netlist().assign(drawn)
    return comparing.compare(lvs, wanted, "TOP", "TOP")


def circuit(lines, tmp_path, seed=0):
    found = netlist(lines, tmp_path, seed)
    return found, found.circuit_by_name("TOP")


@pytest.mark.parametrize("seed", range(4))
def test_netlists_that_klayout_gives_up_on_differ(seed, tmp_path):
    found = compared(netlist(DIODES[0], tmp_path), netlist(DIODES[1], tmp_path, seed))
    assert found.differences
    assert not found.gave_up


def test_without_a_net_that_differs_there_is_no_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(comparing, "told_apart", lambda *circuits: [])
    found = compared(netlist(DIODES[0], tmp_path), netlist(DIODES[1], tmp_path))
    assert found.gave_up
    assert "klayout gave up comparing TOP: Internal error" in found.differences[0]


def test_no_verdict_is_no_match(tmp_path, monkeypatch):
    def give_up(lvs, wanted, *more):
        lvs.reference = wanted
        return comparing.Comparison(("klayout gave up comparing top",), gave_up=True)

    monkeypatch.setattr(fast, "compare", give_up)
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.tap(1500)
    text = subckt("d g s b", f"X1 d g s b {NFET} w=1 l=0.15")
    report = run_lvs(hand.source(), text, "top", tmp_path).engines["fast"]
    assert (report.state, report.reason) == ("not run", "klayout gave up comparing top")


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_lines_tells_no_nets_apart(seed, tmp_path):
    one, other = circuit(DIODES[0], tmp_path), circuit(DIODES[0], tmp_path, seed)
    assert told_apart(one[1], other[1]) == []


def test_nets_told_apart_two_devices_away(tmp_path):
    """Chains of four from p: the gate of the last is on q or on p; every net has the same terminals but these."""
    chain = "p a a", "a b b", "b c c"
    one, other = (circuit((*chain, f"c {gate} s", f"q {gate} q"), tmp_path) for gate in "pq")
    assert any("is only in the layout" in line for line in told_apart(one[1], other[1]))
