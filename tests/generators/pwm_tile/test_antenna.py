"""Antennas of a tile: its long lanes reach gates through jumpers of met4, and bridged these are none."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell
from analoom.generators.pwm_tile.blocks import readout, shared
from analoom.generators.pwm_tile.floor import TileFloor
from analoom.generators.pwm_tile.readout_floor import ReadoutFloor
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.layers import Layer
from broken import twin, with_box


def floor_of(**fields):
    spec = PwmTileSpec(**fields)
    return TileFloor(spec, ReadoutFloor(spec, readout(spec), shared(spec)))


def lane_of_read(floor):
    """All of the lane of `read`, up to where the first row of read-outs hangs on it."""
    lane = floor.bus["read"]
    return kdb.Box(lane.left, floor.bottom, lane.right, floor.lane_y(0, "read"))


def met3_within(cell, box):
    """Pieces of met3 there."""
    index = cell.layout.layout().layer(*Layer.MET3.value)
    return (kdb.Region(cell.layout.begin_shapes_rec(index)) & kdb.Region(box)).merged()


@pytest.mark.slow
def test_least_tile_has_no_antenna_and_one_whose_jumper_is_bridged_has(tmp_path):
    """On 60 um of met3 hang gates of 0.252 um2: 595 of 400 without the jumper, which parts the lane from them."""
    cell = registry.build("pwm_tile", {"rows": 1, "cols": 1})
    lane = lane_of_read(floor_of(rows=1, cols=1))
    assert met3_within(cell, lane).count() == 2, "the lane, and what hangs on it"
    drc_cell(cell, tmp_path, ("antenna",)).require_clean()
    found = run_drc(twin(cell, with_box(Layer.MET3, lane)), ("antenna",), tmp_path).engines["antenna"]
    assert set(found.violations) == {"antenna.met3"}
    assert found.nets[0]["net"] == "read"


@pytest.mark.full
@pytest.mark.parametrize(
    "fields",
    [
        {"rows": 2, "cols": 2},
        {},
        {"rows": 3, "cols": 5, "w": 0.84, "l": 2.0, "gated": False, "c_int": 1e-12},
        {"rows": 17, "cols": 12, "full_scale": 0.1, "c_int": 0.6e-12, "ramp_units": 4},
        {"rows": 3, "cols": 5, "comparator": {"auto_zero": True}},
    ],
)
def test_tiles_of_any_shape_have_no_antenna(tmp_path, fields):
    drc_cell(registry.build("pwm_tile", fields), tmp_path, ("antenna",)).require_clean()


@pytest.mark.full
@pytest.mark.tools
def test_a_tile_that_zeroes_its_comparators_is_clean_and_without_its_jumpers_has_antennas(tmp_path, monkeypatch):
    """The read-out is so high that both lines of the ramp's switches are 20 um of met3 on a gate of 0.063 um2."""
    fields = {"rows": 2, "cols": 2, "comparator": {"auto_zero": True}}
    cell = registry.build("pwm_tile", fields)
    drc_cell(cell, tmp_path, ("fast", "klayout", "magic", "antenna")).require_clean()
    lvs_cell(cell, tmp_path, ("fast", "netgen")).require_clean()
    monkeypatch.setattr(Floorplan, "jumpers", lambda *_: None)
    twin_of = registry.build("pwm_tile", fields | {"c_int": 2.3e-12})  # drawn anew
    found = run_drc(of_cell(twin_of), ("antenna",), tmp_path).engines["antenna"]
    assert set(found.violations) == {"antenna.met3"}
