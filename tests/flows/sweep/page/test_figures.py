"""The figures of a sweep: front, sigma line, points with findings, array sizes, corners, and points in words."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analoom.flows.sweep.page.figures import figures
from analoom.flows.sweep.page.page import _columns
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.table.pareto import front
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.words import column_words, whole_point_html

UNITS = {"area_um2": "um2", "closed.worst_column_error": "frac", "closed.enob": "bit", "post.ss.settling": "s"}


def report(rows: list[dict[str, Any]], pareto: list[int], objectives: dict[str, str], **job: Any) -> SweepReport:
    asked = SweepJob.parse({"name": "x", "cell": "crossbar", "objectives": objectives, **job})
    numbered = [{"index": i, "key": f"k{i}", **row} for i, row in enumerate(rows)]
    return SweepReport(asked, Path("x"), numbered, pareto, (), (), (), UNITS, objectives, {})


@pytest.fixture
def sizes() -> SweepReport:
    """Errors that fall with the square root of the area; the third point has a finding."""
    rows = [
        {
            "rows": n,
            "cols": n,
            "area_um2": float(n * n),
            "closed.worst_column_error": 1 / n,
            "closed.column_gain_error": 0.5 / n,
            "closed.enob": math.log2(n),
            "drc.fast": "violations" if n == 16 else "clean",
        }
        for n in (4, 8, 16, 32)
    ]
    objectives = {"area_um2": "min", "closed.worst_column_error": "min"}
    return report(rows, [0, 1, 3], objectives, sizes=["4x4", "8x8", "16x16", "32x32"])


def test_bits_that_one_point_of_the_front_has_are_a_column() -> None:
    rows = [{"area_um2": 1.0, "bits.random": 7.0}, {"area_um2": 2.0}, {"area_um2": 3.0, "bits.all": 6.0}]
    columns = _columns(report(rows, [0, 1], {"area_um2": "min"}, sizes=["4x4", "8x8", "16x16"]))
    assert columns == ["rows", "cols", "width_um", "height_um", "area_um2", "bits.random"], (
        "bits.all is not on the front"
    )


def named(figure: Any, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def test_the_line_falls_with_the_square_root_of_the_area(sizes: SweepReport) -> None:
    line = named(figures(sizes)["front"], "1/sqrt(area)")
    (x0, x1), (y0, y1) = line.x, line.y
    assert math.log(y1 / y0) / math.log(x1 / x0) == pytest.approx(-0.5)
    assert y0 == pytest.approx(1 / 4), "these points lie on it"


def test_fractions_are_numbered_in_per_cent_and_seconds_by_prefix(sizes: SweepReport) -> None:
    """By d3-format's types: "p" multiplies by 100 and adds the sign."""
    fraction = figures(sizes)["front"].layout.yaxis
    rows = [{"w": w, "area_um2": w, "post.ss.settling": 1e-6 / w} for w in (1.0, 2.0)]
    asked = {"area_um2": "min", "post.ss.settling": "min"}
    seconds = figures(report(rows, [0, 1], asked, axes={"w": [1, 2]}))["front"].layout.yaxis
    assert fraction.tickformat.endswith("p") and fraction.exponentformat is None
    assert seconds.tickformat is None and seconds.exponentformat == "SI"


def test_points_with_findings_are_marked_as_such(sizes: SweepReport) -> None:
    bad = named(figures(sizes)["front"], "not clean")
    assert list(bad.x) == [256.0] and bad.marker.symbol == "x"
    held = [x for trace in figures(sizes)["front"].data if trace.customdata is not None for x in trace.customdata]
    assert sorted(held) == [0, 1, 2, 3]


def test_gain_error_and_bits_stand_against_array_size(sizes: SweepReport) -> None:
    found = figures(sizes)
    (gain,), (bits,) = found["gain"].data, found["bits"].data
    assert list(gain.x) == [16, 64, 256, 1024] and list(gain.y) == [0.5 / n for n in (4, 8, 16, 32)]
    assert list(bits.y) == [2, 3, 4, 5]
    assert found["bits"].layout.yaxis.type == "linear"


def test_a_simulated_objective_is_shown_by_corner() -> None:
    rows = [{"w": w, "area_um2": w, "post.tt.settling": w / 2, "post.ss.settling": w} for w in (1.0, 2.0)]
    measure = {"simulate": ["post"], "corners": ["tt", "ss"]}
    objectives = {"area_um2": "min", "post.ss.settling": "min"}
    done = report(rows, [0, 1], objectives, measure=measure, axes={"w": [1, 2]})
    found = figures(done)
    assert {trace.name: list(trace.y) for trace in found["corners"].data} == {"tt": [0.5, 1.0], "ss": [1.0, 2.0]}
    assert not [trace for trace in found["front"].data if trace.name == "1/sqrt(area)"], "no sigma"


def test_three_objectives_are_not_joined_by_a_line(sizes: SweepReport) -> None:
    three = replace(sizes, objectives={**sizes.objectives, "closed.enob": "max"})
    assert all("lines" not in (trace.mode or "") for trace in figures(three)["front"].data if trace.customdata)


def test_points_and_columns_in_words(sizes: SweepReport) -> None:
    assert column_words("post.most.write_settling") == "write settling (post-layout, most)"
    assert column_words("mc.inl") == "sigma of inl (drawn dies)"
    words = whole_point_html(sizes.job, sizes.rows[0], UNITS, list(sizes.objectives))
    assert words.startswith("<b>rows = 4, cols = 4</b><br>area: 16.0 µm²<br>sigma of worst column error: 25 %")
    assert "DRC fast: clean" in words
    assert column_words("closed.enob_total") == "equivalent bits total", "no sigma"
    renamed = {**sizes.rows[0], "post.tt.column_error_max": 0.1, "post.tt.worst_column_error": 0.1}
    told = whole_point_html(sizes.job, renamed, UNITS, ["area_um2"])
    assert "column error max (post-layout, tt)" in told and "worst column error (post" not in told


def test_a_source_that_is_rounding_is_not_drawn(sizes: SweepReport) -> None:
    def drawn(gradient: float) -> set[str]:
        row = {"area_um2": 16.0, "random": 1e-2, "gradient": gradient, "total": 1e-2}
        found = figures(replace(sizes, budget=[{"index": i, **row} for i in range(2)]))["budget"]
        return {trace.name for trace in found.data}

    assert drawn(1e-17) == {"total", "random"}
    assert drawn(1e-7) == {"total", "random", "gradient"}


def test_mirrors_of_each_ratio_have_a_front_of_their_own() -> None:
    """The smaller mirror of two units beats that of ten in both objectives, and is no replacement for it."""
    axes = {"w": [1.0, 2.0], "ratios": [[1, 1], [2, 8]]}
    rows = [
        {"w": 1.0, "ratios": [1, 1], "area_um2": 10.0, "closed.ratio_error": 0.02},
        {"w": 1.0, "ratios": [2, 8], "area_um2": 40.0, "closed.ratio_error": 0.03},
        {"w": 2.0, "ratios": [1, 1], "area_um2": 15.0, "closed.ratio_error": 0.01},
        {"w": 2.0, "ratios": [2, 8], "area_um2": 60.0, "closed.ratio_error": 0.04},
    ]
    objectives = {"area_um2": "min", "closed.ratio_error": "min"}
    groups = SweepJob.parse({"name": "x", "cell": "current_mirror", "axes": axes}).groups
    found = front(rows, objectives, groups)
    assert sorted(found) == [0, 1, 2]
    assert sorted(front(rows, objectives)) == [0, 2], "on one front the mirror of ten units is lost"
    figure = figures(report(rows, found, objectives, cell="current_mirror", axes=axes))["front"]
    assert list(named(figure, "front ratios [1, 1]").x) == [10.0, 15.0]
    assert list(named(figure, "front ratios [2, 8]").x) == [40.0]
