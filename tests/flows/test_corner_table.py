"""Corners x temperatures in processes: every value is that of a run of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.cells.registry import build
from analoom.flows.corner_table import corner_table
from analoom.flows.simulate import simulate
from analoom.pdk.errors import InputError

pytestmark = [pytest.mark.tools, pytest.mark.slow]


def test_a_table_holds_what_single_runs_give(tmp_path: Path) -> None:
    table = corner_table("mosfet", {"w": 1.0}, corners=("tt", "ss"), temps_degc=(27.0, 85.0), workers=2)
    single = simulate(build("mosfet", {"w": 1.0}), corner="ss", temp_degc=85.0).metrics
    for name, metric in single.items():
        assert table.at(name, "ss", 85.0) == pytest.approx(metric.value, rel=1e-9)
    assert table.at("i_on", "ss", 27.0) < table.at("i_on", "tt", 27.0)
    lines = table.write_csv(tmp_path / "t.csv").read_text().splitlines()
    assert len(lines) == 5 and lines[0].startswith("corner,temp (degC),i_d (A)")


def test_an_unknown_corner_is_refused_before_any_run() -> None:
    with pytest.raises(InputError, match="no corner called"):
        corner_table("mosfet", corners=("tt", "xx"))
