"""Errors of a read by array size: their definition by hand, resistance that grows with size, the files of `sim`."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.pex.crossbar.ladders import line_ladders
from analoom.flows.simulate import simulate
from analoom.flows.systems.crossbar.large import bench as array_bench
from analoom.flows.systems.crossbar.large.settling import time_to_settle_s
from analoom.flows.systems.crossbar.large.sizes import OfSize, by_size, curves_of, sizes_of
from analoom.flows.systems.crossbar.read.errors import ReadErrors, effective_bits, read_errors
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.pdk.corners import corner


def test_curves_lie_over_the_larger_side() -> None:
    """Sizes of 2 x 8 and 16 x 4, with errors of 1 and 2 % of full scale."""
    sizes = [OfSize(*shape, ReadErrors(e, e, e, e)) for shape, e in (((2, 8), 0.01), ((16, 4), 0.02))]
    curve = curves_of(sizes)["ir_drop_error_by_size"]
    assert (curve.x.tolist(), curve.y.tolist()) == ([8, 16], [0.01, 0.02])


def test_sizes_double_up_to_the_array() -> None:
    assert sizes_of(512, 2048)[:2] == [(16, 16), (32, 32)]
    assert sizes_of(512, 2048)[-3:] == [(512, 512), (512, 1024), (512, 2048)]
    assert sizes_of(48, 24) == [(16, 16), (32, 24), (48, 24)]
    assert sizes_of(16, 16) == [(16, 16)]
    assert sizes_of(3, 5) == [(3, 5)]


def test_errors_by_hand() -> None:
    """Half of everything is no error once a factor is allowed; 1 / sqrt(12) of full scale is zero bits."""
    wanted = np.array([1.0, 2.0, 3.0])
    half = read_errors(wanted / 2, wanted, 6.0)
    assert (half.worst, half.over_largest) == (0.25, 0.5)
    assert half.rms == pytest.approx(np.sqrt((0.5**2 + 1 + 1.5**2) / 3) / 6)
    assert half.rms_corrected == pytest.approx(0, abs=1e-15)
    one_off = read_errors(wanted + np.array([0.6, 0, 0]), wanted, 6.0)
    assert one_off.rms_corrected == pytest.approx(np.sqrt(0.36 * (1 - 1 / 14) / 3) / 6)
    assert effective_bits(1 / np.sqrt(12)) == pytest.approx(0)
    assert effective_bits(1 / np.sqrt(12) / 256) == pytest.approx(8)
    assert effective_bits(0.0) == float("inf")


@pytest.mark.tools
@pytest.mark.slow
def test_a_larger_array_loses_more_and_a_part_is_the_array_of_its_size() -> None:
    cell = build("crossbar", {"rows": 20, "cols": 34})
    rng = np.random.default_rng(3)
    stored, inputs = rng.uniform(0.7, 1.0, (20, 34)), rng.uniform(0, 0.05, 20)
    sizes = list(by_size(cell, corner("tt"), 27.0, CrossbarSettings(), stored, inputs, 1e-6))
    assert [(s.rows, s.cols) for s in sizes] == [(16, 16), (20, 32)]
    assert sizes[1].errors.over_largest > 1.2 * sizes[0].errors.over_largest
    small = build("crossbar", {"rows": 16, "cols": 16})
    i, without = (array_reader(small, lines=n).read(stored[:16, :16].copy(), inputs[:16]) for n in ("drawn", "ideal"))
    assert sizes[0].errors == read_errors(i, without, 16e-6)
    curves = curves_of(sizes)
    assert curves["ir_drop_error_by_size"].x.tolist() == [16, 32]
    assert curves["read_enob_by_size"].y[1] == pytest.approx(sizes[1].errors.enob)
    assert curves_of(sizes[:1]) == {}


@pytest.mark.tools
@pytest.mark.slow
def test_a_longer_array_settles_later() -> None:
    times = []
    for rows in (8, 32):
        cell = build("crossbar", {"rows": rows, "cols": 8})
        ladders = line_ladders(cell)
        reader = array_reader(cell, ladders=ladders)
        stored, inputs = np.full((rows, 8), 0.85), np.full(rows, 0.05)
        times.append(time_to_settle_s(reader, ladders, stored, inputs))
    assert times[1] > 2 * times[0] > 0


@pytest.mark.tools
@pytest.mark.full
def test_sim_of_an_array_beyond_ngspice_holds_sizes_and_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole array is the last of its sizes; without being asked for, nothing settles."""
    monkeypatch.setattr(array_bench, "LARGEST_SIMULATED", 10)
    cell = build("crossbar", {"rows": 18, "cols": 17})
    found = simulate(cell, "post", settings={"settling": True, "t_write": 2e-8})
    bits = found.curves["read_enob_by_size"]
    assert bits.x.tolist() == [16, 18]
    assert bits.y[-1] == found.metrics["read_enob"].value
    assert found.curves["ir_drop_error_by_size"].y[-1] == found.metrics["ir_drop_error"].value
    assert 0 < found.metrics["read_settling"].value < 1e-10 < found.metrics["row_settling"].value < 2e-8
    quick = simulate(cell, "schematic")
    assert "read_enob_by_size" not in quick.curves and "read_settling" not in quick.metrics
