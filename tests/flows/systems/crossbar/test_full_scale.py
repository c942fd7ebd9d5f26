"""The full scale that a view prints is its own: what its columns carry with all weights and inputs full."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.post_layout import simulate_view
from analoom.flows.systems.crossbar.large import bench as large
from analoom.flows.systems.crossbar.large.batch import read_batch
from analoom.flows.systems.crossbar.solver.read import array_reader

pytestmark = pytest.mark.tools

ROWS, COLS = 6, 5
ONLY_READ = {"largest_transient": 0, "largest_noise": 0, "ir_drop": False}


def full_scale_a(view: str, folder: Path, cell_name: str = "crossbar") -> float:
    cell = build(cell_name, {"rows": ROWS, "cols": COLS} if cell_name == "crossbar" else {})
    settings = ONLY_READ if cell_name == "crossbar" else {}
    return float(simulate_view(cell, view, folder, settings=settings).metrics["i_full_scale"].value)


@pytest.mark.slow
def test_a_drawn_array_s_full_scale_is_what_its_drawn_lines_let_through(tmp_path: Path) -> None:
    """Oracle: the array solver on the drawn ladders; the schematic's would be a percent too large."""
    reader = array_reader(build("crossbar", {"rows": ROWS, "cols": COLS}))
    v_read, _, high = reader.range_v
    columns = reader.read(np.full((ROWS, COLS), high), np.full(ROWS, v_read))
    drawn, schematic = (full_scale_a(view, tmp_path) for view in ("post", "schematic"))
    assert drawn == pytest.approx(columns.max(), rel=1e-3, abs=0)
    assert schematic > 1.01 * drawn


def test_a_drawn_synapse_s_full_scale_is_its_own_largest_factor_at_the_full_input(tmp_path: Path) -> None:
    found = simulate_view(build("synapse_2t1c", {}), "post", tmp_path)
    assert found.metrics["i_full_scale"].value == pytest.approx(0.05 * found.metrics["g_max"].value, rel=1e-9, abs=0)
    assert full_scale_a("schematic", tmp_path, "synapse_2t1c") > 1.01 * found.metrics["i_full_scale"].value


@pytest.mark.slow
def test_the_solver_s_views_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of reads, and an array taken for one beyond ngspice; errors stay fractions of the ideal full scale."""
    cell = build("crossbar", {"rows": ROWS, "cols": COLS})
    by_ngspice = simulate_view(cell, "post", tmp_path, settings=ONLY_READ).metrics
    batch = read_batch(cell, "post", "tt", 27.0, tmp_path).metrics
    monkeypatch.setattr(large, "LARGEST_SIMULATED", 10)
    solved = simulate_view(cell, "post", tmp_path).metrics
    for found in (batch, solved):
        assert found["i_full_scale"].value == pytest.approx(by_ngspice["i_full_scale"].value, rel=1e-3, abs=0)
        assert found["column_error_max"].value == pytest.approx(by_ngspice["column_error_max"].value, abs=2e-4)
