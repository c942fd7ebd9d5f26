"""Typed facts of cells: they are what is drawn, and `build --json` prints under `notes` what it always has."""

import json

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.cells.model.cell import weave_of
from analoom.flows.export.build import build_files
from analoom.generators.array.block_tree import fabric_of
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from drawn import region

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
STRIPS = [(name, k) for name, k in EXAMPLES if name in ("weight_bit", "analog_switch")]

CENTRES = {"centroid_offset_um", "centroid_offset_y_um", "centroid_residual_um", "source_left_frac"}
GATES = {"rows", "area_um2", "gate_area_um2", "gate_area_frac", "overhead_um2"}
WELLS = {"area_common_um2", "area_by_common"}
TILE = {"tile_nm", "lines"}
SITES = {"rows", "cols", "units", "dummy_units", "sites_without_a_unit", "pitch_um", "stub_room_um_per_unit"}
AREAS = {"core_um2", "core_over_rule", "core_over_rule_by_site", "area_efficiency", "core_efficiency"}
SET_BY = {"pitch_x_set_by", "pitch_y_set_by", "rules", "plate_area_share", "centroid_offset_um"}
MOM = {"finger_length_um", "frame_um", "estimate_f", "estimate_is", "extraction_error_frac", "extraction_error_is"}
NOTES = {
    "analog_switch": (set(), set()),
    "cap_array": (SITES | AREAS | SET_BY | {"wiring_um_per_unit", "wiring_um2_per_unit"}, set()),
    "charge_mac": ({"tile_um", "slots", "units_per_tile", "areas_um2"}, set()),
    "crossbar": (TILE | {"rows", "cols", "synapse", "synapse_area_um2", "core_area_um2"}, set()),
    "current_mirror": (CENTRES | GATES | {"units"}, WELLS),
    "matched_pair": (CENTRES | GATES, WELLS),
    "mosfet": (set(), set()),
    "synapse_2t1c": (TILE | {"storage_node", "binding_rule"}, set()),
    "synapse_cs": (TILE | {"storage_node", "binding_rule"}, set()),
    "translinear": ({"area_by_part_um2", "cells_frac", "sources", "ratios"}, set()),
    "unit_cap": (set(), MOM | {"fingers", "plate_area_um2"}),
    "weight_bit": ({"width_um", "height_um", "tracks"}, set()),
}
"""Keys under `notes` of `build --json` before there were facts: those of every example, and those of some.

A newer cell is not in the list: nobody reads its notes by old keys.
"""


def example(name, k):
    return registry.build(name, registry.entries()[name].examples[k])


def test_every_cell_that_there_was_before_facts_is_there():
    assert registry.entries().keys() >= NOTES.keys()


@pytest.mark.parametrize(("name", "k"), [(name, k) for name, k in EXAMPLES if name in NOTES])
def test_notes_keep_their_keys(name, k):
    always, sometimes = NOTES[name]
    keys = set(json.loads(json.dumps(dict(example(name, k).notes))))
    assert always <= keys <= always | sometimes


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_notes_say_the_facts(name, k):
    cell = example(name, k)
    said = json.loads(json.dumps(dict(cell.notes)))
    if cell.weave:
        weave = cell.weave
        assert (said["rows"], said["cols"], said["synapse"]) == (weave.rows, weave.cols, weave.unit)
        assert (tuple(said["tile_nm"]), said["lines"]) == (weave.pitch_nm, weave.lines)
    if cell.grid:
        assert (said["rows"], said["cols"]) == (cell.grid.rows, cell.grid.cols)
        assert (said["units"], said["dummy_units"]) == (cell.grid.units, cell.grid.dummies)
        assert [1000 * um for um in said["pitch_um"]] == pytest.approx(cell.grid.pitch_nm, abs=1e-6)
    if cell.fabric and cell.fabric.is_tile:
        assert (tuple(said["tile_nm"]), said["lines"]) == (cell.fabric.pitch_nm, cell.fabric.lines)
    assert said.get("sources", {}) == cell.sources
    assert said.get("areas_um2", said.get("area_by_part_um2", {})) == cell.areas_um2


def test_a_build_prints_the_notes(tmp_path):
    cell = example("crossbar", 1)
    printed = build_files(cell, tmp_path).to_json()["notes"]
    assert printed == dict(cell.notes) and printed["rows"] == cell.spec.rows


def wires_at(cell, layer, levels, along):
    """Whether metal lies at each level (nm), somewhere along the cell ("track") or all along it ("rail")."""
    metal, width = region(cell, layer), cell.fabric.pitch_nm[0]
    lines = [kdb.Region(kdb.Box(0, y - 5, width, y + 5)) for y in levels]
    return all((line - metal).is_empty() if along == "rail" else not (line & metal).is_empty() for line in lines)


@pytest.mark.parametrize(("name", "k"), STRIPS)
def test_rails_and_tracks_of_a_strip_are_drawn_where_it_says(name, k):
    cell = example(name, k)
    fabric = cell.fabric
    assert wires_at(cell, Layer.MET1, fabric.rails_nm.values(), "rail")
    assert wires_at(cell, Layer.MET2, fabric.tracks_nm.values(), "track")
    assert set(fabric.rails_nm) == {"vdd", "vss"} and set(fabric.tracks_nm) >= set(cell.circuit.ports) - {"vdd", "vss"}
    on_track = {pin.name: pin.box.center().y for pin in cell.pins if pin.layer is Layer.MET2}
    assert all(abs(fabric.tracks_nm[net] - y) <= 5 for net, y in on_track.items())
    assert abs(fabric.rails_nm["vdd"] - fabric.rails_nm["vss"]) == fabric.pitch_nm[1]
    assert not wires_at(cell, Layer.MET1, [y + 300 for y in fabric.rails_nm.values()], "rail"), (
        "rails beside their places"
    )
    assert not wires_at(cell, Layer.MET2, [y + 225 for y in fabric.tracks_nm.values()], "track"), "between two tracks"


def test_only_a_tile_is_woven_and_only_a_crossbar_has_rows():
    with pytest.raises(InputError, match="is no tile"):
        fabric_of(example("weight_bit", 0))
    with pytest.raises(InputError, match="is no tile"):
        fabric_of(example("mosfet", 0))
    with pytest.raises(InputError, match="is no crossbar"):
        weave_of(example("cap_array", 0))
    assert weave_of(example("crossbar", 1)).shape == (3, 5), "as the example asks"


@pytest.mark.parametrize("k", range(4))
def test_sources_name_every_transistor_but_dummies(k):
    cell = example("translinear", k)
    paths = {f"{i.name}.{d.name}" for i in cell.instances for d in i.cell.circuit.devices}
    assert set(cell.sources) == {path for path in paths if "dummy" not in path}
    assert set(cell.sources.values()) == {"loop", "mirrors", "dac"}
