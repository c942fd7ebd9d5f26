"""Jobs: what the schema refuses, how a grid is spelt out, and what names a point."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from analoom.flows.sweep.plan.axes import Range
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.job_file import read_job, ready_jobs
from analoom.flows.sweep.plan.points import _check_shorthands, nested, points_of
from analoom.pdk.errors import InputError, SpecError

CAP = {"name": "caps", "cell": "cap_array", "fields": {"weights": [1, 1]}}


def job(**fields: object) -> SweepJob:
    return SweepJob.parse({**CAP, **fields})


def test_grid_is_the_product_of_sizes_and_axes() -> None:
    sweep = SweepJob.parse(
        {"name": "x", "cell": "crossbar", "sizes": ["2x3", [4, 5]], "axes": {"synapse.l_read": [0.5, 1]}}
    )
    points, refused = points_of(sweep)
    assert [tuple(p.shown.values()) for p in points] == [(2, 3, 0.5), (2, 3, 1), (4, 5, 0.5), (4, 5, 1)]
    assert not refused
    assert points[1].spec["synapse"]["l_read"] == 1


def test_an_array_may_be_one_row_or_one_column() -> None:
    points, _ = points_of(SweepJob.parse({"name": "x", "cell": "crossbar", "sizes": ["1x4", "4x1", "1x1"]}))
    assert [tuple(p.shown.values()) for p in points] == [(1, 4), (4, 1), (1, 1)]


def test_bits_become_binary_weights() -> None:
    points, _ = points_of(SweepJob.parse({"name": "x", "cell": "cap_array", "bits": [2, 4]}))
    assert [list(p.spec["weights"]) for p in points] == [[1, 1, 2], [1, 1, 2, 4, 8]]


@pytest.mark.parametrize("fields", [("weights",), ("weights", "unit"), ("rows", "cols")])
def test_a_cell_that_has_just_the_fields_may_be_asked_by_sizes_or_bits(fields: tuple[str, ...]) -> None:
    of_spec = SimpleNamespace(spec_type=SimpleNamespace(model_fields=dict.fromkeys(fields)))
    by_bits, by_sizes = (
        {"cell": "x", "sizes": [], "bits": [], **given} for given in ({"bits": [4]}, {"sizes": [(4, 4)]})
    )
    right, wrong = (by_bits, by_sizes) if "weights" in fields else (by_sizes, by_bits)
    _check_shorthands(SimpleNamespace(**right), of_spec)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="left out: x has no"):
        _check_shorthands(SimpleNamespace(**wrong), of_spec)  # type: ignore[arg-type]


def test_range_has_equal_ratios_on_the_grid() -> None:
    assert Range(low=1, high=8, points=4, step=0.01).values() == (1, 2, 4, 8)
    assert Range(low=0.42, high=0.5, points=3, spacing="linear").values() == (0.42, 0.46, 0.5)


def test_key_follows_content_not_spelling() -> None:
    default, _ = points_of(job(axes={"unit.w": [2.0]}))
    again, _ = points_of(job(axes={"unit.w": [2]}))
    other, _ = points_of(job(axes={"unit.w": [2]}, measure={"samples": 201}))
    assert default[0].key == again[0].key != other[0].key


def test_a_name_and_fields_of_a_nested_cell_meet() -> None:
    assert nested({"synapse": "synapse_cs", "synapse.l": 1}) == {"synapse": {"cell": "synapse_cs", "l": 1}}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "axes"),
        ({"axes": {"unit.w": []}}, "axes.unit.w"),
        ({"axes": {"unit.w": {"low": 2, "high": 1, "points": 3}}}, "axes.unit.w.high"),
        ({"axes": {"unit.w": {"low": 1, "high": 2, "pts": 3}}}, "axes.unit.w.pts"),
        ({"axes": {"unit.w": 2}}, "axes.unit.w"),
        ({"sizes": ["4by4"]}, "sizes.0"),
        ({"sizes": ["4x4", "0x4"]}, "sizes.1"),
        ({"sizes": ["4x4"], "axes": {"rows": [4]}}, "axes.rows"),
        ({"bits": [4], "axes": {"unit.w": [2]}}, "fields.weights"),
        ({"axes": {"unit.w": [2]}, "name": "a/b"}, "name"),
        ({"search": {"bits": [4], "vary": {"unit.w": {"low": 2, "high": 1}}}}, "search.vary.unit.w.high"),
        ({"search": {"bits": [4], "vary": {"unit.w": {"low": 1, "high": 1.005}}}}, "search.vary.unit.w.step"),
        ({"search": {"bits": [4]}}, "search.vary"),
        ({"axes": {"weights": [[1, 1]]}}, "fields.weights"),
        ({"axes": {"unit.w": [2]}, "corner": "tt"}, "corner"),
        ({"axes": {"unit.w": [2]}, "measure": {"corners": ["ss"]}}, "measure.corners"),
        ({"axes": {"unit.w": [2]}, "measure": {"drc": ["quick"]}}, "measure.drc.0"),
        ({"search": {"bits": [4], "vary": {"unit.w": {"low": 1, "high": 2}}, "errors": "some"}}, "search.errors"),
        ({"search": {"bits": [4], "vary": {"unit.w": {"low": 1, "high": 2}}, "outputs": "any"}}, "search.outputs"),
        ({"search": {"bits": [4], "vary": {"unit.w": {"low": 1, "high": 2}}, "dies": -1}}, "search.dies"),
        (
            {"search": {"bits": [4], "vary": {"unit.w": {"low": 1, "high": 2}}, "sigmas": 3, "yield_frac": 0.9}},
            "search.yield_frac",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(fields: dict[str, object], field: str) -> None:
    with pytest.raises(SpecError) as refused:
        job(**fields)
    assert refused.value.field == field


@pytest.mark.parametrize("asked", [{"sizes": ["4x4"]}, {"bits": [4]}])
def test_shorthands_want_a_cell_with_their_fields(asked: dict[str, object]) -> None:
    with pytest.raises(SpecError) as refused:
        points_of(SweepJob.parse({"name": "x", "cell": "mosfet", **asked}))
    assert refused.value.field == next(iter(asked)) and "mosfet has no" in refused.value.message


@pytest.mark.parametrize(
    ("fields", "value", "rule"),
    [
        ({"cell": "cap_array", "axes": {"unit.w": [0.9, 1]}}, "unit.w = 0.9", "capm.1"),
        ({"cell": "crossbar", "sizes": ["2x2"], "axes": {"synapse.w_read": [0.4, 1]}}, "synapse.w_read", "difftap.2"),
        ({"cell": "crossbar", "axes": {"synapse.l_read": [0.1, 1]}}, "synapse.l_read = 0.1", "poly.1a"),
        ({"cell": "matched_pair", "axes": {"w": [0.3, 4]}}, "w = 0.3", "difftap.2"),
        ({"cell": "cap_array", "axes": {"unit.w": [1, 2.0013]}}, "unit.w = 2.0013", "x.1b"),
    ],
)
def test_each_size_that_cannot_be_drawn_is_named_with_its_rule(
    fields: dict[str, object], value: str, rule: str
) -> None:
    """Rules as SkyWater's manual numbers them."""
    with pytest.raises(InputError) as refused:
        points_of(SweepJob.parse({"name": "x", **fields}))
    assert "1 of 2 points" in refused.value.message
    assert value in refused.value.message and rule in refused.value.message


def test_unknown_field_of_the_cell_is_refused_even_when_skipping() -> None:
    with pytest.raises(SpecError, match="one of the fields"):
        points_of(job(axes={"unit.width": [2]}, skip_undrawable=True))


def test_undrawable_values_are_named_each_with_its_rule() -> None:
    with pytest.raises(InputError) as refused:
        points_of(job(axes={"unit.w": [0.1, 2, 2.0013]}))
    assert "2 of 3 points" in refused.value.message
    assert "unit.w = 0.1" in refused.value.message and "grid" in refused.value.message


def test_undrawable_values_can_be_skipped() -> None:
    points, refused = points_of(job(axes={"unit.w": [0.1, 2]}, skip_undrawable=True))
    assert [p.index for p in points] == [1]
    assert [r.index for r in refused] == [0]


def test_mismatch_settings_are_checked_before_anything_is_drawn() -> None:
    with pytest.raises(SpecError) as refused:
        points_of(job(axes={"unit.w": [2]}, measure={"settings": {"gradient_frac_um": -1}}))
    assert refused.value.field == "measure.settings.gradient_frac_um"


def test_too_many_points_are_refused_before_they_are_made() -> None:
    axis = {"low": 1, "high": 9, "points": 800}
    with pytest.raises(SpecError, match="at most"):
        points_of(job(axes={"unit.w": axis, "unit.l": axis}))


@pytest.mark.parametrize("name", ready_jobs())
def test_ready_jobs_can_be_drawn(name: str) -> None:
    points, refused = points_of(read_job(name))
    assert points and not refused


def test_ready_fronts_have_two_hundred_points() -> None:
    assert all(len(points_of(read_job(name))[0]) >= 200 for name in ("crossbar", "cap_array"))


def test_the_job_of_the_readme_can_be_drawn(tmp_path: Path) -> None:
    text = (Path(__file__).parents[4] / "flows" / "README.md").read_text()
    of_cells = [job for job in re.findall(r"```yaml\n(name: .*?)```", text, re.DOTALL) if "networks:" not in job]
    (tmp_path / "job.yaml").write_text(of_cells[0])
    points, refused = points_of(read_job(tmp_path / "job.yaml"))
    assert len(points) == 40 and not refused


def test_the_schema_tells_every_field_and_both_forms_of_an_axis() -> None:
    schema = SweepJob.model_json_schema()
    assert set(schema["properties"]) == set(SweepJob.model_fields)
    assert all("description" in p for p in schema["properties"].values() if "$ref" not in p)
    (axis,) = schema["properties"]["axes"]["patternProperties"].values()
    list_of_values, span = axis["anyOf"]
    assert list_of_values == {"type": "array", "minItems": 1}
    assert set(span["required"]) == {"low", "high", "points"}


def test_files_that_are_no_job(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("[1, 2]")
    (tmp_path / "broken.yaml").write_text("a: [")
    for name in ("list.yaml", "broken.yaml", "absent.yaml"):
        with pytest.raises(InputError) as refused:
            read_job(tmp_path / name)
        assert refused.value.field == "JOB"
