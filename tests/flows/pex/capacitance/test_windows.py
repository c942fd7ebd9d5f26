"""Windows: each level is known as far around as it matters; what would take hours is refused."""

import pytest
from hand_drawn import Hand
from oracles.capacitance_cases import draw

from analoom.flows.pex.capacitance import pairs, windows
from analoom.flows.pex.extract import by_name
from analoom.flows.pex.shapes.names import net_names
from analoom.flows.pex.shapes.read import shapes_of
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from analoom.pdk.wires import wire_tables

FARTHEST_NM = {
    Layer.LI1: 5000,
    Layer.MET1: 5000,
    Layer.MET2: 5000,
    Layer.MET3: 9000,
    Layer.MET4: 9000,
    Layer.MET5: 12000,
}
"""The spacing at which wires still couple: the last one in the foundry's tables, up to met2 cut at 5 um."""


def far_pairs():
    """Two parallel wires of each level, 50 nm less than that apart, 50 um long."""
    hand, x = Hand("far"), 0
    for layer, gap_nm in FARTHEST_NM.items():
        for name in "ab":
            draw(hand, layer, f"{layer.name}_{name}", x, 0, x + 1600, 50000)
            x += 1600 + gap_nm - 50
    return hand.source()


def caps_of(source):
    shapes = shapes_of(source)
    return by_name(windows.extract_pairs(source, shapes, wire_tables("typical")), net_names(source, shapes))


def between(caps, level):
    return caps.get((f"{level.name}_a", f"{level.name}_b"), 0.0)


def test_each_level_is_known_as_far_as_it_couples(monkeypatch):
    whole = caps_of(far_pairs())
    monkeypatch.setattr(windows, "WINDOW_NM", 4000)
    assert all(between(whole, level) > 0 for level in FARTHEST_NM)
    assert caps_of(far_pairs()) == pytest.approx(whole, rel=1e-6, abs=0)


def test_without_halo_neighbours_are_lost(monkeypatch):
    enough = windows.halos_nm
    monkeypatch.setattr(windows, "WINDOW_NM", 4000)
    monkeypatch.setattr(windows, "halos_nm", lambda boxes: enough(boxes) // 20)
    found = caps_of(far_pairs())
    assert [between(found, level) for level in FARTHEST_NM] == [0.0] * len(FARTHEST_NM)


def rungs(step_nm):
    """30 equal pairs of met1 wires at 10 um, every other one moved by a further step."""
    hand = Hand("rungs")
    pair = Hand("pair", hand.layout)
    for x in (0, 280):
        pair.box(Layer.MET1, x, 0, x + 140, 5000)
    for k in range(30):
        hand.place(pair, 10000 * k + (k % 2) * k * step_nm, 0)
    return hand.source()


def test_too_many_fields_are_refused_before_the_work_and_equal_windows_count_once(monkeypatch):
    monkeypatch.setattr(windows, "WINDOW_NM", 20000)
    monkeypatch.setattr(windows, "MOST_FIELDS", 0)
    monkeypatch.setattr(windows, "MOST_IN_ALL", 1000)
    assert caps_of(rungs(0))
    monkeypatch.setattr(windows, "window_pairs", lambda *_: pytest.fail("work was begun"))
    with pytest.raises(InputError, match=r"rungs: \d+ million fields .* up to 0.001 million") as refused:
        caps_of(rungs(5))
    assert "--top" in str(refused.value.remedy)


def test_rows_put_together_early_are_the_same(monkeypatch):
    expected = caps_of(far_pairs())
    monkeypatch.setattr(pairs, "MOST_KEPT", 0)
    assert caps_of(far_pairs()) == pytest.approx(expected, rel=1e-12, abs=0)
