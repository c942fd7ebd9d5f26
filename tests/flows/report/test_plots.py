"""Plots of the report: their size."""

from __future__ import annotations

import re

import pytest
from matplotlib import rcParamsDefault

from analoom.flows.report.plots import bar_plot

POINTS_PER_IN = 72


@pytest.mark.parametrize("rows", [1, 8])
def test_bars_are_as_wide_as_matplotlib_s_own_figures(rows: int) -> None:
    found = re.search(r'<svg [^>]*width="([\d.]+)pt"', bar_plot([("a", 1.0)] * rows, "fF"))
    assert found and float(found[1]) == pytest.approx(POINTS_PER_IN * rcParamsDefault["figure.figsize"][0])
