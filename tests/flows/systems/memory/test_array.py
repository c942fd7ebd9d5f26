"""Arrays on their bench: rows are written by address and read, and a die that is wired otherwise is told."""

from dataclasses import replace

import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.wiring import without_resistances
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.post_layout import simulate_view
from analoom.flows.systems.lookup import record
from analoom.flows.systems.memory import array_bench
from analoom.flows.systems.memory.array_bench import ArraySettings, measure
from analoom.flows.systems.memory.settings import LatchSettings
from analoom.flows.systems.memory.static import leakage
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools


def measured(cell, *wrong):
    """The bench's metrics of a cell, or of one whose netlist is wired otherwise."""
    dut = make_dut(cell, "schematic", corner("tt"), 27.0)
    assert all(old in dut.text for old, _ in wrong)
    for old, new in wrong:
        dut = replace(dut, text=dut.text.replace(old, new))
    return array_bench.measure(dut, array_bench.ArraySettings()).metrics


def test_bits_written_from_outside_are_read_and_leak_what_their_latches_do():
    """Four latches leak four times what one does."""
    found = measured(build("latch_array", rows=2, cols=2, drivers=False))
    one = leakage(make_dut(build("latch"), "schematic", corner("tt"), 27.0), LatchSettings())
    assert found["wrong_bits"].value == 0
    assert found["leakage"].value == pytest.approx(4 * one, rel=0.02, abs=0)
    assert 0 < found["held_step"].value < 0.05


@pytest.mark.full
def test_sixty_four_bits_are_written_and_read_with_their_wires(tmp_path):
    found = simulate_view(build("latch_array"), "post", tmp_path).metrics
    assert found["wrong_bits"].value == 0
    assert found["write_time"].value < 2e-9 and found["read_time"].value < 2e-9
    assert found["held_step"].value < 0.1


@pytest.mark.full
def test_lines_have_their_resistances_and_as_much_as_hardly_reduced_ones(tmp_path):
    """A write of 2 x 2 latches takes 5 % longer with them. The judge has ten times the nodes; with all of them, in
    minutes, it said the same."""
    cell = build("latch_array", rows=2, cols=2, drivers=False)
    found = simulate_view(cell, "post", tmp_path)
    assert found.parasitics["resistors"] > 10
    options = {"c": None, "rc": RcOptions(min_c_f=1e-18, up_to_hz=1e11)}
    lines = {mode: extract(of_cell(cell), mode, "typical", tmp_path / mode, of) for mode, of in options.items()}
    given = (ArraySettings(), None)
    c, rc = (measure(make_dut(cell, "post", corner("tt"), 27.0, lines[name]), *given).metrics for name in ("c", "rc"))
    for name in ("write_time", "read_time", "write_energy", "read_energy", "leakage"):
        assert found.metrics[name].value == pytest.approx(rc[name].value, rel=0.01, abs=0)
    assert 1.03 < rc["write_time"].value / c["write_time"].value < 1.08
    assert 1.01 < rc["read_time"].value / c["read_time"].value < 1.05


def test_an_array_of_more_devices_says_that_its_wires_have_no_resistance():
    wiring = record("memory", "memory").wiring
    assert without_resistances(build("latch_array", rows=4, cols=4), wiring) is None
    assert "wires without resistance" in without_resistances(build("latch_array", rows=5, cols=5), wiring)


@pytest.fixture(scope="module")
def column():
    return build("latch_array", rows=2, cols=1)


@pytest.mark.slow
def test_bits_written_by_address_through_the_register_are_read(column):
    found = measured(column)
    assert found["wrong_bits"].value == 0
    assert found["write_time"].value < 1e-9 and found["read_time"].value < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Xword0 a0b wl0", "Xword0 a0 wl0"),
        ("Xbl_nd bl s bl_low", "Xbl_nd bl q bl_low"),
        ("Xw_qb blb wl qb vss", "Xw_qb blb vss qb vss"),
    ],
    ids=["address", "driver", "word transistor"],
)
def test_an_array_wired_otherwise_has_wrong_bits(column, old, new):
    """A row that listens to another address, a driver that pulls for the wrong bit, word transistors that stay off."""
    assert measured(column, (old, new))["wrong_bits"].value > 0
