"""Fronts of networks: every point is what `compile` says of it, the front by hand, and what is refused before any work.

The target is the test's own: dies by numbers, wider cells with less mismatch, a transistor as what is drawn.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from surrogate_dies import SurrogateDies, quadrants

from analoom.cells.model.registry import build
from analoom.flows.cli.main import main
from analoom.flows.compile import run
from analoom.flows.compile.fronts import point
from analoom.flows.compile.fronts import run as fronts
from analoom.flows.compile.fronts.job import FrontJob
from analoom.flows.compile.fronts.points import points_of, read_given
from analoom.flows.compile.fronts.run import run_fronts
from analoom.flows.compile.options import CompileOptions
from analoom.flows.compile.run import compile_network
from analoom.flows.compile.targets import lookup
from analoom.flows.compile.targets.record import Inference, Target
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid
from analoom.flows.sweep.plan.job_file import read_fields
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.workers.local import InProcess
from analoom.pdk.errors import InputError, SpecError

DIMS = (2, 6, 2)
WIDTHS = (1.0, 4.0, 16.0)


def _dies(spec: Any, family: str, count: int, seed: int) -> SurrogateDies:
    return SurrogateDies(DIMS, count, seed, (2.0 if family == "binned" else 1.0) / spec.w**0.5)


TOY = Target(
    name="toy",
    words="dies by numbers",
    grid=Grid(7, 0.25),
    cell="mosfet",
    fields=lambda dims: {},
    dies=_dies,
    words_written=None,
    bit=None,
    inference=lambda spec, cells: Inference(1e-12 * spec.w, None, "by its width"),
)
MEASURE = {"dies": 6, "trained": 4, "draw": True, "seed": 3}


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target by its name, and short training."""
    monkeypatch.setattr(lookup, "TARGETS", {**lookup.TARGETS, TOY.name: TOY})
    monkeypatch.setattr(Training, "fitting", lambda dims, seed: Training(20, 0.3, noise=0.1, restarts=2, seed=seed))
    monkeypatch.setattr(point, "_TRAINED", {})


def job_of(folder: Path, **more: Any) -> dict[str, Any]:
    """A job for a network that was not trained, and a data set."""
    rng = np.random.default_rng(1)
    x, y = quadrants()
    net, data = folder / "net.npz", folder / "data.npz"
    np.savez(net, w1=rng.normal(size=(6, 2)), b1=rng.normal(size=6), w2=rng.normal(size=(2, 6)))
    np.savez(data, x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    toy = {"name": "widths", "networks": [str(net)], "data": str(data), "targets": {"toy": {"w": list(WIDTHS)}}}
    return {**toy, "measure": MEASURE, **more}


def done_in(folder: Path, **more: Any) -> SweepReport:
    return run_fronts(FrontJob.parse(job_of(folder, **more)), folder / "out", workers=0)


def test_a_point_is_what_compile_says_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = done_in(tmp_path)
    clean = {"clean": True, "engines": {}}
    monkeypatch.setattr(run, "sign_off_all", lambda *given: {"build": {}, "drc": clean, "lvs": clean})
    monkeypatch.setattr(run, "write_page", lambda *given: None)
    asked = CompileOptions("toy", dies=6, trained=4, seed=3, fields={"w": 4.0})
    job = found.job.model_dump(mode="json")
    told = compile_network(Path(job["networks"][0]), job["data"], asked, tmp_path / "one", workers=0).to_json()
    row, other = found.rows[1], found.rows[2]
    for family, kinds in told["accuracy"].items():
        for kind, spread in kinds.items():
            assert (row[f"accuracy.{family}.{kind}"], row[f"accuracy.{family}.{kind}.p5"]) == (
                spread["mean"],
                spread["p5"],
            )
            lost = told["mapping"]["software_accuracy"] - spread["mean"]
            assert row[f"loss.{family}.{kind}"] == pytest.approx(lost, abs=1e-12, rel=0)
    assert row["accuracy.binned.unaware"] != other["accuracy.binned.unaware"]
    assert row["area_um2"] == pytest.approx(build("mosfet", w=4.0).area_um2, rel=1e-9)
    assert row["energy_j"] == pytest.approx(4e-12, rel=1e-12, abs=0) and "time_s" not in row


def test_the_front_leaves_out_what_another_size_beats(tmp_path: Path) -> None:
    found = done_in(tmp_path, objectives={"energy_j": "min", "loss.binned.unaware": "min"})
    held = [(row["energy_j"], row["loss.binned.unaware"]) for row in found.rows]
    beaten = [any(a <= e and b <= v and (a, b) != (e, v) for a, b in held) for e, v in held]
    assert sorted(found.pareto) == [k for k, worse in enumerate(beaten) if not worse]
    assert any("where all targets compete" in note and f"{len(found.pareto)} of toy" in note for note in found.notes)
    page = found.files["html"].read_text()
    assert "accuracy lost, binned, for any die" in page and found.notes[-1] in page
    assert '<th class="n">height_um</th>' not in page and '<th class="n">accuracy.binned.aware</th>' in page.replace(
        " (frac)", ""
    )


def test_a_run_that_was_killed_goes_on_and_another_job_is_kept_out(tmp_path: Path) -> None:
    first = done_in(tmp_path)
    job = job_of(tmp_path)
    kept = next(iter((tmp_path / "out" / "points").rglob(f"{first.rows[0]['key']}.json")))
    kept.write_text(kept.read_text()[:40])
    again = run_fronts(FrontJob.parse(job), tmp_path / "out", workers=0)
    assert (again.from_store, again.rows) == (2, first.rows)
    wider = FrontJob.parse({**job, "targets": {"toy": {"w": [*WIDTHS, 32.0]}}})
    with pytest.raises(InputError, match=r"another job; it differs in targets") as refused:
        run_fronts(wider, tmp_path / "out", workers=0)
    assert "--extend" in str(refused.value.remedy)
    assert run_fronts(wider, tmp_path / "out", workers=0, extend=True).from_store == 3


def test_without_a_layout_there_is_no_area_and_none_is_a_front(tmp_path: Path) -> None:
    found = done_in(tmp_path, measure={"dies": 2, "models": ["binned"]})
    assert all("area_um2" not in row and "loss.binned.aware" not in row for row in found.rows)
    assert set(found.objectives) == {"energy_j", "loss.binned.unaware"} and not found.pictures
    assert "3 points measured" in found.files["html"].read_text()
    with pytest.raises(InputError, match="no column area_um2") as refused:
        done_in(tmp_path, measure={"dies": 2, "models": ["binned"]}, objectives={"area_um2": "min"})
    assert refused.value.field == "objectives.area_um2"


def test_a_layout_that_is_not_clean_is_on_no_front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = point.drc_cell

    def worse(cell: Any, *more: Any) -> Any:
        if cell.spec.w != 4.0:
            return drawn(cell, *more)
        return SimpleNamespace(to_json=lambda: {"engines": {"fast": {"state": "violations"}}})

    monkeypatch.setattr(point, "drc_cell", worse)
    found = done_in(tmp_path, measure={**MEASURE, "drc": ["fast"], "dies": 4, "models": ["binned"]})
    assert [row["drc.fast"] for row in found.rows] == ["clean", "violations", "clean"]
    assert 1 not in found.pareto and found.not_clean == 1 and not found.clean


def test_points_that_a_target_refuses_are_listed(tmp_path: Path) -> None:
    some = {"toy": {"w": [0.1, 4.0]}}
    with pytest.raises(InputError, match=r"1 of 2 points cannot be drawn: w = 0\.1"):
        done_in(tmp_path, targets=some)
    told = done_in(tmp_path, targets=some, skip_undrawable=True, measure={"dies": 2}).to_json()
    assert (told["points"], told["done"], told["failed"]) == (2, 1, 1)
    assert told["failures"][0]["error"]["field"] == "w"


def test_a_worker_with_other_code_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point, "code_version", lambda: "other")
    found = done_in(tmp_path, measure={"dies": 2})
    assert not found.rows and "other code" in found.failures[0]["error"]["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"networks": []}, "networks"),
        ({"networks": ["a.npz", "a.npz"]}, "networks"),
        ({"networks": ["none.npz"]}, "NET"),
        ({"data": "irises"}, "data"),
        ({"data": "iris"}, "x_train"),
        ({"targets": {}}, "targets"),
        ({"targets": {"curent": {}}}, "target"),
        ({"targets": {"toy": {"w": []}}}, "targets.toy.w"),
        ({"targets": {"toy": {"w": 2}}}, "targets.toy.w"),
        ({"targets": {"toy": {"wide": [2]}}}, "targets.toy.wide"),
        ({"targets": {"toy": {"w": {"low": 1, "high": 0.5, "points": 3}}}}, "targets.toy.w.high"),
        ({"targets": {"toy": {"w": {"low": 1e-8, "high": 1e-7, "points": 3}}}}, "targets.toy.w.step"),
        ({"measure": {"dies": 1}}, "measure.dies"),
        ({"measure": {"dies": 4, "trained": 1}}, "measure.trained"),
        ({"measure": {"dies": 4, "trained": 5}}, "measure.trained"),
        ({"measure": {"models": ["real"]}}, "measure.models.0"),
        ({"measure": {"drc": ["fast"]}}, "measure.drc"),
        ({"measure": {"inference": False}}, "objectives"),
        ({"cell": "mosfet"}, "cell"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    with pytest.raises((SpecError, InputError)) as refused:
        done_in(tmp_path, **change)
    assert refused.value.field == field
    assert not (tmp_path / "out").exists()


def test_the_job_of_the_readme_has_the_points_of_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[4] / "flows" / "README.md").read_text()
    (said,) = [job for job in re.findall(r"```yaml\n(name: .*?)```", text, re.DOTALL) if "networks:" in job]
    (tmp_path / "job.yaml").write_text(said)
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    np.savez("iris.npz", w1=rng.normal(size=(7, 4)), b1=np.zeros(7), w2=rng.normal(size=(3, 7)), b2=np.zeros(3))
    job = FrontJob.parse(read_fields(tmp_path / "job.yaml"))
    points, refused, tasks = points_of(job, read_given(job))
    assert (len(points), len(refused), len(tasks)) == (18, 0, 18)


def test_the_command_takes_a_job_of_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fronts, "workers_of", lambda *given: InProcess())
    for change, code in (({}, 0), ({"data": "irises"}, 2)):
        file = tmp_path / "job.yaml"
        file.write_text(json.dumps(job_of(tmp_path, measure={"dies": 2}, **change)))
        with pytest.raises(SystemExit) as done:
            main(["sweep", str(file), "--json", "--out", str(tmp_path / f"out{code}")])
        told = json.loads(capfd.readouterr().out)
        assert done.value.code == code
        assert ("error" in told) is (code == 2)
