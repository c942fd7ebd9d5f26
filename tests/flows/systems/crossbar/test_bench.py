"""The crossbar bench: every weight at its own place, the ideal product summed by hand, crossed wires caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.simulate import simulate
from analoom.flows.systems.crossbar.bench import column_currents
from analoom.flows.systems.crossbar.large import bench as array_bench
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.synapse.weights import default_weights
from analoom.generators.crossbar.crossbar import CrossbarSpec, crossbar
from analoom.generators.crossbar.matrix import crossbar_map
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

ROWS, COLS, V_READ = 3, 5, 0.05
QUICK = {"largest_transient": 0}


def array(rows: int = ROWS, cols: int = COLS) -> Cell:
    return crossbar(CrossbarSpec.parse({"rows": rows, "cols": cols}))


def one_hot(cell: Cell) -> np.ndarray:
    """Column currents (rows, cols, cols) A of every one-hot weight (i, j), each row with an input of its own size."""
    dut, matrix = make_dut(cell, "schematic", corner("tt"), 27.0), crossbar_map(cell)
    inputs = V_READ * np.arange(1, ROWS + 1) / ROWS
    out = np.empty((ROWS, COLS, COLS))
    for i, j in np.ndindex(ROWS, COLS):
        stored = np.zeros((ROWS, COLS))
        stored[i, j] = 1.0
        out[i, j] = column_currents(dut, matrix, stored, inputs)
    return out


def misplaced(currents: np.ndarray) -> int:
    """One-hot weights that answer elsewhere than at their column, or to another row than theirs."""
    expected = currents[:, :, :].max(axis=(1, 2))
    wrong = 0
    for i, j in np.ndindex(ROWS, COLS):
        other = np.delete(currents[i, j], j)
        wrong += bool(np.abs(other).max() > 1e-3 * expected[i] or currents[i, j, j] < 0.9 * expected[i])
    rises = np.all(np.diff(currents[:, range(COLS), range(COLS)], axis=0) > 0)
    return wrong + (not rises)


def crossed(circuit: Circuit, line: str, name: str) -> Circuit:
    """The same circuit with the nets of `line` swapped between the first and the last synapse of each block."""
    inside = [replace(i, circuit=crossed(i.circuit, line, name)) for i in circuit.instances]
    if len(inside) > 1 and inside[0].circuit.name == inside[-1].circuit.name == name:
        first, last = inside[0], inside[-1]
        inside[0] = replace(first, nets={**first.nets, line: last.nets[line]})
        inside[-1] = replace(last, nets={**last.nets, line: first.nets[line]})
    return replace(circuit, instances=tuple(inside))


def test_a_one_hot_weight_answers_only_to_its_row_at_its_column() -> None:
    assert misplaced(one_hot(array())) == 0


@pytest.mark.parametrize("line", ["row", "col"])
def test_a_crossed_line_is_caught(line: str) -> None:
    cell = array()
    twin = replace(cell, circuit=crossed(cell.circuit, line, crossbar_map(cell).synapse.circuit.name))
    assert misplaced(one_hot(twin)) > 0


def test_the_sum_of_a_column_is_the_sum_of_its_cells() -> None:
    """With every node held and every line at a source, currents add: one cell at a time against all at once."""
    cell = array()
    dut, matrix = make_dut(cell, "schematic", corner("tt"), 27.0), crossbar_map(cell)
    stored = default_weights((ROWS, COLS), 0.7, 1.0, 3)
    inputs = np.array([0.05, 0.02, 0.04])
    alone = [column_currents(dut, matrix, stored, np.where(np.arange(ROWS) == i, inputs, 0)) for i in range(ROWS)]
    assert column_currents(dut, matrix, stored, inputs) == pytest.approx(sum(alone), rel=1e-4)


def test_metrics_of_a_small_array_with_a_transient() -> None:
    metrics = {name: m.value for name, m in simulate(array(4, 4)).metrics.items()}
    assert 0 < metrics["column_error_rms"] <= metrics["column_error_max"] < 0.03
    assert metrics["row_write_error"] < 1e-3
    assert -0.1 < metrics["row_pedestal"] < -0.02
    assert metrics["write_disturb"] < 1e-3


def test_a_read_costs_what_its_rows_give() -> None:
    """Power: of each row its voltage by the currents that it sends to the columns, row by row; energy: by t_read."""
    cell, t_read = array(), 3e-7
    found = simulate(cell, settings={**QUICK, "t_read": t_read}).metrics
    dut, matrix = make_dut(cell, "schematic", corner("tt"), 27.0), crossbar_map(cell)
    v_read, low, high = CrossbarSettings.parse({}).of(matrix.reading)
    inputs, stored = v_read * np.random.default_rng(1).uniform(size=ROWS), default_weights((ROWS, COLS), low, high, 1)
    given = [column_currents(dut, matrix, stored, np.where(np.arange(ROWS) == i, inputs, 0)) for i in range(ROWS)]
    power_w = sum(v * i.sum() for v, i in zip(inputs, given, strict=True))
    assert found["read_power"].value == pytest.approx(power_w, rel=1e-3, abs=0)
    assert found["read_energy"].value == pytest.approx(power_w * t_read, rel=1e-3, abs=0)
    assert found["energy_per_mac"].value == pytest.approx(power_w * t_read / (ROWS * COLS), rel=1e-3, abs=0)


def test_the_noise_of_a_column_has_the_band_of_its_read() -> None:
    """Mostly 1/f: S = K/f^0.84 leaves 10^0.16 times the power in ten times the band, between white's 10 and 1."""
    long, short = (simulate(array(), settings={**QUICK, "t_read": t}).metrics for t in (1e-6, 1e-7))
    white, corner_hz = short["noise_white"].value, short["noise_corner"].value
    for found, high_hz in ((long, 5e5), (short, 5e6)):
        flicker = corner_hz**0.84 * (high_hz**0.16 - 1) / 0.16
        expected = white * np.sqrt(high_hz + flicker)
        assert found["column_noise"].value == pytest.approx(expected, rel=0.02, abs=0)


@pytest.mark.slow
def test_a_settled_row_is_not_read_in_the_fall_of_its_word_line() -> None:
    """50 ns are enough (a cell settles to 1 mV within 10 ns); looked at too late, a row misses by the pedestal."""
    metrics = simulate(array(16, 16), settings={"ir_drop": False}).metrics
    assert metrics["row_write_error"].value < 1e-4 < -metrics["row_pedestal"].value


def test_given_weights_are_used() -> None:
    low, high = (np.full((ROWS, COLS), v) for v in (0.7, 1.0))
    i_low, i_high = (simulate(array(), weights=w, settings=QUICK).metrics["i_column_max"].value for w in (low, high))
    assert i_high > 4 * i_low


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (np.full((5, 3), 0.8), r"weights have shape \(5, 3\), the array \(3, 5\)"),
        (np.full((3, 5), 1.7), "leave the range 0.7 to 1 V"),
        (np.full((3, 5), np.nan), "finite"),
        (np.full((3, 5), "a"), "finite real numbers"),
    ],
)
def test_bad_weights_are_refused(weights: np.ndarray, says: str) -> None:
    with pytest.raises(InputError, match=says):
        simulate(array(), weights=weights, settings=QUICK)


def test_an_array_too_large_for_ngspice_is_read_by_the_array_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same small array either way: all metrics of the read agree to a millionth of full scale."""
    cell = array(6, 7)
    by_ngspice = simulate(cell, settings=QUICK)
    monkeypatch.setattr(array_bench, "LARGEST_SIMULATED", 10)
    by_solver = simulate(cell, settings=QUICK)
    columns = by_ngspice.curves["columns"].y
    assert by_solver.curves["columns"].y == pytest.approx(columns, abs=2e-5 * np.abs(columns).max())
    assert set(by_solver.metrics) <= set(by_ngspice.metrics)
    for name in ("column_error_max", "column_error_rms"):
        assert by_solver.metrics[name].value == pytest.approx(by_ngspice.metrics[name].value, abs=1e-5)


def test_too_large_an_array_is_not_mapped_synapse_by_synapse() -> None:
    with pytest.raises(InputError, match="at most 1024 synapses are simulated one by one"):
        crossbar_map(array(64, 64))


def test_the_signed_synapse_is_read_about_half_the_supply() -> None:
    cell = crossbar(CrossbarSpec.parse({"rows": 2, "cols": 2, "synapse": {"cell": "synapse_cs"}}))
    dut, matrix = make_dut(cell, "schematic", corner("tt"), 27.0), crossbar_map(cell)
    currents = column_currents(dut, matrix, np.array([[0.0, 1.8], [0.9, 0.9]]), np.array([0.1, 0.1]))
    assert currents[0] > 1e-6 > -1e-6 > currents[1]


def test_power_of_a_read_is_what_its_input_lines_give() -> None:
    """Columns rest at 0 V, so that all power comes from the rows: the sum over columns when one row is driven."""
    cell = crossbar(CrossbarSpec(rows=2, cols=2))
    result = simulate(cell, weights=np.full((2, 2), 0.9))
    metrics = {name: m.value for name, m in result.metrics.items()}
    dut, matrix = make_dut(cell, "schematic", corner("tt"), 27.0), crossbar_map(cell)
    inputs = 0.05 * np.random.default_rng(1).uniform(size=2)
    power = sum(
        volt * column_currents(dut, matrix, np.full((2, 2), 0.9), np.where(np.arange(2) == i, inputs, 0)).sum()
        for i, volt in enumerate(inputs)
    )
    assert metrics["read_power"] == pytest.approx(power, rel=1e-3)
    assert metrics["i_supply"] == pytest.approx(result.curves["columns"].y.sum(), rel=1e-3)
    assert metrics["energy_per_mac"] == pytest.approx(power * 1e-7 / 4, rel=1e-3, abs=0)
