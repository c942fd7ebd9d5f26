"""One network on every target: rows by hand from reports, and a target that refuses is told and not clean."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analoom.flows.cli.main import main
from analoom.flows.compile import all_targets
from analoom.flows.compile.options import CompileOptions
from analoom.pdk.errors import InputError, SpecError


def report_of(target: str, aware: float, *, clean: bool = True) -> dict[str, Any]:
    kinds = {kind: {"mean": aware - k / 100} for k, kind in enumerate(("aware", "unaware", "other_die"))}
    return {
        "target": target,
        "clean": clean,
        "area_um2": 1234.0,
        "energy_per_inference_j": None,
        "time_per_inference_s": 2e-6,
        "inference": "by hand",
        "verdicts": {"drc": {"fast": "clean", "magic": "not run"}, "lvs": {"fast": "match"}},
        "drawn": "Nothing.",
        "mapping": {"software_accuracy": 0.975},
        "accuracy": {"binned": kinds},
        "budgets": {"binned": {"ir_drop": 0.001, "gains_layer1": 0.02, "rest": -0.01}},
    }


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three targets: one clean, one that refuses, one that is clean as `crossbar` may say."""

    def compile_network(net: Path, data: str | None, options: CompileOptions, *more: Any) -> Any:
        if options.target == "pwm":
            raise SpecError("dims", [64, 32, 10], "at most 16 on target pwm", fix=16)
        return SimpleNamespace(
            to_json=lambda: report_of(options.target, {"current": 0.96, "crossbar": 0.97}[options.target])
        )

    monkeypatch.setattr(all_targets, "compile_network", compile_network)
    monkeypatch.setattr(all_targets, "TARGETS", dict.fromkeys(("current", "pwm", "crossbar")))
    monkeypatch.setattr(all_targets, "read_network", lambda net: (SimpleNamespace(key="0123456789abcdef"), None))


@pytest.mark.usefixtures("compiled")
def test_targets_stand_side_by_side_and_one_that_refuses_is_told(tmp_path: Path) -> None:
    done = all_targets.compile_all(tmp_path / "net.npz", "digits", CompileOptions(), tmp_path / "out")
    told = json.loads(json.dumps(done.to_json()))
    assert set(told["targets"]) == {"current", "pwm", "crossbar"} and not told["clean"]
    assert "at most 16" in told["targets"]["pwm"]["error"]["message"]
    lines = list(csv.DictReader(Path(told["table"]).read_text().splitlines()))
    assert [line["target"] for line in lines] == ["current", "pwm", "crossbar"]
    assert (lines[2]["aware"], lines[2]["unaware"], lines[2]["largest_loss"]) == ("0.97", "0.96", "gains_layer1")
    assert lines[0]["energy_j"] == "" and lines[1]["error"].startswith("dims")
    page = Path(told["report"]).read_text()
    assert 'href="crossbar/report.html"' in page and "not built" in page and "1,234" in page
    assert "Checks: DRC: fast clean, magic not run; LVS: fast match." in page


def test_where_nothing_is_lost_no_source_is_said_to_cost_most() -> None:
    report = report_of("charge", 1.0)
    report["budgets"] = {"binned": {"quantisation": 0.0, "noise": 0.0, "rest": -0.01}}
    (row,) = all_targets.rows({"charge": report})
    assert row["largest_loss"] == "nothing"


@pytest.mark.usefixtures("compiled")
def test_without_the_one_that_refuses_the_whole_is_clean_and_fields_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(all_targets, "TARGETS", dict.fromkeys(("current", "crossbar")))
    with pytest.raises(SystemExit) as ended:
        main(["compile", str(tmp_path / "net.npz"), "--target", "all", "--out", str(tmp_path / "out")])
    assert ended.value.code == 0 and "97.0" in capfd.readouterr().out
    with pytest.raises(SpecError, match="dies = 1"):
        all_targets.compile_all(tmp_path / "net.npz", None, CompileOptions(dies=1), tmp_path / "out")
    with pytest.raises(InputError, match="w given for all targets"):
        all_targets.compile_all(tmp_path / "net.npz", None, CompileOptions(fields={"w": 1.0}), tmp_path / "out")
