"""The tables of largest couplings, from networks whose order and shares are plain."""

import pytest
from hand_drawn import Hand

from analoom.flows.pex.couplings import SUBSTRATE, largest_couplings
from analoom.flows.pex.extract import extract
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

PEX = {
    "cell": "three",
    "nets": {
        "a": {"substrate_f": 1e-15, "coupling_f": {"b": 2e-15, "c": 1e-15}},
        "b": {"substrate_f": 4e-15, "coupling_f": {"a": 2e-15}},
        "c": {"substrate_f": 5e-15, "coupling_f": {"a": 1e-15}},
    },
}


def test_each_pair_once_and_the_largest_first():
    found = largest_couplings(PEX)
    assert [(r["net"], r["to"], r["c_f"]) for r in found] == [("a", "b", 2e-15), ("a", "c", 1e-15)]
    assert (found[0]["share_of_net"], found[0]["share_of_other"]) == pytest.approx((2 / 4, 2 / 6))


def test_a_net_lists_its_substrate_too():
    found = largest_couplings(PEX, "c")
    assert [(r["to"], r["c_f"], r["share_of_other"]) for r in found] == [(SUBSTRATE, 5e-15, None), ("a", 1e-15, 0.25)]


def test_a_net_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(InputError, match="no net 'd' in three; it has a, b, c"):
        largest_couplings(PEX, "d")


def test_the_nearer_neighbour_couples_more(tmp_path):
    """Three equal wires, b 0.2 um from a and 0.6 um from c: in every extraction a-b is the larger."""
    hand = Hand("bus")
    for name, y in (("a", 0), ("b", 400), ("c", 1200)):
        hand.box(Layer.MET1, 0, y, 20_000, y + 200)
        hand.label(Layer.MET1, name, 100, y + 100)
    found = largest_couplings(extract(hand.source(), workdir=tmp_path).to_json())
    assert (found[0]["net"], found[0]["to"]) == ("a", "b")
    assert (found[1]["net"], found[1]["to"]) == ("b", "c")
