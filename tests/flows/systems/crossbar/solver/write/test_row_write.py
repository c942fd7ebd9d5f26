"""Writing a row on the array solver against ngspice on the same flat netlist, its tables, error control, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom.cells.model.circuit import Mos
from analoom.cells.model.registry import build
from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.pex.crossbar.ladders import Ladders, line_ladders
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.crossbar.solver.device_sampling import unit_line
from analoom.flows.systems.crossbar.solver.read import ArrayReader, array_reader
from analoom.flows.systems.crossbar.solver.write.drive import WriteDrive
from analoom.flows.systems.crossbar.solver.write.netlist import ngspice_write
from analoom.flows.systems.crossbar.solver.write.row_write import write_row
from analoom.flows.systems.crossbar.solver.write.row_writer import levels_in_turn, write_figures, written_row
from analoom.flows.systems.crossbar.solver.write.state import WriteTrace
from analoom.flows.systems.crossbar.solver.write.stored_charge import write_device
from analoom.flows.systems.crossbar.solver.write.table import WriteRange, WriteTable, write_table
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

T_WRITE_S, V_ON, ROW = 5e-8, 1.8, 1
RANGE = WriteRange((-0.1, 1.9), (-0.2, 1.2))


@pytest.fixture(scope="module")
def array() -> tuple[ArrayReader, Ladders, np.ndarray, WriteDrive]:
    """A drawn 4 x 4 array, random weights (V), and a write of the two ends of the range in turn."""
    cell = build("crossbar", {"rows": 4, "cols": 4})
    ladders = line_ladders(cell)
    reader = array_reader(cell, ladders=ladders)
    _, low, high = reader.range_v
    stored = np.random.default_rng(4).uniform(low, high, (4, 4))
    return reader, ladders, stored, WriteDrive(levels_in_turn(4, low, high), V_ON, T_WRITE_S)


@pytest.fixture(scope="module")
def device() -> Mos:
    return write_device(synapse_of(build("crossbar", {"rows": 2, "cols": 2})))


@pytest.fixture(scope="module")
def table(device: Mos) -> WriteTable:
    return write_table(device, corner("tt"), 27.0, RANGE)


def sources_of(device: Mos, points: np.ndarray) -> list[str]:
    """A transistor for each of `points` (n, 3) V of gate, drain and source, every terminal on a source of its own."""
    lines = []
    for k, values in enumerate(points):
        lines.append(with_variants(unit_line(device, str(k), {"d": f"d{k}", "g": f"g{k}", "s": f"s{k}", "b": "0"})))
        lines += [f"v{n}{k} {n}{k} 0 {float(v)!r}" for n, v in zip("gds", values, strict=True)]
    return lines


def random_points(count: int = 60) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.column_stack([rng.uniform(0, V_ON, count), *rng.uniform(0, 1.0, (2, count))])


def test_currents_of_the_table_are_ngspices(device: Mos, table: WriteTable) -> None:
    """Between the sampled points; a write of 50 ns knows nothing below 1 nA (1 nA moves 4 fF by 12 mV in it)."""
    points = random_points()
    library = trimmed_library([size_of(device)], corner("tt")).read_text()
    with circuit(deck("single transistors", library, *sources_of(device, points))) as loaded:
        op = loaded.op()
    expected = np.array([-op[f"vd{k}#branch"] for k in range(len(points))])
    found = table.at(points)[0]
    on = np.abs(expected) > 1e-9
    assert on.sum() > 20
    assert np.abs(found[on] / expected[on] - 1).max() < 0.01


def test_charges_of_the_table_slope_as_ngspices_capacitances(device: Mos, table: WriteTable) -> None:
    """Gate capacitance at random points, by a difference of charges, against an AC analysis."""
    points = random_points()
    points = points[np.abs(points[:, 1] - points[:, 2]) > 0.05]
    lines = [
        line.replace(" 0 ", " 0 dc ", 1) + " ac 1" if line[:2] == "vg" else line for line in sources_of(device, points)
    ]
    library = trimmed_library([size_of(device)], corner("tt")).read_text()
    with circuit(deck("single transistors", library, *lines)) as loaded:
        seen = loaded.run("ac lin 1 1meg 1meg")
    expected = np.array([-complex(seen[f"vg{k}#branch"][0]).imag / (2e6 * np.pi) for k in range(len(points))])
    step = np.array([1e-3, 0, 0])
    found = (table.charges(points + step) - table.charges(points - step))[:, 0] / 2e-3
    assert np.abs(found / expected - 1).max() < 0.05
    assert table.at(points)[3][:, 0, 0] == pytest.approx(found, rel=1e-3, abs=0)


def test_slopes_are_differences(table: WriteTable) -> None:
    v = random_points(5)
    _, by, _, c = table.at(v)
    for k in range(3):
        move = 1e-5 * np.eye(3)[k]
        up, down = table.at(v + move), table.at(v - move)
        assert by[:, k] == pytest.approx((up[0] - down[0]) / 2e-5, rel=1e-3, abs=1e-12)
        assert c[:, :, k] == pytest.approx((up[2] - down[2]) / 2e-5, rel=1e-3, abs=1e-19)


@pytest.mark.full
def test_a_write_is_ngspices(array: tuple[ArrayReader, Ladders, np.ndarray, WriteDrive]) -> None:
    """Every device, ladder and coupling of the 4 x 4 array in ngspice: the written row when the word line falls (1 mV),
    the step after it (1 %), the time to 1 mV (5 %), how far other rows are pushed (1 %), the end (0.5 mV)."""
    reader, ladders, stored, drive = array
    row = written_row(reader, ladders, ROW, stored, drive)
    found = write_row(row, drive, stored[ROW])
    spice = ngspice_write(reader, ladders, ROW, stored, drive)
    others = np.delete(spice.stored_v, ROW, axis=1)
    pushed = np.abs(others - others[0]).max(axis=(1, 2))
    expected = WriteTrace(spice.t, spice.stored_v[:, ROW], np.zeros_like(spice.t), pushed, 0)
    ours, theirs = (write_figures(trace, drive) for trace in (found, expected))
    assert found.at(drive.falls_s) == pytest.approx(expected.at(drive.falls_s), abs=1e-3)
    assert found.stored_v[-1] == pytest.approx(expected.stored_v[-1], abs=5e-4)
    assert ours["row_pedestal"].value == pytest.approx(theirs["row_pedestal"].value, rel=0.01)
    assert ours["row_settling"].value == pytest.approx(theirs["row_settling"].value, rel=0.05)
    assert ours["write_disturb_peak"].value == pytest.approx(theirs["write_disturb_peak"].value, rel=0.01)
    without = write_row(replace(row, word_stored_f=0 * row.word_stored_f), drive, stored[ROW])
    assert abs(write_figures(without, drive)["row_pedestal"].value / theirs["row_pedestal"].value - 1) > 0.05


@pytest.mark.slow
def test_a_smaller_tolerance_is_a_smaller_error(array: tuple[ArrayReader, Ladders, np.ndarray, WriteDrive]) -> None:
    """At the corners of the waveforms, against a run a hundred times as strict."""
    reader, ladders, stored, drive = array
    row = written_row(reader, ladders, ROW, stored, drive)
    strict = write_row(row, drive, stored[ROW], 5e-6)

    def error(tolerance_v: float) -> float:
        trace = write_row(row, drive, stored[ROW], tolerance_v)
        return max(float(np.abs(trace.at(t) - strict.at(t)).max()) for t in drive.corners_s)

    errors = {tolerance_v: error(tolerance_v) for tolerance_v in (1.6e-3, 1e-4)}
    assert errors[1e-4] < errors[1.6e-3] / 16
    assert all(error < 2 * tolerance_v for tolerance_v, error in errors.items())


@pytest.mark.slow
def test_a_slow_word_line_writes_late(array: tuple[ArrayReader, Ladders, np.ndarray, WriteDrive]) -> None:
    """10 kohm a segment: the far column's gate lags by the line's own time, the near one's does not."""
    reader, ladders, stored, drive = array
    row = written_row(reader, ladders, ROW, stored, drive)
    slow = replace(row, word=replace(row.word, segment_s=np.full_like(row.word.segment_s, 1e-6)))
    quick, late = (write_row(r, drive, stored[ROW]) for r in (row, slow))
    settled = [trace.settled_s(drive.levels_v, 1e-3, drive.falls_s) for trace in (quick, late)]
    assert settled[1][2] > settled[0][2] + 5e-10
    assert settled[1][0] < settled[0][0] + 5e-10


def test_what_cannot_be_written_is_told(array: tuple[ArrayReader, Ladders, np.ndarray, WriteDrive]) -> None:
    reader, ladders, stored, drive = array
    with pytest.raises(InputError, match="row 4: the array has rows 0 to 3"):
        written_row(reader, ladders, 4, stored, drive)
    with pytest.raises(InputError, match="levels"):
        written_row(reader, ladders, 0, stored, replace(drive, levels_v=np.zeros(3)))
    with pytest.raises(InputError, match="no net 'sn'"):
        written_row(reader, replace(ladders, inner_f={}), 0, stored, drive)


def test_out_of_the_tables_range_is_an_error(table: WriteTable) -> None:
    for v, what in (([2.0, 0.5, 0.5], "gate"), ([1.0, 1.3, 0.5], "drain or source"), ([1.0, 0.5, -0.3], "drain")):
        with pytest.raises(InputError, match=what):
            table.at(np.array([v]))
