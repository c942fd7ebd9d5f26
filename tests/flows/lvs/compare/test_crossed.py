"""Two stacks between the same nets with their gates in another order, as a symmetric NOR draws them."""

import random

import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.lvs.check import run_lvs
from analoom.pdk.layers import Layer

STEP_NM = 1000


def crossed():
    """Four transistors in a row from s over q back to s: s -a- n1 -b- q and q -a- n2 -b- s."""
    hand = Hand()
    for k in range(4):
        hand.transistor(x=k * STEP_NM)
    for x in range(0, 3 * STEP_NM, STEP_NM):
        hand.box(Layer.LI1, x + 500, 100, x + STEP_NM + 230, 270)
    for box in ((60, -700, 230, 0), (3500, -700, 3670, 0), (60, -700, 3670, -530)):
        hand.box(Layer.LI1, *box)
    for box in ((290, 1300, 440, 2000), (2290, 1300, 2440, 2000), (290, 1850, 2440, 2000)):
        hand.box(Layer.POLY, *box)
    for box in ((1290, -1200, 1440, 0), (3290, -1200, 3440, 0), (1290, -1200, 3440, -1050)):
        hand.box(Layer.POLY, *box)
    hand.pin(Layer.LI1, "s", 1000, -600)
    hand.pin(Layer.LI1, "q", 1900, 180)
    hand.pin(Layer.POLY, "a", 1000, 1925)
    hand.pin(Layer.POLY, "b", 2000, -1125)
    hand.tap(4500, "bulk")
    return hand.source()


def stacks(*orders, seed=0):
    """A stack from s to q for each order of gates, lines shuffled."""
    lines = [
        line
        for k, (upper, lower) in enumerate(orders)
        for line in (f"Xu{k} s {upper} n{k} bulk {NFET} w=1 l=0.15", f"Xl{k} n{k} {lower} q bulk {NFET} w=1 l=0.15")
    ]
    random.Random(seed).shuffle(lines)
    return subckt("s q a b bulk", *lines)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("orders", [("ab", "ba"), ("ba", "ab")])
def test_crossed_stacks_match_in_any_order(orders, seed, tmp_path):
    run_lvs(crossed(), stacks(*orders, seed=seed), "top", tmp_path).require_clean()


@pytest.mark.parametrize("orders", [("ab", "ab"), ("ba", "ba"), ("aa", "bb"), ("ab", "bb")])
def test_stacks_that_do_not_cross_do_not(orders, tmp_path):
    assert not run_lvs(crossed(), stacks(*orders), "top", tmp_path).clean
