"""Transistors of 5 V: what is drawn keeps SkyWater's numbers, and a twin that does not is caught by each engine.

The numbers are read by eye from SkyWater's periphery rules (hvdifftap, hvnwell, hvpoly, hvi, hvntm), in nm.
"""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import run_drc
from analoom.flows.lvs.check import run_lvs
from analoom.pdk import rules
from analoom.pdk.devices import THICK_OXIDE
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer, Marker
from broken import twin, without
from drawn import region

N, P = "nfet_g5v0d10v5", "pfet_g5v0d10v5"
SPECS = {
    "mosfet": {"l": 0.5, "nf": 2},
    "matched_pair": {"pattern": "cross_quad", "well": "islands"},
    "current_mirror": {"ratios": (1, 2), "l": 0.5},
}


def drawn(name, device, **more):
    return registry.build(name, {"device": device, **SPECS[name], **more})


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("device", [N, P])
def test_everything_of_silicon_lies_in_hvi_with_its_margin(name, device):
    cell = drawn(name, device)
    hvi = region(cell, Marker.HVI)
    for layer in (Layer.DIFF, Layer.TAP):
        assert (region(cell, layer).sized(180) - hvi).is_empty()
    assert (region(cell, Layer.NWELL) - hvi).is_empty()
    assert hvi.count() == 1


@pytest.mark.parametrize("name", SPECS)
def test_the_n_well_is_as_wide_about_what_lies_in_it_as_in_5_v(name):
    cell = drawn(name, P)
    well = region(cell, Layer.NWELL)
    assert (region(cell, Layer.DIFF).sized(330) - well).is_empty()
    assert (region(cell, Layer.TAP).sized(330) - well).is_empty()
    assert well.space_check(1999).count() == 0


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("device", [N, P])
def test_gates_rings_and_diffusions_keep_apart_as_in_5_v(name, device):
    cell = drawn(name, device)
    diff, tap = region(cell, Layer.DIFF), region(cell, Layer.TAP)
    assert diff.space_check(299).count() == 0
    assert diff.separation_check(tap, 369).count() == 0
    assert min(min(g.bbox().width(), g.bbox().height()) for g in (diff & region(cell, Layer.POLY)).each()) >= 500


@pytest.mark.parametrize("name", SPECS)
def test_the_tip_implant_encloses_n_types_alone(name):
    cell = drawn(name, N)
    implant = region(cell, Marker.HVNTM)
    assert (region(cell, Layer.DIFF).sized(185) - implant).is_empty()
    assert implant.separation_check(region(cell, Layer.TAP), 184).count() == 0
    assert region(drawn(name, P), Marker.HVNTM).is_empty()


def test_an_isolated_well_keeps_5_v_distances():
    cell = drawn("matched_pair", N)
    p_taps = region(cell, Layer.TAP) & region(cell, Layer.PSDM)
    assert p_taps.separation_check(region(cell, Layer.NWELL), 429).count() == 0


@pytest.mark.parametrize("device", [N, P])
def test_a_gate_shorter_than_half_a_micrometre_is_refused(device):
    with pytest.raises(SpecError) as error:
        registry.build("mosfet", {"device": device, "l": 0.495})
    assert error.value.field == "l"
    assert "0.5 to 20 um" in str(error.value)


@pytest.mark.parametrize(("device", "thin"), [(N, "nfet_01v8"), (P, "pfet_01v8")])
def test_without_hvi_lvs_finds_the_transistor_of_1v8(tmp_path, device, thin):
    cell = drawn("mosfet", device)
    bare = twin(cell, without(Marker.HVI))
    assert not run_lvs(bare, cell.spice(), cell.name, tmp_path).clean
    said = cell.spice().replace(THICK_OXIDE[device].model, f"sky130_fd_pr__{thin}")
    assert run_lvs(bare, said, cell.name, tmp_path).clean


def smaller(layer, by_nm):
    """Damage: the merged shapes of a layer shrunk."""

    def damage(copy, top):
        index = copy.layer(*layer.value)
        shrunk = kdb.Region(top.begin_shapes_rec(index)).merged().sized(-by_nm)
        copy.clear_layer(index)
        top.shapes(index).insert(shrunk)

    return damage


def shorter(copy, top):
    """Damage: every gate 0.49 um long."""
    index = copy.layer(*Layer.POLY.value)
    poly = kdb.Region(top.begin_shapes_rec(index)).merged()
    gates = (poly & kdb.Region(top.begin_shapes_rec(copy.layer(*Layer.DIFF.value)))).merged()
    cuts = [kdb.Box(b.right - 10, b.bottom - 130, b.right, b.top) for b in (g.bbox() for g in gates.each())]
    copy.clear_layer(index)
    top.shapes(index).insert(poly - kdb.Region(cuts))


TWINS = [
    (N, smaller(Marker.HVI, 185), rules.HVI_STRADDLE),
    (N, smaller(Marker.HVI, 5), rules.HVI_ENCLOSES_DIFF),
    (P, smaller(Layer.NWELL, 5), rules.HVNWELL_ENCLOSES_NTAP),
    (P, smaller(Marker.HVI, 5), rules.HVNWELL_IN_HVI),
    (N, shorter, rules.HV_GATE_LENGTH),
]
"""Of each twin the rule that it breaks."""


@pytest.mark.parametrize(("device", "damage", "rule"), TWINS, ids=lambda x: getattr(x, "id", None))
def test_a_twin_that_breaks_a_rule_of_5_v_is_caught(tmp_path, device, damage, rule):
    report = run_drc(twin(drawn("mosfet", device), damage), ("fast",), tmp_path)
    assert rule.id in report.engines["fast"].violations


def test_islands_of_5_v_in_the_distance_of_1v8_are_caught(tmp_path):
    """Two p-types with 1.27 um between their wells."""
    cell = drawn("mosfet", P)

    def beside(copy, top):
        other = copy.create_cell("other")
        other.copy_tree(cell.layout)
        top.insert(kdb.CellInstArray(other.cell_index(), kdb.Trans(cell.bbox_nm.width() + 1270, 0)))

    assert rules.HVNWELL_SPACE.id in run_drc(twin(cell, beside), ("fast",), tmp_path).engines["fast"].violations


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize(("engine", "device", "damage"), [("klayout", P, TWINS[3][1]), ("magic", N, shorter)])
def test_sign_off_engines_catch_a_twin_too(tmp_path, engine, device, damage):
    """The deck asks that n-wells lie in hvi (MR_nwell.CON.1), Magic for the length of gates (poly.13)."""
    cell = drawn("mosfet", device)
    assert run_drc(twin(cell, lambda *_: None), (engine,), tmp_path).clean
    assert not run_drc(twin(cell, damage), (engine,), tmp_path).clean


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("device", [N, P])
@pytest.mark.parametrize("name", SPECS)
def test_netgen_matches_and_tells_it_from_1v8(tmp_path, name, device):
    cell = drawn(name, device)
    assert run_lvs(twin(cell, lambda *_: None), cell.spice(), cell.name, tmp_path, engines=("netgen",)).clean
    thin = cell.spice().replace(THICK_OXIDE[device].model, f"sky130_fd_pr__{device[:4]}_01v8")
    assert not run_lvs(twin(cell, lambda *_: None), thin, cell.name, tmp_path, engines=("netgen",)).clean
