"""The current mirror: units per side from the drawn gates, centres, DRC and LVS, refusals, broken twins."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell
from analoom.flows.export.build import build_files
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.simulate import simulate
from analoom.generators.transistors.mirror_rows import unit_rows
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region

SPECS = [
    {},
    {"ratios": (1, 2, 4, 8)},
    {"ratios": (1, 1)},
    {"ratios": (3, 5, 7), "pattern": "interdigitated"},
    {"device": "pfet_01v8_hvt", "w": 4, "l": 0.15, "ratios": (2, 2, 4)},
    {"device": "nfet_01v8_lvt", "w": 0.84, "l": 8, "ratios": (1, 1, 1), "dummies": False},
    {"ratios": (1,) * 17, "l": 0.5},
]


@pytest.mark.parametrize("fields", SPECS)
def test_clean_in_fast_drc_and_lvs(tmp_path, fields):
    cell = registry.build("current_mirror", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("fields", SPECS[1:6:2])
def test_clean_in_the_sign_off_engines(tmp_path, fields):
    drc_cell(registry.build("current_mirror", fields), tmp_path, ("klayout", "magic")).require_clean()
    lvs_cell(registry.build("current_mirror", fields), tmp_path, ("netgen",)).require_clean()


@pytest.mark.parametrize("fields", SPECS)
def test_gates_of_each_side_are_drawn_and_counted(fields):
    cell = registry.build("current_mirror", fields)
    drawn = region(cell, Layer.POLY) & region(cell, Layer.DIFF)
    members = cell.match_groups[0].members
    assert [len(boxes) for boxes in members.values()] == [2 * units for units in cell.spec.ratios]
    sides = kdb.Region([box for boxes in members.values() for box in boxes])
    assert (sides - drawn).is_empty()
    assert (drawn - sides).count() == 2 * cell.spec.dummies


def test_even_ratios_share_one_exact_centre():
    cell = registry.build("current_mirror", {"ratios": (2, 4, 8)})
    centres = {cell.match_groups[0].centroid_nm(name) for name in ("m0", "m1", "m2")}
    assert len(centres) == 1


def test_what_cannot_be_centred_is_said():
    cell = registry.build("current_mirror", {"ratios": (1, 1)})
    group, said = cell.match_groups[0], cell.notes["centroid_offset_um"]
    half = (group.centroid_nm("m1")[0] - group.centroid_nm("m0")[0]) / 2000
    assert said["m1"] == -said["m0"] == pytest.approx(half) and half != 0


@pytest.mark.parametrize(
    ("ratios", "said"), [((1, 1, 1), ["Not centred: m1 by 2.580 um, m2 by 2.580 um"]), ((2, 2), [])]
)
def test_build_warns_of_what_is_not_centred(tmp_path, ratios, said):
    """Units stand 2.58 um apart: two fingers of 1.29 um; of three the outputs' are a unit off, on either side."""
    cell = registry.build("current_mirror", {"ratios": ratios})
    assert build_files(cell, tmp_path).to_json()["warnings"] == said
    columns = {box.center().x for boxes in cell.match_groups[0].members.values() for box in boxes}
    assert sorted(columns)[1] - sorted(columns)[0] == 1290


@pytest.mark.parametrize("ratios", [(1, 2, 4, 8), (3, 3), (5, 2, 1)])
@pytest.mark.parametrize("pattern", ["centroid", "interdigitated"])
def test_order_holds_every_unit(pattern, ratios):
    (order,) = unit_rows(pattern, ratios, 2, (1000, 1000))
    assert [order.count(k) for k in range(len(ratios))] == list(ratios)


@pytest.mark.parametrize("layer", [Layer.VIA, Layer.MCON, Layer.MET2])
def test_lvs_catches_a_missing_layer(tmp_path, layer):
    cell = registry.build("current_mirror")
    assert not run_lvs(twin(cell, without(layer)), cell.spice(), cell.name, tmp_path).clean


def test_lvs_catches_outputs_joined(tmp_path):
    cell = registry.build("current_mirror", {"ratios": (1, 2, 4)})
    one, two = (next(p.box for p in cell.pins if p.name == n) for n in ("out1", "out2"))
    joined = kdb.Box(one.left, two.bottom, one.left + 300, one.top)
    assert not run_lvs(twin(cell, with_box(Layer.MET2, joined)), cell.spice(), cell.name, tmp_path).clean


def test_outputs_of_one_drain_voltage_carry_their_ratios():
    """Outputs made of equal units err alike, by channel length modulation only: more at 1.6 V than at 0.9 V."""
    cell = registry.build("current_mirror", {"ratios": (1, 2, 4)})
    low, high = (simulate(cell, "schematic", settings={"v_ds": v}).metrics for v in (0.9, 1.6))
    assert low["gain_error_out1"].value == pytest.approx(low["gain_error_out2"].value, abs=1e-6)
    assert 0 < low["gain_error"].value < high["gain_error"].value
    assert low["i_out2"].value == pytest.approx(2 * low["i_out1"].value, rel=1e-6)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"ratios": (2,)}, "ratios", "1 to 16 outputs"),
        ({"ratios": (1,) * 18}, "ratios", "can be routed"),
        ({"ratios": (0, 1)}, "ratios.0", "greater than or equal to 1"),
        ({"ratios": (400, 200)}, "ratios", "at most 511 units"),
        ({"w": 0.5}, "w", "at least 0.84 um"),
        ({"w": 60}, "w", "LU.2"),
    ],
)
def test_refusals(fields, field, said):
    with pytest.raises(SpecError) as refused:
        registry.build("current_mirror", fields)
    assert refused.value.field == field and said in str(refused.value)
