"""A simulation as Parquet: the same numbers as the result, with their units, as pyarrow reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.files.results_table import read_table
from analoom.flows.report.sim_parquet import write_tables

X, Y = np.array([0.0, 0.5, 1.8]), np.array([1e-12, 3e-7, 5e-4])
RESULT = SimResult(
    cell="mosfet",
    view="post",
    corner="ss",
    temp_degc=85.0,
    metrics={"i_on": Metric(5e-4, "A"), "gm_id": Metric(14.0, "1/V")},
    curves={"i_d": Curve(X, Y, "V_gs (V)", "I_d (A)")},
    settings={"v_ds": 0.5},
    files={},
    seconds=0.1,
)


def test_metrics_and_curves_come_back(tmp_path: Path) -> None:
    files = write_tables(RESULT, tmp_path)
    assert set(files) == {"metrics_parquet", "i_d_parquet"}
    metrics, curve = (read_table(Path(path)) for path in files.values())
    assert (metrics.at("i_on"), metrics.units["gm_id"]) == (5e-4, "1/V")
    assert metrics.about["corner"] == "ss" and metrics.about["settings"] == {"v_ds": 0.5}
    assert curve.axes[0].head == "V_gs (V)" and curve.axes[0].values == tuple(X)
    np.testing.assert_array_equal(curve.values["I_d"], Y)


def test_others_read_one_row_of_metrics(tmp_path: Path) -> None:
    held = pq.read_table(write_tables(RESULT, tmp_path)["metrics_parquet"])
    assert held.to_pylist() == [{"i_on": 5e-4, "gm_id": 14.0}]
    assert held.schema.field("i_on").metadata == {b"unit": b"A"}
