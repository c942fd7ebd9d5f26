"""The weight: its bits and devices, clean at the ends of the spec, refusals, broken twins; the driver of a row."""

from collections import Counter

import pytest

from analoom.cells.model import registry
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.drawing import Box
from analoom.cells.pulse_width.circuits import code_bits, pwm_cell_circuit
from analoom.cells.pulse_width.pulse_driver import pulse_driver, pulse_driver_circuit
from analoom.cells.pulse_width.spec import PwmCellSpec
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.generators.array.block_tree import block
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without

SIZES = [{"w": 2.0, "l": 4.5}, {"w": 0.84, "l": 2.0}]
HEIGHT_NM = 9220
"""Rail to rail of a driver beside a row of default weights."""


@pytest.mark.parametrize("fields", SIZES)
def test_clean_at_the_ends_of_the_spec(tmp_path, fields):
    cell = registry.build("pwm_cell", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


def test_bits_are_magnitude_and_sign():
    assert code_bits(5) == (1, 0, 1, 0)
    assert code_bits(-7) == (1, 1, 1, 1)
    assert code_bits(0) == (0, 0, 0, 0)


def test_weight_has_4_2_and_1_units_and_switches_to_both_columns_and_to_dump():
    devices = registry.build("pwm_cell").circuit.devices
    units = [d for d in devices if d.l_um == 4.0]
    assert Counter((d.nets["d"], d.nets["g"], d.nets["s"]) for d in units) == {
        ("n2", "vbn", "vss"): 4,
        ("n1", "vbn", "vss"): 2,
        ("n0", "vbn", "vss"): 1,
    }
    ways = {(frozenset((d.nets["d"], d.nets["s"])), d.nets["g"]) for d in devices if d.l_um == 0.15}
    bits = {(frozenset((f"n{k}", "x")), f"b{k}") for k in range(3)}
    assert ways == bits | {
        (frozenset("xy"), "p"),
        (frozenset(("x", "dump")), "pb"),
        (frozenset(("y", "colp")), "signb"),
        (frozenset(("y", "coln")), "sign"),
    }


def test_weight_is_smaller_than_120_um2_with_its_latches():
    cell = registry.build("pwm_cell")
    width_nm, height_nm = cell.fabric.pitch_nm
    assert cell.notes["pitch_area_um2"] == pytest.approx(width_nm * height_nm / 1e6, abs=1e-4)
    assert cell.notes["pitch_area_um2"] < 120


def test_a_lost_via_and_a_bridge_are_found(tmp_path):
    cell = registry.build("pwm_cell")
    assert not run_lvs(twin(cell, without(Layer.VIA3)), cell.spice(), cell.name, tmp_path).clean
    bridge = with_box(Layer.MET1, Box(500, 4230, 700, 4600))
    assert not run_lvs(twin(cell, bridge), cell.spice(), cell.name, tmp_path).clean


def test_met1_too_near_to_the_wire_of_dump_is_found(tmp_path):
    """The wire's right edge is at 0.515 um: m1.2 asks for 0.14 um from there."""
    near = with_box(Layer.MET1, Box(575, 4950, 800, 5200))
    far = with_box(Layer.MET1, Box(655, 4950, 955, 5250))
    cell = registry.build("pwm_cell")
    assert not run_drc(twin(cell, near), ("fast",), tmp_path).clean
    assert run_drc(twin(cell, far), ("fast",), tmp_path).clean


@pytest.mark.slow
def test_block_of_weights_is_a_double_loop_and_one_with_a_wrong_column_is_not(tmp_path):
    unit = registry.build("pwm_cell")
    array, single = block(unit, 2, 2), pwm_cell_circuit("pwm_cell", PwmCellSpec())
    loop = [SubInstance(f"w{i}_{j}", single, of_crossing(single, i, j)) for i in range(2) for j in range(2)]
    text = Circuit(array.name, array.circuit.ports, (), tuple(loop)).spice()
    run_lvs(of_cell(array), text, array.name, tmp_path).require_clean()
    wrong = text.replace("Xw0_1 vbn0 p0 pb0 wl0 colp1 coln1", "Xw0_1 vbn0 p0 pb0 wl0 coln1 colp1")
    assert wrong != text
    assert not run_lvs(of_cell(array), wrong, array.name, tmp_path).clean


def of_crossing(single, row, col):
    """The net of each port of a weight, by what runs along rows and columns."""
    rows = ("vbn", "p", "pb", "wl", "dump", "vdd")
    return {port: port if port == "vss" else f"{port}{row if port in rows else col}" for port in single.ports}


def test_driver_of_a_row_is_clean_and_one_with_lines_swapped_is_not_it(tmp_path):
    cell, text = pulse_driver(HEIGHT_NM), pulse_driver_circuit(HEIGHT_NM).spice()
    drc_cell(cell, tmp_path).require_clean()
    run_lvs(of_cell(cell), text, cell.name, tmp_path).require_clean()
    swapped = text.replace("Xp_low p low", "Xp_low pb low")
    assert swapped != text
    assert not run_lvs(of_cell(cell), swapped, cell.name, tmp_path).clean


@pytest.mark.parametrize(("field", "value"), [("weight_bits", 4), ("l", 5.0), ("w", 0.42), ("unit_current", 1e-6)])
def test_sizes_that_cannot_be_drawn_are_refused_with_their_field(field, value):
    with pytest.raises(SpecError) as caught:
        PwmCellSpec.parse({field: value})
    assert caught.value.field == field
    assert caught.value.remedy
