"""The wire tables against the text of the installed model files, read here independently."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.interpolate import Akima1DInterpolator

from analoom.pdk import stack, wires
from analoom.pdk.errors import InputError
from analoom.pdk.install import wire_tables_dir
from analoom.pdk.layers import Layer

CONFIGURATIONS = [
    ("m1f", Layer.MET1, "field", None),
    ("m1d", Layer.MET1, "diff", None),
    ("m2m1", Layer.MET2, Layer.MET1, None),
    ("l1p1", Layer.LI1, Layer.POLY, None),
    ("p1f", Layer.POLY, "field", None),
    ("m4m3f", Layer.MET3, "field", Layer.MET4),
    ("m3m2m1", Layer.MET2, Layer.MET1, Layer.MET3),
]


def in_file(corner, name, quantity, w_um, s_um):
    """One number of the foundry's file, found as plain text: SI units, F/m or F/m2."""
    key = f"mc{name}_{quantity}_w_{w_um:.3f}_s_{s_um:.3f} ".replace(".", "_")
    text = (wire_tables_dir() / f"{corner}.spice").read_text()
    return float(text.split(key, 1)[1].split("=", 1)[1].split()[0])


@pytest.mark.parametrize("corner", wires.CORNERS)
@pytest.mark.parametrize(("name", "wire", "below", "above"), CONFIGURATIONS)
def test_every_node_is_the_files(corner, name, wire, below, above):
    table = wires.wire_tables(corner).table(wire, below, above)
    assert table.ca_f_per_um2 == pytest.approx(
        in_file(corner, name, "ca", table.w_um[0], table.s_um[0]) * 1e-12, rel=1e-12, abs=0
    )
    for w_um in table.w_um:
        cc, cf = table.edge_f_per_um(np.full(len(table.s_um), w_um), table.s_um)
        for k, s_um in enumerate(table.s_um):
            assert cc[k] == pytest.approx(in_file(corner, name, "cc", w_um, s_um) * 1e-6, rel=1e-9, abs=2e-24)
            assert cf[k] == pytest.approx(in_file(corner, name, "cf", w_um, s_um) * 1e-6, rel=1e-9, abs=2e-24)


def test_between_nodes_lies_between_them():
    table = wires.wire_tables().table(Layer.MET1, "field")
    for w_um, s_um in ((0.14, 0.2), (0.5, 0.3), (0.9, 2.0)):
        cc, cf = table.edge_f_per_um(np.array([w_um]), np.array([s_um]))
        s_low, s_high = max(s for s in table.s_um if s <= s_um), min(s for s in table.s_um if s >= s_um)
        most = in_file("typical", "m1f", "cc", 1.12, s_low) * 1e-6
        least = in_file("typical", "m1f", "cc", 0.14, s_high) * 1e-6
        assert least < cc[0] < most
        assert 0 < cf[0] < 1e-16


@pytest.mark.parametrize(
    ("layer", "w_um", "solved_af_per_um"),
    [(Layer.MET1, 0.14, 75.975), (Layer.MET2, 0.14, 68.141), (Layer.LI1, 0.17, 76.774)],
)
def test_a_wire_alone_agrees_with_a_field_solution(layer, w_um, solved_af_per_um):
    """Golden: finite-integration Laplace solution of an isolated wire in the SkyWater metal stack drawing."""
    table = wires.wire_tables().table(layer, "field")
    cc, cf = table.edge_f_per_um(np.array([w_um]), np.array([np.inf]))
    assert cc[0] == 0
    assert (table.ca_f_per_um2 * w_um + 2 * cf[0]) * 1e18 == pytest.approx(solved_af_per_um, rel=0.03)


def test_corners_are_ordered_as_in_the_files():
    fast, typical, slow = (
        wires.wire_tables(c).plate_f_per_um2(Layer.MET1, "field") for c in ("fast", "typical", "slow")
    )
    assert fast < typical < slow
    assert [fast, typical, slow] == pytest.approx(
        [in_file(c, "m1f", "ca", 0.14, 0.14) * 1e-12 for c in ("fast", "typical", "slow")], rel=1e-6, abs=0
    )


def test_unknown_corner_and_configuration_are_refused():
    with pytest.raises(InputError, match="no wire corner called 'quick'; known: typical"):
        wires.wire_tables("quick")
    with pytest.raises(InputError, match="no configuration m1m2"):
        wires.wire_tables().table(Layer.MET1, Layer.MET2)


@pytest.mark.parametrize("roof_um", [0.0, 1.0, 100.0])
def test_upward_share_is_half_between_equal_gaps_and_falls_with_distance(roof_um):
    s_um = np.array([0.14, 1.0, math.inf])
    roofs = np.full(3, roof_um)
    assert wires.upward_share(s_um, 0.5, 0.5, 0.36, roofs) == pytest.approx([0.5, 0.5, 0.5])
    assert (wires.upward_share(s_um, 2.0, 0.5, 0.36, roofs) < 0.5).all()
    assert (wires.upward_share(s_um, 0.2, 0.5, 0.36, roofs) > 0.5).all()


def test_stack_gaps_explain_the_plate_capacitance():
    """A plate table entry is eps0 * k / gap with a k between the stack drawing's oxides, 3.5 to 4.5."""
    tables = wires.wire_tables()
    for upper, lower in ((Layer.MET2, Layer.MET1), (Layer.MET3, Layer.MET2), (Layer.MET4, Layer.MET3)):
        k = tables.plate_f_per_um2(upper, lower) * stack.gap_um(upper, lower) / stack.EPS0_F_PER_UM
        assert 3.5 < k < 4.5


def _without_node(table, k):
    keep = np.delete(np.arange(len(table.s_um)), k)
    return replace(
        table, s_um=table.s_um[keep], cc_f_per_um=table.cc_f_per_um[:, keep], cf_f_per_um=table.cf_f_per_um[:, keep]
    )


def _left_out(corner):
    """(table, place from the end, coupling error, the same as a share of all, error of all) of every inner node."""
    for table in wires.wire_tables(corner).tables.values():
        for k in range(1, len(table.s_um) - 1):
            at = np.full(len(table.w_um), table.s_um[k])
            found = _without_node(table, k).edge_f_per_um(table.w_um, at)
            true = table.cc_f_per_um[:, k], table.cf_f_per_um[:, k]
            every = table.ca_f_per_um2 * table.w_um + 2 * (true[0] + true[1])
            of_all = 2 * (found[0] - true[0]) / every, 2 * (sum(found) - sum(true)) / every
            for error, share, whole in zip(found[0] / true[0] - 1, *of_all, strict=True):
                yield table, len(table.s_um) - 1 - k, error, share, whole


@pytest.mark.parametrize("corner", wires.CORNERS)
def test_a_node_left_out_is_found_again_over_one_plane(corner):
    """Coupling within 5.5 % at every inner node of every configuration, rms below 1 %."""
    errors = [error for table, _, error, _, _ in _left_out(corner) if not table.between_planes]
    assert len(errors) == 598
    assert np.abs(errors).max() < 0.055
    assert np.sqrt(np.mean(np.square(errors))) < 0.01


@pytest.mark.parametrize("corner", wires.CORNERS)
def test_a_node_left_out_is_found_again_between_planes(corner):
    """Within 5 %; what misses that is near the end of a row, rare, and small beside all that the wire sees."""
    found = [(place, *errors) for table, place, *errors in _left_out(corner) if table.between_planes]
    missed = [(place, share) for place, error, share, _ in found if abs(error) > 0.05]
    assert len(found) == 1680
    assert len(missed) < 0.045 * len(found)
    assert {place for place, _ in missed} <= {1, 2}
    assert max(abs(share) for _, share in missed) < 0.014


@pytest.mark.parametrize("corner", wires.CORNERS)
def test_all_a_wire_sees_is_found_again_at_a_node_left_out(corner):
    """Within 3 %, rms below 0.6 %."""
    errors = [whole for *_, whole in _left_out(corner)]
    assert np.abs(errors).max() < 0.03
    assert np.sqrt(np.mean(np.square(errors))) < 0.006


@pytest.mark.parametrize("bent", [[0, 0, 0, 0, 1, 4, 3, 3], [0, 1, 2, 3, 5, 6, 7, 8.5], [1, 5, 2, 7, 1, 1, 1, 1]])
def test_splines_are_akima_s(bent):
    """By scipy's; where the curve is straight on one side of a node only, too."""
    x, at = np.array([0, 1, 2, 3, 5, 6, 7, 8.5]), np.linspace(0, 8.5, 86)
    y = np.array([bent], dtype=float)
    assert wires._Spline.through(x, y).at(at)[0] == pytest.approx(Akima1DInterpolator(x, y[0])(at), abs=1e-12)


def test_coupling_goes_on_smoothly_past_the_last_spacing():
    table = wires.wire_tables().table(Layer.MET1, "field")
    cc, cf = table.edge_f_per_um(np.full(3, 0.14), np.array([3.5, 3.6, 4.5]))
    assert cc[0] > cc[1] > cc[2] > 0
    assert cc + cf == pytest.approx(np.full(3, cc[0] + cf[0]), rel=1e-6, abs=0)


def test_lost_share_rises_with_distance_and_with_a_near_back_and_is_never_negative():
    s_um, w_um = np.array([0.14, 0.28, 0.56, 2.8]), np.full(4, 0.14)
    alone = wires.lost_share(w_um, s_um, np.full(4, math.inf), 1.3761)
    assert (np.diff(alone) > 0).all() and alone[0] >= 0 and alone[-1] < 0.3
    assert (wires.lost_share(w_um, s_um, np.full(4, 0.14), 1.3761) > alone).all()
    assert wires.lost_share(w_um, np.full(4, math.inf), s_um, 1.3761).tolist() == [0.0] * 4


def test_in_an_array_the_wire_beyond_has_all_that_the_one_in_front_has_not():
    w_um, s_um = np.array([0.14, 0.5, 1.0]), np.array([0.28, 0.28, 2.0])
    lost = wires.lost_share(w_um, s_um, s_um, 1.3761)
    assert wires.beyond_share(w_um, s_um, 2 * s_um + w_um, 1.3761) == pytest.approx(lost)
    assert (wires.beyond_share(w_um, s_um, 4 * s_um + w_um, 1.3761) < lost).all()
    assert wires.beyond_share(w_um, s_um, np.full(3, math.inf), 1.3761).tolist() == [0.0] * 3


def test_fingers_are_sized_by_the_tables_rows_over_field():
    """At the least width and space of each metal, as the file has them."""
    for (metal, narrow), c_f in wires.FINGER_F_PER_UM.items():
        name = metal.name.lower().replace("met", "m") + "f"
        wanted = 0.14 if narrow else 0.3
        cc, _ = wires.wire_tables("typical").table(metal, "field").edge_f_per_um(np.array([wanted]), np.array([wanted]))
        assert c_f == pytest.approx(float(cc[0]), rel=0.01, abs=0)
        if narrow or metal in (Layer.MET3, Layer.MET4):
            assert c_f == pytest.approx(in_file("typical", name, "cc", wanted, wanted) * 1e-6, rel=0.01, abs=0)
