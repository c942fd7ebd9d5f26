"""Sign-off as a whole: one verdict of all checks, done once each, and a folder that is written whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import pytest
from to_sign import NAME, files

from analoom.cells.model.registry import build
from analoom.flows.cli.main import main
from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.signoff import run
from analoom.flows.signoff.outcome import Outcome, all_clean
from analoom.flows.signoff.run import ALL, SignOffReport, sign_off_cell, sign_off_file
from analoom.pdk.errors import InputError

QUICK = ("one_top", "cell_names", "layers", "pin_labels", "lef", "lvs_fast")
PASSED, FAILED, NOT_RUN = Outcome("passed", "", 1), Outcome("failed", "", 1), Outcome("not run", "")
NONE_OF_ITS = Outcome("not run", "", applies=False)


@pytest.mark.parametrize(
    ("outcomes", "clean"),
    [
        ([], False),
        ([PASSED], True),
        ([PASSED, NONE_OF_ITS], True),
        ([NONE_OF_ITS], False),
        ([PASSED, NOT_RUN], False),
        ([PASSED, FAILED], False),
    ],
)
def test_clean_is_that_all_ran_and_found_nothing(outcomes: list[Outcome], clean: bool) -> None:
    assert all_clean({str(k): outcome for k, outcome in enumerate(outcomes)}) is clean


def of_file_signed(folder: Path, out: Path, only: tuple[str, ...] = QUICK) -> SignOffReport:
    gds, netlist, _ = files(folder)
    return sign_off_file(gds, of_file(gds), Reference((netlist,)), folder=out, only=only)


def test_a_file_has_its_netlist_and_lef_beside_it_in_the_folder(tmp_path: Path) -> None:
    report = of_file_signed(tmp_path, tmp_path / "out")
    assert {name: report.checks[name].state for name in QUICK} == dict.fromkeys(QUICK, "passed")
    manifest = json.loads(report.manifest.read_text())
    assert {f"{NAME}.gds", f"{NAME}.spice", f"{NAME}.lef", "checks/lvs_fast/report.json"} <= set(manifest["files"])
    assert manifest["spec"] is None and manifest["layout"] == f"{NAME}.gds"


def test_some_checks_are_no_sign_off(tmp_path: Path) -> None:
    report = of_file_signed(tmp_path, tmp_path / "out")
    assert not report.clean
    assert set(report.checks) == set(ALL), "what was not asked for is named"
    assert report.checks["drc_klayout"].state == "not run"


def test_without_a_netlist_lvs_is_not_run(tmp_path: Path) -> None:
    gds, _, _ = files(tmp_path)
    report = sign_off_file(gds, of_file(gds), None, folder=tmp_path / "out", only=("lvs_fast", "pin_labels"))
    assert report.checks["lvs_fast"].state == "not run" and report.checks["lvs_fast"].applies
    assert report.checks["pin_labels"].state == "failed"


class Counted:
    """Stands for a check, and ends the run where it is told to."""

    def __init__(self, ends: type[BaseException] | None = None) -> None:
        self.times, self.ends = 0, ends

    def __call__(self, *_: object) -> Outcome:
        self.times += 1
        if self.ends is not None:
            raise self.ends
        return Outcome("passed", "looked at", 1)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    return lambda **by_name: monkeypatch.setattr(run, "ALL", by_name)


def test_what_was_done_before_it_was_killed_is_not_done_again(tmp_path: Path, checks: Callable[..., None]) -> None:
    first, second = Counted(), Counted(KeyboardInterrupt)
    checks(first=first, second=second)
    with pytest.raises(KeyboardInterrupt):
        of_file_signed(tmp_path, tmp_path / "out", ("first", "second"))
    assert not (tmp_path / "out").exists(), "nothing half-written"
    second.ends = None
    assert of_file_signed(tmp_path, tmp_path / "out", ("first", "second")).clean
    assert (first.times, second.times) == (1, 2)
    assert of_file_signed(tmp_path, tmp_path / "out", ("first", "second")).clean
    assert (first.times, second.times) == (1, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{NAME}.gds", f"{NAME}.lef", f"{NAME}.spice", "out"]


@pytest.mark.parametrize("suffix", ["gds", "spice", "lef"])
def test_another_file_is_checked_again(suffix: str, tmp_path: Path, checks: Callable[..., None]) -> None:
    first = Counted()
    checks(first=first)
    of_file_signed(tmp_path, tmp_path / "out", ("first",))
    gds, netlist, lef = files(tmp_path)
    if suffix == "gds":
        layout = kdb.Layout()
        layout.read(str(gds))
        layout.top_cell().shapes(layout.layer(68, 20)).insert(kdb.Box(0, 90_000, 1000, 91_000))
        layout.write(str(gds))
    else:
        path = netlist if suffix == "spice" else lef
        path.write_text(path.read_text().replace("l=", "l=1") if suffix == "spice" else path.read_text() + "\n")
    sign_off_file(gds, of_file(gds), Reference((netlist,)), folder=tmp_path / "out", only=("first",))
    assert first.times == 2


def test_what_could_not_run_is_tried_again(tmp_path: Path, checks: Callable[..., None]) -> None:
    outcomes = [Outcome("not run", "no tool"), Outcome("passed", "looked at", 1)]
    checks(first=lambda *_: outcomes.pop(0))
    assert not of_file_signed(tmp_path, tmp_path / "out", ("first",)).clean
    assert of_file_signed(tmp_path, tmp_path / "out", ("first",)).clean


def test_a_folder_of_the_users_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError) as refused:
        sign_off_cell(build(NAME), tmp_path, only=("one_top",))
    assert refused.value.field == "out"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def said(words: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--json"])
    return int(str(ended.value.code)), json.loads(capfd.readouterr().out)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ([NAME, "--netlist", "a.spice"], "netlist"),
        ([NAME, "--lef", "a.lef"], "lef"),
        ([NAME, "--only", "drc"], "only"),
        ([NAME, "--forbid", "met9"], "forbid"),
        (["missing.gds"], "file"),
        ([], "name"),
    ],
)
def test_what_cannot_be_signed_off_is_told(words: list[str], field: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, report = said(["signoff", *words], capfd)
    assert code == 2
    assert report["error"]["field"] == field  # type: ignore[index]


def test_the_command_prints_the_contract(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["signoff", NAME, "--only", "one_top,layers", "--out", str(tmp_path / "out")]
    code, report = said(words, capfd)
    assert code == 1, "some checks are no sign-off"
    assert {"cell", "clean", "checks", "manifest"} <= set(report)
    code, verified = said(["verify", str(report["manifest"])], capfd)
    assert (code, verified["clean"], verified["differences"]) == (0, True, [])
    assert verified["redrawn"] == "yes" and verified["signed_off"] is False
    (tmp_path / "out" / f"{NAME}.v").unlink()
    code, verified = said(["verify", str(report["manifest"])], capfd)
    assert (code, verified["differences"]) == (1, [f"missing: {NAME}.v"])


@pytest.mark.full
@pytest.mark.tools
def test_a_cell_is_signed_off_by_every_check_and_its_broken_twin_by_none_in_silence(tmp_path: Path) -> None:
    good = sign_off_cell(build(NAME), tmp_path / "good")
    assert good.clean, good.to_json()
    gds, netlist, _ = files(tmp_path)
    layout = kdb.Layout()
    layout.read(str(gds))
    top = layout.top_cell()
    top.shapes(layout.layer(68, 20)).insert(kdb.Box(20_000, 20_000, 20_100, 20_100))
    layout.write(str(gds))
    report = sign_off_file(gds, of_file(gds), Reference((netlist,)), folder=tmp_path / "broken")
    found = {name for name, outcome in report.checks.items() if outcome.state == "failed"}
    assert {"drc_fast", "drc_klayout", "drc_magic", "lef"} <= found
