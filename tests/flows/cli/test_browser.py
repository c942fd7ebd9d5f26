"""`report --open` hands the page to the browser, and only there where someone looks at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analoom.flows.cli.main import main
from analoom.flows.files.outputs import write_json


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of results whose page is quickly made."""
    write_json(tmp_path / "build.json", {"cell": "none", "not_run": "left out"})
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was given."""
    told: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: told.append(address) or True)
    return told


def code_of(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["report", *words])
    return int(ended.value.code or 0)


def test_the_page_is_opened_where_it_is_asked_for_and_only_there(folder: Path, opened: list[str]) -> None:
    assert (code_of(str(folder)), opened) == (0, [])
    assert (code_of(str(folder), "--open"), opened) == (0, [(folder / "report.html").as_uri()])


def test_it_is_not_opened_beside_json(folder: Path, opened: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert code_of(str(folder), "--open", "--json") == 2
    assert json.loads(capfd.readouterr().out)["error"]["field"] == "open"
    assert opened == []


def test_without_a_browser_the_page_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    assert code_of(str(folder), "--open") == 2
    assert f"no browser was found; the page is {folder / 'report.html'}" in capfd.readouterr().err
