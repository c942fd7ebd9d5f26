"""The array solver against ngspice on the same flat netlist, against a dense solution, and its refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.numerics.implicit_steps import adaptive
from analoom.flows.systems.crossbar.bench import column_currents
from analoom.flows.systems.crossbar.large.bench import ideal_read
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.crossbar.solver import device_table
from analoom.flows.systems.crossbar.solver.lines import Lines
from analoom.flows.systems.crossbar.solver.netlist import ngspice_columns
from analoom.flows.systems.crossbar.solver.read import ArrayReader, array_reader
from analoom.flows.systems.crossbar.solver.state import Drive, Network, State
from analoom.generators.crossbar.matrix import crossbar_map
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError, ToolError

pytestmark = pytest.mark.tools

SEGMENT_OHM, END_OHM, TAP_OHM = 40.0, 75.0, 190.0


def crossbar(rows: int, cols: int, synapse: str = "synapse_2t1c") -> Cell:
    return build("crossbar", {"rows": rows, "cols": cols, "synapse": synapse})


def resistive(reader: ArrayReader, segment_ohm: float = SEGMENT_OHM) -> ArrayReader:
    """The reader with lines of stated resistances, long wires' worth: every tap drops visibly."""
    rows, cols = reader.shape

    def lines(count: int, taps: int) -> Lines:
        rng = np.random.default_rng(count)
        segments = segment_ohm * rng.uniform(0.5, 1.5, (count, taps - 1))
        return Lines(np.full(count, 1 / END_OHM), 1 / segments, np.full((count, taps), TAP_OHM))

    return replace(reader, network=Network(tuple(lines(rows, cols) for _ in reader.devices), lines(cols, rows)))


def drawn(reader: ArrayReader, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Random weights over the whole range and inputs, V."""
    rng = np.random.default_rng(seed)
    v_read, low, high = reader.range_v
    return rng.uniform(low, high, reader.shape), rng.uniform(0, v_read, reader.shape[0])


def test_driven_voltages_lie_between_the_lowest_and_the_highest_of_all_pins() -> None:
    drive = Drive((np.array([0.4, 0.9]), np.array([0.5])), np.array([0.1, 0.2]))
    assert drive.bounds_v == (0.1, 0.9)
    assert Drive((np.array([0.4, 0.9]),), np.array([0.5, 1.1])).bounds_v == (0.4, 1.1)


@pytest.mark.parametrize("corner", ["tt", "ss", "ff"])
@pytest.mark.parametrize("synapse", ["synapse_2t1c", "synapse_cs"])
def test_columns_are_ngspices(synapse: str, corner: str) -> None:
    """Asked for: 0.5 % of the largest column; the tables allow a tenth of that."""
    reader = resistive(array_reader(crossbar(8, 8, synapse), corner, lines="ideal"))
    stored, inputs = drawn(reader)
    expected = ngspice_columns(reader, stored, inputs)
    found = reader.read(stored, inputs)
    assert np.abs(found - expected).max() < 5e-4 * np.abs(expected).max()
    without = array_reader(crossbar(8, 8, synapse), corner, lines="ideal").read(stored, inputs)
    assert np.abs(without - expected).max() > 5e-3 * np.abs(expected).max()


FINE, COARSE = {}, {"_LOW_PITCH_V": 0.07, "_DS_PITCH_V": 0.034}


@pytest.mark.parametrize(("pitch", "agrees"), [(FINE, True), (COARSE, False)])
def test_small_column_errors_are_ngspices_too(
    pitch: dict[str, float], agrees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """6 x 6, ff, -40 degC, all inputs full: the ideal product is off by 37 to 680 millionths of full scale, and even of
    those the rms is within 0.5 %. Nodes twice as far apart are 4 % off."""
    for name, value in pitch.items():
        monkeypatch.setattr(device_table, name, value)
    cell = crossbar(6, 6, "synapse_cs")
    reader, process = array_reader(cell, "ff", -40.0, lines="ideal"), corner_named("ff")
    ideal = ideal_read(cell, process, -40.0, CrossbarSettings.parse({}))
    dut, matrix, inputs = make_dut(cell, "schematic", process, -40.0), crossbar_map(cell), np.full(6, reader.range_v[0])
    ratios = []
    for seed in (1, 3, 5):
        stored, _ = drawn(reader, seed)
        product = inputs @ ideal.factor(stored)
        found, expected = reader.read(stored, inputs), column_currents(dut, matrix, stored, inputs)
        ratios.append(np.sqrt(np.mean((found - product) ** 2) / np.mean((expected - product) ** 2)))
    assert (np.abs(np.array(ratios) - 1).max() < 5e-3) == agrees, ratios


def test_a_transposed_weight_shows() -> None:
    """The twin that must fail: the same array with weights turned over a diagonal is another one."""
    reader = resistive(array_reader(crossbar(6, 6), lines="ideal"))
    stored, inputs = drawn(reader)
    expected = ngspice_columns(reader, stored, inputs)
    assert np.abs(reader.read(stored.T, inputs) - expected).max() > 0.02 * np.abs(expected).max()


def test_not_square_one_row_and_one_column() -> None:
    for rows, cols in ((3, 7), (1, 4), (5, 1)):
        reader = resistive(array_reader(crossbar(rows, cols), lines="ideal"))
        stored, inputs = drawn(reader)
        expected = ngspice_columns(reader, stored, inputs)
        assert reader.read(stored, inputs) == pytest.approx(expected, rel=1e-3)


@pytest.mark.full
def test_the_drawn_lines_of_16x16_in_ngspice() -> None:
    reader = array_reader(crossbar(16, 16))
    stored, inputs = drawn(reader, seed=16)
    expected = ngspice_columns(reader, stored, inputs)
    assert np.abs(reader.read(stored, inputs) - expected).max() < 5e-4 * np.abs(expected).max()


def test_batches_are_single_reads() -> None:
    reader = resistive(array_reader(crossbar(4, 5), lines="ideal"))
    stored, one = drawn(reader)
    vectors = np.array([one, np.zeros(4), one[::-1]])
    shifts = np.random.default_rng(2).normal(0, 0.01, (2, 1, 4, 5))
    found = reader.read(stored, vectors)
    dies = reader.read_dies(stored, vectors, shifts)
    assert found.shape == (3, 5) and dies.shape == (2, 3, 5)
    assert found[2] == pytest.approx(reader.read(stored, one[::-1]), rel=1e-6)
    assert np.abs(found[1]).max() < 1e-12
    assert dies[1, 0] == pytest.approx(reader.read(stored, one, shifts[1]), rel=1e-6)
    assert np.abs(dies[0, 0] / found[0] - 1).max() > 1e-3


def test_charge_is_kept_at_every_tap() -> None:
    """Kirchhoff's law at every column tap, from the returned voltages and currents alone."""
    reader = resistive(array_reader(crossbar(7, 9), lines="ideal"), segment_ohm=500.0)
    stored, inputs = drawn(reader)
    (state,) = reader.states(stored, inputs[None])
    cols = reader.network.cols
    v = np.vstack([np.full(9, reader.reading.inputs["row"].rest_v), state.cols_v])
    ohm = np.vstack([1 / cols.end_s, 1 / cols.segment_s.T])
    down = np.diff(v, axis=0) / ohm
    fed = down - np.vstack([down[1:], np.zeros(9)])
    assert fed == pytest.approx(-sum(state.i), abs=1e-11)
    assert down[0] == pytest.approx(state.column_a, rel=1e-6)


def bad_inputs() -> dict[str, tuple[np.ndarray, np.ndarray, str]]:
    stored, inputs = np.full((3, 4), 0.8), np.full(3, 0.02)
    nan = stored.copy()
    nan[1, 2] = np.nan
    return {
        "shape": (stored.T, inputs, "shape"),
        "range": (stored + 1.0, inputs, "leave the range"),
        "nan": (nan, inputs, "finite"),
        "text": (stored.astype(str), inputs, "finite"),
        "inputs' shape": (stored, np.full(4, 0.02), "inputs have shape"),
        "inputs' range": (stored, inputs + 1, "inputs of"),
    }


@pytest.mark.parametrize("name", list(bad_inputs()))
def test_bad_input_is_told(name: str) -> None:
    stored, inputs, said = bad_inputs()[name]
    reader = array_reader(crossbar(3, 4), lines="ideal")
    with pytest.raises(InputError, match=said):
        reader.read(stored, inputs.astype(float) if inputs.dtype.kind == "f" else inputs)


def test_what_is_no_crossbar_is_refused() -> None:
    with pytest.raises(InputError):
        array_reader(build("mosfet", {}))


def ladder_step(ohm: float, farad: float, source_v: float):  # type: ignore[no-untyped-def]
    """Backward Euler of one RC, on the solver's state type: the closed form is an exponential."""

    def step(state: State, _t_s: float, h_s: float) -> State:
        g = h_s / (ohm * farad)
        return State((np.zeros((1, 1)),), (state.cols_v + g * source_v) / (1 + g), state.i)

    return step, State((np.zeros((1, 1)),), np.zeros((1, 1)), (np.zeros((1, 1)),))


def test_the_error_control_keeps_its_promise() -> None:
    """RC charging to 1 V, closed form 1 - exp(-t/RC): a hundredth of the tolerance, a hundredth of the error or so."""
    step, start = ladder_step(1e3, 1e-12, 1.0)
    worst = {}
    for tolerance in (1e-3, 1e-5):
        t, states, _ = adaptive(step, start, 5e-9, tolerance)
        v = np.array([s.cols_v[0, 0] for s in states])
        worst[tolerance] = np.abs(v - (1 - np.exp(-t / 1e-9))).max()
        assert worst[tolerance] < 3 * tolerance
    assert worst[1e-5] < worst[1e-3] / 30


def test_a_transient_that_never_ends_says_how_far_it_came() -> None:
    step, start = ladder_step(1e3, 1e-12, 1.0)
    with pytest.raises(ToolError, match="reached"):
        adaptive(step, start, 1e-3, 1e-14)
