"""The common-source synapse: bodies at the supplies, lines, sizes as asked; DRC and LVS bite."""

import random

import klayout.db as kdb
import pytest
from tiles import abutted, line_ends_meet

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region

FIELDS = ("l", "w_n", "w_p", "w_write", "l_write", "c_w")
LEAST_UM = (0.15, 0.42, 0.42, 0.42, 0.15, 1.0)
OWN_LENGTHS = ("w_n", "w_p", "w_write", "l_write", "c_w", "l_n", "l_p")
LVT = {"vt": "lvt"}
LINES = {"rowp", "rown", "col", "wwl", "wbl", "vdd", "vss", "vc"}


def random_fields(seed, fields=FIELDS, least_um=LEAST_UM):
    """A legal spec: each field at its least or up to 2 um above, on the 5 nm grid."""
    rng = random.Random(seed)
    extra = [rng.choice((0, rng.randrange(400))) for _ in fields]
    return {f: round(least + 0.005 * k, 3) for f, least, k in zip(fields, least_um, extra, strict=True)}


def random_pair(seed):
    """A legal spec with lengths of its own for n and p, of either threshold."""
    vt = ("standard", "lvt")[seed % 2]
    return random_fields(seed, OWN_LENGTHS, (0.42, 0.42, 0.42, 0.15, 1.0, 0.15, 0.35 if vt == "lvt" else 0.15)) | {
        "vt": vt
    }


def sizes(gates):
    """Width and height of each polygon, in order."""
    return sorted((g.bbox().width(), g.bbox().height()) for g in gates.merged().each())


def test_area_of_the_default():
    """Both taps included; the drawn 130 nm synapse that was the best known takes 13.6 um2 (Hilas, swc4x2cell)."""
    cell = registry.build("synapse_cs")
    assert cell.area_um2 == pytest.approx(2.48 * 4.08)
    assert cell.bbox_nm == kdb.Box(0, 0, *cell.fabric.pitch_nm) == region(cell, Layer.PR_BOUNDARY).bbox()


def test_lines_run_from_edge_to_edge():
    cell = registry.build("synapse_cs")
    assert {pin.name for pin in cell.pins} == LINES == set(cell.fabric.lines)
    assert line_ends_meet(cell)


def test_bodies_are_at_the_supplies():
    """In the netlist's fourth terminal, which LVS compares with the drawing."""
    lines = registry.build("synapse_cs").spice().splitlines()
    bodies = {words[0]: words[4] for words in map(str.split, lines) if words and words[0] in ("Xn", "Xp", "Xwrite")}
    assert bodies == {"Xn": "vss", "Xp": "vdd", "Xwrite": "vss"}


def test_drawn_gates_have_the_asked_sizes():
    fields = {"l": 0.5, "w_n": 0.6, "w_p": 1.7, "w_write": 0.5, "l_write": 0.18}
    cell = registry.build("synapse_cs", fields)
    gates = region(cell, Layer.POLY) & region(cell, Layer.DIFF)
    well = region(cell, Layer.NWELL)
    assert sizes(gates - well) == [(180, 500), (500, 600)]
    assert sizes(gates & well) == [(500, 1700)]


def test_length_sets_both_unless_they_are_given():
    one, both = (registry.build("synapse_cs", fields).circuit for fields in ({"l": 0.5}, {"l_n": 0.5, "l_p": 0.5}))
    assert one.devices == both.devices and [d.l_um for d in one.devices[1:3]] == [0.5, 0.5]
    cell = registry.build("synapse_cs", {"l": 0.5, "l_p": 0.8})
    gates = region(cell, Layer.POLY) & region(cell, Layer.DIFF)
    assert sizes(gates) == [(150, 420), (500, 420), (800, 1300)]


def test_low_threshold_marks_both_but_the_write_transistor():
    """The shortest p of low threshold is 0.35 um (poly.1b), so `l` of 0.15 gives that."""
    cell = registry.build("synapse_cs", LVT)
    models = {words[0]: words[5] for words in map(str.split, cell.spice().splitlines()) if words and len(words) > 6}
    assert {n: models[n].removeprefix("sky130_fd_pr__") for n in ("Xn", "Xp", "Xwrite")} == {
        "Xn": "nfet_01v8_lvt",
        "Xp": "pfet_01v8_lvt",
        "Xwrite": "nfet_01v8",
    }
    gates, marks = region(cell, Layer.POLY) & region(cell, Layer.DIFF), region(cell, Layer.LVTN)
    assert sizes(gates & marks) == [(150, 420), (350, 1300)] and sizes(gates - marks) == [(150, 420)]


@pytest.mark.parametrize("fields", [{}, LVT])
def test_array_is_clean(tmp_path, fields):
    cell = registry.build("synapse_cs", fields)
    run_drc(abutted(cell, 4, 3), ("fast",), tmp_path).require_clean()


def test_marks_closer_by_a_step_fail(tmp_path):
    """The two marks are as close as they may be: 380 nm (lvtn.2)."""
    cell = registry.build("synapse_cs", LVT)
    lower = min(region(cell, Layer.LVTN).each(), key=lambda mark: mark.bbox().bottom).bbox()
    higher = with_box(Layer.LVTN, kdb.Box(lower.left, lower.bottom, lower.right, lower.top + 5))
    report = run_drc(twin(cell, higher), ("fast",), tmp_path)
    assert set(report.engines["fast"].violations) == {"lvtn.2"}


def test_without_marks_lvs_fails_and_short_p_gates_fail_drc(tmp_path):
    cell = registry.build("synapse_cs", LVT)
    assert not run_lvs(twin(cell, without(Layer.LVTN)), cell.spice(), cell.name, tmp_path).clean
    short = registry.build("synapse_cs", {"l_p": 0.2})
    well = region(short, Layer.NWELL).bbox()
    marked = with_box(Layer.LVTN, kdb.Box(200, well.bottom, 1000, well.top))
    assert "poly.1b" in run_drc(twin(short, marked), ("fast",), tmp_path).engines["fast"].violations


def test_widest_devices_keep_their_taps_in_reach_in_an_array(tmp_path):
    """A row's n-well cuts the substrate taps off from the row above: each row needs its own (LU.2)."""
    cell = registry.build("synapse_cs", {"w_n": 5.0, "w_p": 5.0, "c_w": 10.0})
    run_drc(abutted(cell, 2, 2), ("fast",), tmp_path).require_clean()


def test_plates_bind_the_width(tmp_path):
    cell = registry.build("synapse_cs")
    assert "width 2.48 um by capm.2b" in cell.notes["binding_rule"]
    report = run_drc(abutted(cell, 4, 3, 10), ("fast",), tmp_path)
    assert any(rule.startswith("capm") for rule in report.engines["fast"].violations)


def test_p_tap_binds_the_height(tmp_path):
    cell = registry.build("synapse_cs")
    assert "by difftap.11" in cell.notes["binding_rule"]
    report = run_drc(abutted(cell, 4, 3, 0, 10), ("fast",), tmp_path)
    assert "difftap.11" in report.engines["fast"].violations


@pytest.mark.parametrize("seed", range(12))
def test_random_specs_are_clean(tmp_path, seed):
    cell = registry.build("synapse_cs", random_fields(seed))
    drc_cell(cell, tmp_path).require_clean()
    run_drc(abutted(cell, 2, 2), ("fast",), tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(s, marks=pytest.mark.full) for s in range(2, 24))])
def test_random_lengths_and_thresholds_are_clean(tmp_path, seed):
    cell = registry.build("synapse_cs", random_pair(seed))
    drc_cell(cell, tmp_path).require_clean()
    run_drc(abutted(cell, 2, 2), ("fast",), tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize("layer", [Layer.LICON, Layer.MCON, Layer.VIA, Layer.VIA2, Layer.VIA3, Layer.NWELL, Layer.TAP])
def test_without_a_layer_lvs_fails(tmp_path, layer):
    cell = registry.build("synapse_cs")
    assert not run_lvs(twin(cell, without(layer)), cell.spice(), cell.name, tmp_path).clean


def test_without_taps_drc_fails(tmp_path):
    cell = registry.build("synapse_cs")
    report = run_drc(twin(cell, without(Layer.TAP)), ("fast",), tmp_path)
    assert {"LU.2", "LU.3"} <= set(report.engines["fast"].violations)


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("fields", [{}, LVT])
def test_signed_off(tmp_path, fields):
    cell = registry.build("synapse_cs", fields)
    run_drc(abutted(cell, 4, 3), ("klayout", "magic"), tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
def test_low_threshold_matches_in_netgen(tmp_path):
    cell = registry.build("synapse_cs", LVT | {"l_n": 0.2, "l_p": 0.5})
    lvs_cell(cell, tmp_path, ("netgen",)).require_clean()
    swapped = cell.spice().replace("pfet_01v8_lvt", "pfet_01v8")
    assert not run_lvs(twin(cell, lambda *_: None), swapped, cell.name, tmp_path, engines=("netgen",)).clean


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"l": 0.145}, "greater than or equal to 0.15"),
        ({"w_p": 5.005}, "less than or equal to 5"),
        ({"w_n": 0.423}, "multiple of 0.005 um"),
        ({"l_read": 1}, "one of the fields l,"),
        ({"l_n": 0.1}, "greater than or equal to 0.15"),
        ({"l_p": 0.345, "vt": "lvt"}, "at least 0.35 um for pfet_01v8_lvt .poly.1b"),
        ({"vt": "hvt"}, "'standard' or 'lvt'"),
    ],
)
def test_refusals(fields, said):
    with pytest.raises(SpecError, match=said) as refused:
        registry.build("synapse_cs", fields)
    assert refused.value.field == next(iter(fields))
