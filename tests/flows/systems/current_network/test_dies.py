"""Virtual dies against ngspice on netlists written by hand, transistor by transistor, with the same drawn numbers."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hand_current_network import HandNetwork

from analoom.flows.systems.current_network.dies import CurrentDies
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

UNIT_A = 25e-9
FAMILIES = ("continuous", "binned")
WITHIN = 0.02


@cache
def dies(dims=(4, 7, 3), family="continuous", count=2, seed=1) -> CurrentDies:
    return CurrentDies(dims, 1.0, 1.0, UNIT_A, family, count, seed)


def codes_of(dims, seed):
    rng = np.random.default_rng(seed)
    return [np.rint(rng.normal(0, 3.5, (n + 1, m))).clip(-7, 7).astype(int) for n, m in pairwise(dims)]


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_currents_are_those_of_ngspice(family):
    """Within 1 % of the largest; another die of the same family is told apart."""
    dims, codes = (1, 2, 2), [np.array([[7, -3], [3, 6]]), np.array([[5, -7], [-3, 6], [1, 2]])]
    x = np.array([[90e-9]])
    drawn = dies(dims, family)
    real, _ = HandNetwork(drawn, 0, codes).currents(x)
    found = drawn.currents(codes, x)
    scale = np.abs(real).max()
    assert np.abs(found[0] - real).max() < 0.01 * scale
    assert np.abs(found[1] - real).max() > WITHIN * scale


def margins(currents):
    """Of the largest current over the next, (dies, points) A."""
    ordered = np.sort(currents, axis=-1)
    return ordered[..., -1] - ordered[..., -2]


@pytest.mark.full
def test_two_hundred_decisions_are_those_of_ngspice():
    """Two dies of 4-7-3 a family, 50 inputs each: 25 as they come and the 25 of the smallest margins of 400."""
    codes, rng = codes_of((4, 7, 3), 11), np.random.default_rng(3)
    x = rng.uniform(0, 4 * UNIT_A, (400, 4))
    same, worst = [], []
    for family, die in [(family, die) for family in FAMILIES for die in range(2)]:
        found = dies(family=family).currents(codes, x)[die]
        chosen = np.unique([*np.argsort(margins(found))[:25], *rng.permutation(400)[:25]])
        real, _ = HandNetwork(dies(family=family), die, codes).currents(x[chosen])
        same += list(real.argmax(axis=1) == found[chosen].argmax(axis=1))
        worst += list(np.abs(real - found[chosen]).max(axis=1) / np.abs(real).max(axis=1))
    print(f"{sum(same)} of {len(same)} decisions, at worst {max(worst):.4f} of the largest current")
    assert max(worst) < WITHIN
    assert sum(same) >= 0.98 * len(same)


@pytest.mark.slow
def test_a_die_is_the_same_among_few_and_many_and_another_by_another_seed():
    codes, x = codes_of((4, 7, 3), 1), np.full((1, 4), 50e-9)
    few, many = dies(count=1).currents(codes, x), dies(count=3).currents(codes, x)
    assert np.array_equal(few[0], many[0])
    assert not np.allclose(many[0], many[1], rtol=1e-3)
    assert not np.allclose(few, dies(count=1, seed=2).currents(codes, x), rtol=1e-3)


def test_codes_of_a_die_each_are_those_of_all():
    codes, x = codes_of((4, 7, 3), 1), np.full((2, 4), 50e-9)
    each = [np.stack([c, -c]) for c in codes]
    assert np.array_equal(dies().currents(each, x)[0], dies().currents(codes, x)[0])
    assert np.array_equal(dies().currents(each, x)[1], dies().currents([-c for c in codes], x)[1])


def test_what_enters_each_layer_is_told():
    """A hidden neuron that everything is taken from carries less than 10 pA, one of its bias alone some 100 nA."""
    codes = [np.array([[-7, 0], [4, 4]]), np.array([[4], [4], [0]])]
    x, hidden, outputs = dies((1, 2, 1)).activity(codes, np.array([[100e-9]]))
    assert x.shape == (2, 1, 1) and hidden.shape == (2, 1, 2) and outputs.shape == (2, 1, 1)
    assert (hidden[:, 0, 0] < 1e-11).all()
    assert hidden[:, 0, 1] == pytest.approx(107e-9, rel=0.3)


@pytest.mark.parametrize(
    ("codes", "x", "field"),
    [
        ([np.zeros((5, 7), int)], np.zeros((1, 4)), "codes"),
        ([np.zeros((4, 7), int), np.zeros((8, 3), int)], np.zeros((1, 4)), "codes"),
        ([np.full((5, 7), 8), np.zeros((8, 3), int)], np.zeros((1, 4)), "codes"),
        (codes_of((4, 7, 3), 1), np.zeros((1, 3)), "x"),
        (codes_of((4, 7, 3), 1), np.full((1, 4), -1e-9), "x"),
        (codes_of((4, 7, 3), 1), np.full((1, 4), np.nan), "x"),
        (codes_of((4, 7, 3), 1), np.full((1, 4), 1e-4), "x"),
    ],
)
def test_what_a_network_cannot_take_is_refused(codes, x, field):
    with pytest.raises(InputError) as refused:
        dies().currents(codes, x)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"dims": (4,)}, "dims"), ({"count": 0}, "count"), ({"family": "none"}, "model"), ({"corner": "xx"}, "corner")],
)
def test_what_is_no_network_is_refused(changed, field):
    given = {"dims": (4, 3), "w": 1.0, "l": 1.0, "unit_current": UNIT_A, "family": "continuous", "count": 1, "seed": 1}
    with pytest.raises(InputError) as refused:
        CurrentDies(**given | changed)
    assert refused.value.field == field


def test_dies_of_another_corner_are_drawn_too():
    """The shifts are the same ones, and off tt no dies are alike."""
    found = [
        CurrentDies((4, 3), 1.0, 1.0, UNIT_A, "continuous", 2, 1, corner=corner).currents(
            codes_of((4, 3), 1), np.full((1, 4), 50e-9)
        )
        for corner in ("tt", "ss")
    ]
    apart = [np.abs(currents[0] / currents[1] - 1) for currents in found]
    assert (apart[1] > 1e-3).any()
    assert apart[1] == pytest.approx(apart[0], rel=0.4, abs=0.02)


def test_the_binned_models_are_read_at_tt_alone():
    given = CurrentDies((4, 3), 1.0, 1.0, UNIT_A, "binned", 1, 1, corner="ss")
    with pytest.raises(InputError, match="tt alone"):
        given.currents(codes_of((4, 3), 1), np.full((1, 4), 50e-9))


def test_a_plane_of_thresholds_moves_columns_apart():
    """By hand: a p unit of 1/1 um carries 10.6 nA at .8 V and 58.5 nA at .9 V (ngspice), gm/I = 17 per V. 2 mV along
    the plane's direction are 3.4 %, by directions drawn alike 1/sqrt(2) of it."""
    given = {"dims": (1, 2), "w": 1.0, "l": 1.0, "unit_current": UNIT_A, "family": "continuous", "count": 40, "seed": 4}
    places = np.zeros((2, 3, 2))
    places[:, 2, 0] = 1000.0
    codes, x = [np.array([[7, 7], [0, 0]])], np.array([[100e-9]])
    flat, tilted = CurrentDies(**given), CurrentDies(**given, places_um=(places,), gradient_v_um=2e-6)
    before, after = (dies.currents(codes, x)[:, 0] for dies in (flat, tilted))
    moved = np.log(after[:, 1] / after[:, 0] * before[:, 0] / before[:, 1])
    assert np.sqrt(np.mean(moved**2)) == pytest.approx(0.034 / np.sqrt(2), rel=0.15)
    with pytest.raises(InputError, match="places of shapes"):
        CurrentDies(**given, places_um=(places[:1],))
