"""Random errors of arrays by their size: independent cells average, and the worst of many columns is drawn anew."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from bare_cells import capacitors

from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.synapse import size_scan


def test_columns_of_n_cells_err_by_a_root_and_the_worst_of_n_as_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells of 2 %: a column of 16 has 0.5 %; of 16 such columns the worst has the rms of the largest of 16 draws."""
    metrics = {"cell_gain_error": SimpleNamespace(sigma=0.02)}
    monkeypatch.setattr(size_scan, "SynapseStatistics", lambda *given: SimpleNamespace(closed=lambda: metrics))
    found = size_scan.size_scan(capacitors((1,)), Asked("continuous", {}), (4, 4))["size_scan"]
    at = found["sizes"].index(16)
    assert (found["cell"], found["shape"]) == (0.02, [4, 4])
    assert found["column"][at] == pytest.approx(0.005)
    drawn = np.abs(np.random.default_rng(1).standard_normal((20_000, 16))).max(axis=1)
    assert found["worst_of_n"][at] == pytest.approx(0.005 * np.sqrt(np.mean(drawn**2)), rel=0.01)
