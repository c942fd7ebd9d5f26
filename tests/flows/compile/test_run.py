"""From weights to a report, on a target of the test's own: dies by numbers, a transistor as the cell that is drawn."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from surrogate_dies import SurrogateDies, quadrants

from analoom.flows.cli.main import main
from analoom.flows.compile import dies, run, sign_off, under_way
from analoom.flows.compile.options import CompileOptions
from analoom.flows.compile.run import compile_network
from analoom.flows.compile.targets import lookup
from analoom.flows.compile.targets.record import Target
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid
from analoom.flows.sweep.workers.local import InProcess
from analoom.pdk.errors import SpecError, ToolError

DIMS = (2, 6, 2)
WORD = SimpleNamespace(row=0, bits=[(0, 0, 0, 0), None, (1, 1, 6, 3)])


def _fields(dims: tuple[int, ...]) -> dict[str, Any]:
    if max(dims) > 6:
        raise SpecError("dims", dims, "at most 6", fix=6)
    return {}


TOY = Target(
    name="toy",
    words="dies by numbers",
    grid=Grid(7, 0.25),
    cell="mosfet",
    fields=_fields,
    dies=lambda spec, family, count, seed: SurrogateDies(DIMS, count, seed, 2.0 if family == "binned" else 1.0),
    words_written=lambda spec: (WORD,),
    bit=lambda code, bit: int(code < 0),
    drawn="Gains alone.",
)
FAST = CompileOptions("toy", dies=8, seed=3, drc_engines=("fast",), lvs_engines=("fast",), extract=False)


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target by its name, and short training."""
    monkeypatch.setattr(lookup, "TARGETS", {**lookup.TARGETS, TOY.name: TOY})
    monkeypatch.setattr(Training, "fitting", lambda dims, seed: Training(150, 0.3, noise=0.1, restarts=6, seed=seed))
    monkeypatch.setattr(dies, "DIES_A_TASK", 4)


@pytest.fixture
def unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    """No layout and no page: what they are is tested elsewhere."""
    clean = {"clean": True, "engines": {}}
    monkeypatch.setattr(run, "sign_off_all", lambda *given: {"build": {}, "drc": clean, "lvs": clean})
    monkeypatch.setattr(run, "write_page", lambda *given: None)


def given(folder: Path, hidden: int = DIMS[1]) -> tuple[Path, str]:
    """A network that was not trained, and a data set."""
    rng = np.random.default_rng(1)
    x, y = quadrants()
    net, data = folder / "net.npz", folder / "data.npz"
    np.savez(net, w1=rng.normal(size=(hidden, 2)), b1=rng.normal(size=hidden), w2=rng.normal(size=(2, hidden)))
    np.savez(data, x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    return net, str(data)


@pytest.mark.slow
def test_a_run_tells_what_the_command_promises_and_a_second_one_does_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net, data = given(tmp_path)
    one = replace(FAST, model="binned")
    report = compile_network(net, data, one, tmp_path / "out", workers=0)
    told = json.loads(json.dumps(report.to_json()))
    assert told["clean"] and told["verdicts"] == {"drc": {"fast": "clean"}, "lvs": {"fast": "match"}}
    assert told["mapping"]["levels"] == 15 and told["mapping"]["tiles"] == 2
    kinds = told["accuracy"]["binned"]
    assert set(kinds) == {"unaware", "aware", "other_die"} and {k["dies"] for k in kinds.values()} == {8}
    assert kinds["aware"]["mean"] > kinds["other_die"]["mean"]
    lost = told["mapping"]["software_accuracy"] - kinds["unaware"]["mean"]
    assert sum(told["budget"].values()) == pytest.approx(lost, abs=1e-9, rel=0)
    assert all(Path(told["files"][name]).is_file() for name in ("gds", "bitstream", "measured", "netlist"))
    assert Path(told["report"]).read_text().count("<img") >= 4
    monkeypatch.setattr(sign_off, "drc_cell", None)
    monkeypatch.setattr(SurrogateDies, "outputs", None)
    monkeypatch.setattr(run, "write_page", lambda *given: None)
    again = compile_network(net, data, one, tmp_path / "out", workers=0).to_json()
    assert {**again, "seconds": 0} == {**told, "seconds": 0}


@pytest.mark.usefixtures("unsigned")
def test_measured_json_holds_the_dies_gains_as_its_formula_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net, data = given(tmp_path)
    monkeypatch.setattr(Training, "fitting", lambda dims, seed: Training(steps=1, restarts=1))
    compile_network(net, data, FAST, tmp_path / "out", workers=0)
    kept = json.loads((tmp_path / "out" / "measured.json").read_text())
    seeds = [task["seed"] for task in dies.tasks_of({}, "continuous", 8, 3)]
    half = compile_network(net, data, replace(FAST, trained=4), tmp_path / "half", workers=0).to_json()
    assert [half["accuracy"]["binned"][kind]["dies"] for kind in ("unaware", "aware", "other_die")] == [8, 4, 4]
    assert len(json.loads(Path(half["files"]["measured"]).read_text())["families"]["binned"]["output"]) == 4
    first, second = (SurrogateDies(DIMS, 4, seed) for seed in seeds)
    for k, name in enumerate(("positive", "negative")):
        found = np.array(kept["families"]["continuous"][name][0])
        assert found == pytest.approx(np.vstack([first.somas[k][0], second.somas[k][0]]), abs=1e-6, rel=0)
    assert kept["step"] == 0.25 and kept["dims"] == list(DIMS) and "max(sum[k], 0)" in kept["formula"]


@pytest.mark.usefixtures("unsigned")
def test_without_data_there_are_mapping_layout_and_bits_alone(tmp_path: Path) -> None:
    told = compile_network(given(tmp_path)[0], None, FAST, tmp_path / "out", workers=0).to_json()
    assert told["clean"] and told["accuracy"] == {} and told["budget"] == {}
    assert told["mapping"]["software_accuracy"] is None and "measured" not in told["files"]
    assert len((tmp_path / "out" / "bitstream.txt").read_text().strip()) == len(WORD.bits)


def test_without_a_drawing_dies_are_judged_and_nothing_is_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    net, data = given(tmp_path)
    monkeypatch.setattr(Training, "fitting", lambda dims, seed: Training(steps=1, restarts=1))
    monkeypatch.setattr(Target, "drawn_cells", None)
    monkeypatch.setattr(run, "sign_off_all", None)
    words = [str(net), "--target", "toy", "--data", data, "--dies", "4", "--no-draw", "--workers", "1", "--json"]
    monkeypatch.setattr(under_way, "workers_of", lambda *given: InProcess())
    with pytest.raises(SystemExit) as done:
        main(["compile", *words, "--out", str(tmp_path / "out")])
    told = json.loads(capfd.readouterr().out)
    assert done.value.code == 1 and told["clean"] is False and told["layout"] == "not drawn"
    assert set(told["verdicts"]["drc"].values()) == set(told["verdicts"]["lvs"].values()) == {"not run"}
    assert told["area_um2"] is None and told["cell"] == "mosfet" and told["accuracy"]["binned"]["aware"]["dies"] == 4
    assert "gds" not in told["files"] and Path(told["files"]["bitstream"]).is_file()
    page = Path(told["report"]).read_text()
    assert "fast: not run" in page and "<h2>Layout</h2>" not in page
    known = replace(FAST, draw=False)
    monkeypatch.setattr(lookup, "TARGETS", {TOY.name: replace(TOY, area_um2=lambda spec: 7.5)})
    assert compile_network(net, None, known, tmp_path / "out", workers=0).to_json()["area_um2"] == 7.5


def test_a_network_that_is_too_wide_is_refused_with_its_layers(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"at most 6 on target toy; the layers are layer 1 2 to 9, layer 2 9 to 2"):
        compile_network(given(tmp_path, 9)[0], None, FAST, tmp_path / "out")


@pytest.mark.slow
def test_dies_that_fail_are_told_and_a_layout_that_is_not_clean_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    net, data = given(tmp_path)
    drc = sign_off.drc_cell
    words = [str(net), "--target", "toy", "--engine", "fast", "--lvs-engine", "fast", "--no-extract", "--json"]
    monkeypatch.setattr(Training, "fitting", lambda dims, seed: Training(steps=1, restarts=1))
    worse = SimpleNamespace(to_json=lambda: {"clean": False, "engines": {"fast": {"state": "violations"}}})
    for check, code in ((lambda *given: worse, 1), (drc, 0)):
        monkeypatch.setattr(sign_off, "drc_cell", check)
        with pytest.raises(SystemExit) as done:
            main(["compile", *words, "--out", str(tmp_path / f"out{code}")])
        told = json.loads(capfd.readouterr().out)
        assert done.value.code == code and told["clean"] is (code == 0)

    def broken(*given: object) -> None:
        raise ToolError("ngspice is not there", remedy="install it")

    monkeypatch.setattr(SurrogateDies, "outputs", broken)
    monkeypatch.setattr(run, "sign_off_all", lambda *given: {})
    with pytest.raises(ToolError, match="dies: ngspice is not there"):
        compile_network(net, data, FAST, tmp_path / "out", workers=0)


@pytest.mark.parametrize(("asked", "counts"), [(2, [2]), (8, [4, 4]), (9, [4, 3, 2]), (11, [4, 4, 3]), (5, [3, 2])])
def test_no_die_stands_alone_in_its_task(asked: int, counts: list[int]) -> None:
    assert dies.counts_of(asked) == counts
