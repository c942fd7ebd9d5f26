"""Substrate under the mark that cuts it (areaid.substratecut, 81/53) is a net of its own, as Magic's isosub is."""

import klayout.db as kdb
import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.lvs.check import run_lvs
from analoom.pdk.layers import Marker

TWO = subckt(
    "d1 g1 s1 b1 d2 g2 s2 b2",
    f"X1 d1 g1 s1 b1 {NFET} w=1 l=0.15",
    f"X2 d2 g2 s2 b2 {NFET} w=1 l=0.15",
)
FAR_NM = 10_000


def two(*cuts):
    """Two transistors with a tap each, 10 um apart; boxes (left, right) in nm of the mark."""
    hand = Hand()
    for number, x in ((1, 0), (2, FAR_NM)):
        hand.transistor(x=x)
        hand.names(x=x, source=f"s{number}", drain=f"d{number}", gate=f"g{number}")
        hand.tap(x + 1500, f"b{number}")
    for left, right in cuts:
        hand.cell.shapes(hand.layout.layer(*Marker.SUBCUT.value)).insert(kdb.Box(left, -2000, right, 4000))
    return hand.source()


@pytest.mark.parametrize("cuts", [((-1000, 4000),), ((9000, 14_000),), ((-1000, 4000), (9000, 14_000))])
def test_a_cut_substrate_is_another_net(cuts, tmp_path):
    run_lvs(two(*cuts), TWO, "top", tmp_path).require_clean()


@pytest.mark.parametrize("cuts", [(), ((-1000, 14_000),), ((4000, 9000),)], ids=["none", "around both", "of neither"])
def test_one_substrate_is_one_net(cuts, tmp_path):
    said = "; ".join(run_lvs(two(*cuts), TWO, "top", tmp_path).differences)
    assert "nets b1 and b2 are shorted" in said or "only the substrate joins the wires" in said


def test_bodies_changed_over_are_found(tmp_path):
    other = TWO.replace("s1 b1", "s1 bx").replace("s2 b2", "s2 b1").replace("s1 bx", "s1 b2")
    turned = other.replace(".subckt top d1 g1 s1 b2 d2 g2 s2 b1", ".subckt top d1 g1 s1 b1 d2 g2 s2 b2")
    assert turned != TWO
    assert not run_lvs(two((-1000, 4000)), turned, "top", tmp_path).clean
