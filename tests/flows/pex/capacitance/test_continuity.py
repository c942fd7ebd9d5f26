"""A dimension that grows by 5 nm changes a capacitance by little: loops that trim stubs and plates depend on it."""

import numpy as np
import pytest
from hand_drawn import Hand
from oracles.capacitance_cases import draw, nets_of

from analoom.flows.pex.capacitance import plate_ends as pex_corners
from analoom.pdk.layers import Layer

STEP_NM = 5


def stub_beside_a_plate(stub_nm):
    """A met4 strip over a MIM capacitor, with a stub towards the bottom plate of the one beside it."""
    hand = Hand("stub")
    for name, x in (("left", 0), ("right", 3800)):
        draw(hand, Layer.MET3, name, x, 0, x + 2280, 2280)
        hand.box(Layer.CAPM, x + 140, 140, x + 2140, 2140)
    draw(hand, Layer.MET4, "strip", 980, -2000, 1300, 4000)
    hand.box(Layer.MET4, 1300, 900, 1300 + stub_nm, 1220)
    return hand, "strip", "right"


def widening_wire(extra_nm):
    """A met1 wire of growing width under a met2 wire, with a met1 neighbour."""
    hand = Hand("wide")
    draw(hand, Layer.MET1, "a", -3000, -70 - extra_nm, 3000, 70)
    draw(hand, Layer.MET1, "n", -3000, 400, 3000, 540)
    draw(hand, Layer.MET2, "b", -70, -3000, 70, 3000)
    return hand, "a", "b"


def growing_plate(extra_nm):
    """A met3 shape that grows from a wire to a plate beside another one, corners and diagonal included."""
    hand = Hand("plate")
    draw(hand, Layer.MET3, "a", 0, 0, 400 + extra_nm, 1200)
    draw(hand, Layer.MET3, "b", -1600, 0, -800, 1200)
    draw(hand, Layer.MET3, "c", -1600, 2000, -600, 3200)
    return hand, "a", "b"


SWEEPS = ((stub_beside_a_plate, 0.6), (widening_wire, 0.3), (growing_plate, 0.6))


def largest_jump_af(drawing, least_nm, most_nm, folder):
    """How far a step of the coupling, or of the total, is from the middle one of the nine around it, aF."""
    found = []
    for extra in range(least_nm, most_nm, STEP_NM):
        hand, net, other = drawing(extra)
        nets = nets_of(hand, folder)
        found.append((nets[net].coupling_f.get(other, 0.0) * 1e18, nets[net].total_f * 1e18))
    steps = np.pad(np.diff(np.array(found), axis=0), ((4, 4), (0, 0)), "edge")
    around = np.lib.stride_tricks.sliding_window_view(steps, 9, axis=0)
    return np.abs(steps[4:-4] - np.median(around, axis=2)).max()


@pytest.mark.full
@pytest.mark.parametrize(("drawing", "most_um"), SWEEPS)
def test_no_jumps_in_steps_of_5_nm(drawing, most_um, tmp_path):
    """Within 0.05 aF; a step itself is 0.5 to 2 aF."""
    assert largest_jump_af(drawing, STEP_NM, round(1000 * most_um), tmp_path) < 0.05


def test_a_plate_that_begins_at_once_is_a_jump(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_corners, "LEAST_PLATE_NM", 799)
    monkeypatch.setattr(pex_corners, "SURE_PLATE_NM", 800)
    assert largest_jump_af(growing_plate, 350, 450, tmp_path) > 1
