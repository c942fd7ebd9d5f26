"""The 2T1C synapse: its area, its lines, the rule that binds, sizes as asked; DRC and LVS bite."""

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

BEST_KNOWN_UM2 = 13.6
"""The smallest drawn 130 nm analog synapse found: a 4 x 2 floating-gate cell of 17.97 x 6.05 um (Hilas, swc4x2cell)."""

FIELDS = ("w_read", "l_read", "w_write", "l_write", "c_w")
LEAST_UM = (0.42, 0.15, 0.42, 0.15, 1.0)


def random_fields(seed):
    """A legal spec: each field at its least or up to 2 um above, on the 5 nm grid."""
    rng = random.Random(seed)
    extra = [rng.choice((0, rng.randrange(400))) for _ in FIELDS]
    return {f: round(least + 0.005 * k, 3) for f, least, k in zip(FIELDS, LEAST_UM, extra, strict=True)}


def test_area_with_tap_is_half_the_best_known():
    cell = registry.build("synapse_2t1c")
    assert cell.area_um2 == pytest.approx(2.75 * 2.48)
    assert cell.area_um2 < BEST_KNOWN_UM2 / 1.99
    assert not region(cell, Layer.TAP).is_empty()


def test_nothing_sticks_out_of_the_tile():
    cell = registry.build("synapse_2t1c")
    assert cell.bbox_nm == kdb.Box(0, 0, *cell.fabric.pitch_nm) == region(cell, Layer.PR_BOUNDARY).bbox()


def test_lines_run_from_edge_to_edge():
    cell = registry.build("synapse_2t1c")
    assert {pin.name for pin in cell.pins} == {"row", "col", "wwl", "wbl", "vss", "vc"}
    assert {n for n, way in cell.fabric.lines.items() if way == "v"} == {"col", "wbl"}
    assert line_ends_meet(cell)


def test_drawn_gates_and_plate_have_the_asked_sizes():
    fields = {"w_read": 0.6, "l_read": 1.2, "w_write": 0.5, "l_write": 0.18, "c_w": 1.4}
    cell = registry.build("synapse_2t1c", fields)
    gates = (region(cell, Layer.POLY) & region(cell, Layer.DIFF)).merged()
    sizes = sorted((b.width(), b.height()) for b in (g.bbox() for g in gates.each()))
    assert sizes == [(180, 500), (1200, 600)]
    assert region(cell, Layer.CAPM).bbox().width() == region(cell, Layer.CAPM).bbox().height() == 1400


def test_array_is_clean(tmp_path):
    cell = registry.build("synapse_2t1c")
    run_drc(abutted(cell, 4, 3), ("fast",), tmp_path).require_clean()


def test_plates_bind_the_height(tmp_path):
    """One step of the cuts' grid closer and the plates' spacing breaks, as the note says."""
    cell = registry.build("synapse_2t1c")
    assert "height 2.48 um by capm.2b" in cell.notes["binding_rule"]
    report = run_drc(abutted(cell, 4, 3, 0, 10), ("fast",), tmp_path)
    assert "capm.2b" in report.engines["fast"].violations


def test_plates_bind_the_width(tmp_path):
    """The same for the width, by the distance of capm from the tab of the next plate."""
    cell = registry.build("synapse_2t1c")
    assert "width 2.745 um by capm.11m" in cell.notes["binding_rule"]
    report = run_drc(abutted(cell, 2, 2, 10, 0), ("fast",), tmp_path)
    assert "capm.11m" in report.engines["fast"].violations


@pytest.mark.slow
@pytest.mark.tools
def test_magic_binds_the_width_too(tmp_path):
    report = run_drc(abutted(registry.build("synapse_2t1c"), 2, 2, 10, 0), ("magic",), tmp_path)
    assert any("capm.11" in rule for rule in report.engines["magic"].violations)


@pytest.mark.parametrize("seed", range(12))
def test_random_specs_are_clean(tmp_path, seed):
    cell = registry.build("synapse_2t1c", random_fields(seed))
    drc_cell(cell, tmp_path).require_clean()
    run_drc(abutted(cell, 2, 2), ("fast",), tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize("layer", [Layer.LICON, Layer.MCON, Layer.VIA, Layer.VIA2, Layer.VIA3, Layer.CAPM, Layer.TAP])
def test_without_a_layer_lvs_fails(tmp_path, layer):
    cell = registry.build("synapse_2t1c")
    assert not run_lvs(twin(cell, without(layer)), cell.spice(), cell.name, tmp_path).clean


def test_row_shorted_to_word_line_fails_lvs(tmp_path):
    cell = registry.build("synapse_2t1c")
    row, wwl = (next(p.box for p in cell.pins if p.name == name) for name in ("row", "wwl"))
    bridge = kdb.Box(0, wwl.bottom, 300, row.top)
    assert not run_lvs(twin(cell, with_box(Layer.MET1, bridge)), cell.spice(), cell.name, tmp_path).clean


def test_without_tap_drc_fails(tmp_path):
    cell = registry.build("synapse_2t1c")
    report = run_drc(twin(cell, without(Layer.TAP)), ("fast",), tmp_path)
    assert "LU.2" in report.engines["fast"].violations


@pytest.mark.slow
@pytest.mark.tools
def test_signed_off(tmp_path):
    cell = registry.build("synapse_2t1c")
    run_drc(abutted(cell, 4, 3), ("klayout", "magic"), tmp_path).require_clean()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"w_read": 0.415}, "greater than or equal to 0.42"),
        ({"l_read": 0.501}, "multiple of 0.005 um"),
        ({"l_write": 0.1}, "greater than or equal to 0.15"),
        ({"c_w": 0.995}, "greater than or equal to 1"),
        ({"c_w": 10.005}, "less than or equal to 10"),
        ({"w": 1}, "one of the fields w_read"),
    ],
)
def test_refusals(fields, said):
    with pytest.raises(SpecError, match=said) as refused:
        registry.build("synapse_2t1c", fields)
    assert refused.value.field == next(iter(fields))
