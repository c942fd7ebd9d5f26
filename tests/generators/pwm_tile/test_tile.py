"""Whole tiles: against plain double loops, of other shapes, in all engines."""

import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.generators.pwm_tile.circuits import tile_circuit
from analoom.generators.pwm_tile.spec import PwmTileSpec

pytestmark = pytest.mark.full
SMALL = {"rows": 2, "cols": 2}


def test_tile_is_a_double_loop_and_one_with_pulses_or_columns_swapped_is_not(tmp_path):
    cell, text = registry.build("pwm_tile", SMALL), tile_circuit(PwmTileSpec(**SMALL)).spice()
    run_lvs(of_cell(cell), text, cell.name, tmp_path).require_clean()
    for whole, swapped in (
        ("Xw0_1 iunit p0 pb0", "Xw0_1 iunit pb0 p0"),
        ("Xreadout0 colp0 coln0", "Xreadout0 coln0 colp0"),
    ):
        wrong = text.replace(whole, swapped)
        assert wrong != text
        assert not run_lvs(of_cell(cell), wrong, cell.name, tmp_path).clean


@pytest.mark.parametrize(
    "fields",
    [
        {"rows": 1, "cols": 1},
        {"rows": 3, "cols": 5, "w": 0.84, "l": 2.0, "gated": False, "c_int": 1e-12},
        {"rows": 2, "cols": 2, "comparator": {"auto_zero": True}},
        {"rows": 17, "cols": 12, "full_scale": 0.1, "c_int": 0.6e-12, "ramp_units": 4},
    ],
)
def test_tiles_of_any_shape_are_clean(tmp_path, fields):
    cell = registry.build("pwm_tile", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.tools
def test_eight_by_eight_is_clean_in_all_engines_and_its_parts_make_up_the_whole(tmp_path):
    cell = registry.build("pwm_tile")
    drc_cell(cell, tmp_path, ("fast", "klayout", "magic")).require_clean()
    lvs_cell(cell, tmp_path, ("fast", "netgen")).require_clean()
    assert sum(cell.areas_um2.values()) == pytest.approx(cell.area_um2, rel=1e-6)
    assert cell.notes["area_per_weight_um2"] * cell.notes["weights"] == pytest.approx(cell.area_um2, rel=1e-6)
