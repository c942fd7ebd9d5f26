"""The crossbar: what its spec takes, where its pins are, that it is clean, and that its broken twins are not."""

from dataclasses import replace

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.generators.crossbar.rim import Rim
from analoom.pdk.errors import InputError, SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region


def crossbar(rows, cols, synapse="synapse_2t1c"):
    return registry.build("crossbar", {"rows": rows, "cols": cols, "synapse": synapse})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rows": 0}, "rows"),
        ({"cols": -1}, "cols"),
        ({"rows": 4097}, "rows"),
        ({"weights": [1]}, "weights"),
        ({"synapse": "synapse_3t"}, "synapse.cell"),
        ({"synapse": {"cell": "mosfet"}}, "synapse.cell"),
        ({"synapse": 7}, "synapse"),
        ({"synapse": {"cell": "synapse_2t1c", "flavour": 1}}, "synapse.flavour"),
        ({"synapse": {"cell": "synapse_2t1c", "l_read": 0.1}}, "synapse.l_read"),
        ({"synapse": {"cell": "synapse_2t1c", "l_read": 0.502}}, "synapse.l_read"),
    ],
)
def test_bad_fields_are_named(fields, field):
    with pytest.raises(SpecError) as refused:
        registry.build("crossbar", fields)
    assert refused.value.field == field


def test_a_synapse_is_a_name_or_a_mapping():
    by_name = registry.build("crossbar", {"rows": 2, "cols": 2, "synapse": "synapse_cs"})
    by_cell = registry.build("crossbar", {"rows": 2, "cols": 2, "synapse": {"cell": "synapse_cs", "l": 0.15}})
    other = registry.build("crossbar", {"rows": 2, "cols": 2, "synapse": {"cell": "synapse_cs", "l": 0.5}})
    assert by_name is by_cell
    assert other.name != by_name.name and other.spec.synapse == {"cell": "synapse_cs", "l": 0.5}
    assert registry.build("crossbar") is registry.build("crossbar", {"synapse": "synapse_2t1c"})


def test_row_0_is_at_the_bottom_left_and_column_0_at_the_left_bottom():
    cell = crossbar(3, 5)
    px, py = cell.weave.pitch_nm
    pins = {pin.name: pin.box for pin in cell.pins}
    for line in ("row", "wwl"):
        assert [pins[f"{line}{i}"].bottom - pins[f"{line}0"].bottom for i in range(3)] == [0, py, 2 * py]
        assert all(pins[f"{line}{i}"].left == cell.bbox_nm.left for i in range(3))
    for line in ("col", "wbl"):
        assert [pins[f"{line}{j}"].left - pins[f"{line}0"].left for j in range(5)] == [j * px for j in range(5)]
        assert all(pins[f"{line}{j}"].bottom == cell.bbox_nm.bottom for j in range(5))


def test_pins_are_the_circuit_s_ports():
    for cell in (crossbar(3, 5), crossbar(3, 5, "synapse_cs")):
        assert {pin.name for pin in cell.pins} == set(cell.circuit.ports)
        assert not any(port.startswith("vc") for port in cell.circuit.ports)


def test_the_guard_ring_closes_around_the_array():
    cell = crossbar(3, 5)
    px, py = cell.weave.pitch_nm
    array = kdb.Region(kdb.Box(0, 0, 5 * px, 3 * py))
    for layer in (Layer.TAP, Layer.LI1):
        outside = (region(cell, layer) - array).merged()
        ring = [p for p in outside.each() if p.holes()]
        assert len(ring) == 1 and (array - kdb.Region(kdb.Polygon(list(ring[0].each_point_hole(0))))).is_empty()


@pytest.mark.parametrize("synapse", ["synapse_2t1c", "synapse_cs"])
@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (1, 7), (7, 1), (5, 4), (17, 3)])
def test_any_size_is_clean(rows, cols, synapse, tmp_path):
    cell = crossbar(rows, cols, synapse)
    run_drc(of_cell(cell), ("fast",), tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.parametrize(
    "fields", [{"cell": "synapse_2t1c", "l_read": 2.0, "w_read": 1.5, "c_w": 3.0}, {"cell": "synapse_cs", "l": 1.0}]
)
def test_other_sizes_of_synapse_are_clean(fields, tmp_path):
    cell = crossbar(3, 2, fields)
    run_drc(of_cell(cell), ("fast",), tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.tools
@pytest.mark.full
@pytest.mark.parametrize("synapse", ["synapse_2t1c", "synapse_cs"])
def test_clean_in_the_applications_too(synapse, tmp_path):
    run_drc(of_cell(crossbar(5, 4, synapse)), ("klayout", "magic"), tmp_path).require_clean()


@pytest.mark.parametrize("layer", [Layer.TAP, Layer.NSDM])
def test_drc_misses_a_layer(layer, tmp_path):
    assert not run_drc(twin(crossbar(3, 5), without(layer)), ("fast",), tmp_path).clean


def test_drc_sees_metal_near_a_pin(tmp_path):
    cell = crossbar(3, 5)
    pin = next(p for p in cell.pins if p.name == "row1")
    stray = kdb.Box(pin.box.left, pin.box.top + 100, pin.box.left + 300, pin.box.top + 400)
    assert not run_drc(twin(cell, with_box(pin.layer, stray)), ("fast",), tmp_path).clean


@pytest.mark.slow
@pytest.mark.parametrize("layer", [Layer.VIA, Layer.MCON])
def test_lvs_misses_a_layer(layer, tmp_path):
    cell = crossbar(3, 5)
    assert not run_lvs(twin(cell, without(layer)), cell.spice(), cell.name, tmp_path).clean


def test_lvs_sees_two_rows_shorted_in_the_rim(tmp_path):
    cell = crossbar(3, 5)
    boxes = [p.box for p in cell.pins if p.name in ("row0", "row1")]
    bridge = with_box(Layer.MET1, boxes[0] + boxes[1])
    assert not run_lvs(twin(cell, bridge), cell.spice(), cell.name, tmp_path).clean


def test_lvs_sees_the_plates_cut_off_the_ring(tmp_path):
    cell = crossbar(3, 5)

    def cut(copy, top):
        for c in copy.each_cell():
            if c.name == "synapse_2t1c_right":
                c.shapes(copy.layer(*Layer.VIA3.value)).clear()

    assert not run_lvs(twin(cell, cut), cell.spice(), cell.name, tmp_path).clean


def test_a_line_below_met1_cannot_cross_the_ring():
    unit = registry.build("synapse_2t1c")
    pins = tuple(replace(p, layer=Layer.LI1) if p.name == "row" else p for p in unit.pins)
    with pytest.raises(InputError, match="cannot cross the guard ring"):
        Rim(replace(unit, pins=pins))


@pytest.mark.slow
def test_a_million_synapses_are_a_small_file(tmp_path):
    cell = crossbar(512, 2048)
    assert len(cell.pins) >= 2 * (512 + 2048)
    assert cell.write(tmp_path / "large.gds").stat().st_size < 2e6


def test_matched_members_stand_at_their_row_and_column() -> None:
    """Against the pins of the lines: members of a column lie as far apart as its row pins, of a row as its columns'."""
    cell = registry.build("crossbar", {"rows": 2, "cols": 3})
    (group,), at = cell.match_groups, {pin.name: pin.box.center() for pin in cell.pins}
    middle = {name: boxes[0].center() for name, boxes in group.members.items()}
    assert set(middle) == {f"read[{i},{j}]" for i in range(2) for j in range(3)}
    up, right = middle["read[1,0]"] - middle["read[0,0]"], middle["read[0,2]"] - middle["read[0,0]"]
    assert (up.x, up.y) == (0, (at["row1"] - at["row0"]).y) and up.y > 0
    assert (right.x, right.y) == ((at["col2"] - at["col0"]).x, 0) and right.x > 0
