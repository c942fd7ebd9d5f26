"""Wrong command lines: each ends with exit 2 and one error that names field, value and rule; the remedies work."""

from __future__ import annotations

import json
import shlex
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from wrong_inputs import FILES, TRAINED, WRONG, Wrong, table

from analoom.flows.cli.main import main
from analoom.flows.cli.options import chosen_cell
from analoom.flows.sweep.plan.job_file import read_job
from analoom.pdk.errors import AnaloomError

Run = Callable[[list[str]], tuple[int, str]]
ASSIGNED = ("-p", "--set")
LONG = ("flow", "backprop_network", "trained_crossbar", "--temperatures", "--supplies", "--corners", "--sizes")
"""What makes a command line that works take seconds."""
PLACEHOLDERS = ("REF", "FILE")
"""Values that stand for a file of the user's own."""


def is_long(wrong: Wrong) -> bool:
    return any(word in LONG for word in wrong.words.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files that the command lines name."""
    made = tmp_path_factory.mktemp("wrong")
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command line in this process: exit code and stdout; no traceback may be told."""
    monkeypatch.chdir(folder)
    ended = signal.getsignal(signal.SIGTERM)

    def run_words(words: list[str]) -> tuple[int, str]:
        with pytest.raises(SystemExit) as done:
            main(words)
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(str(done.value.code)), said.out

    yield run_words
    signal.signal(signal.SIGTERM, ended)


def words_of(wrong: Wrong, folder: Path) -> list[str]:
    return wrong.words.format(folder=folder).split()


def error_of(run: Run, words: list[str]) -> dict[str, Any]:
    """The error of a command line that must be refused: all of stdout is its document."""
    code, out = run([*words[:1], "--json", *words[1:]])
    assert code == 2, out
    return json.loads(out)["error"]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.words)
def test_a_wrong_input_is_refused(wrong: Wrong, run: Run, folder: Path) -> None:
    words = words_of(wrong, folder)
    field, remedy = (text.format(folder=folder) for text in (wrong.field, wrong.remedy))
    error = error_of(run, words)
    assert error["field"] == (field or None)
    assert all(word in error["message"] for word in wrong.says), error["message"]
    said = str(error["remedy"])
    assert said.startswith(remedy[:-3]) if remedy.endswith("...") else said == remedy
    assert said not in error["message"] and error["message"] not in said, "a remedy that repeats the error"


@pytest.mark.parametrize("wrong", [pytest.param(w, marks=[pytest.mark.full] * is_long(w), id=w.words) for w in WRONG])
def test_the_remedy_works_or_leads_on(wrong: Wrong, run: Run, folder: Path) -> None:
    words = words_of(wrong, folder)
    error = error_of(run, words)
    if (better := followed(words, error)) is not None:
        assert answer(run, better) != error["message"]


@pytest.mark.parametrize("wrong", TRAINED, ids=lambda wrong: wrong.words)
def test_nothing_is_written_of_a_run_that_is_refused(
    wrong: Wrong, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    error_of(run, words_of(wrong, folder))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def followed(words: list[str], error: dict[str, Any]) -> list[str] | None:
    """The command line by the remedy, where that is a command, an option or a value; None where it is advice."""
    remedy, field = shlex.split(error["remedy"]), str(error["field"]).removeprefix("settings.")
    if remedy[0] == "analoom" and "NAME" not in remedy:
        return remedy[1:]
    if (
        len(remedy) != 2
        or not remedy[0].startswith("-")
        or remedy[1].isupper()
        or remedy[1].startswith(("REF", "FILE"))
    ):
        return None
    option, value = remedy
    if option in ASSIGNED:
        keys = {field, field.removesuffix(".cell"), value.partition("=")[0]}
        pairs = [(words[k], words[k + 1]) for k in range(len(words) - 1) if words[k] in ASSIGNED]
        wrong = [pair for pair in pairs if pair[1].partition("=")[0] in keys]
        return [*without(words, wrong), option, value]
    at = words.index(option) if option in words else len(words)
    return [*words[:at], option, value, *words[at + 2 :]]


def without(words: list[str], pairs: list[tuple[str, str]]) -> list[str]:
    kept = list(words)
    for option, value in pairs:
        at = next(k for k in range(len(kept)) if kept[k : k + 2] == [option, value])
        del kept[at : at + 2]
    return kept


def answer(run: Run, words: list[str]) -> str:
    """ "" for a command line that works, else what is wrong next; a build is drawn, a sweep's job read."""
    try:
        if words[0] == "build" and "--help" not in words:
            pairs = [words[k + 1] for k in range(len(words)) if words[k] == "-p"]
            chosen_cell(words[1], pairs, None)
            return ""
        if words[0] == "sweep" and "--help" not in words:
            read_job(words[1])
            return ""
    except AnaloomError as error:
        return error.message
    code, out = run(words if "--help" in words else [*words[:1], "--json", *words[1:]])
    return "" if code == 0 else str(json.loads(out)["error"]["message"])


def test_the_table_has_a_line_for_each_input_and_no_input_twice() -> None:
    assert len(WRONG) >= 100 and len({wrong.words for wrong in WRONG}) == len(WRONG)
    assert len(table().splitlines()) == len(WRONG) + 2


def test_every_command_has_wrong_inputs() -> None:
    from analoom.flows.cli.main import _commands

    tried = {word for wrong in WRONG for word in wrong.words.split()}
    assert set(_commands().commands) - {"help"} <= tried


def test_people_are_told_the_error_and_what_to_try(capfd: pytest.CaptureFixture[str]) -> None:
    ended = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit, match="2"):
        main(["build", "mosfet", "-p", "widht=4"])
    signal.signal(signal.SIGTERM, ended)
    said = capfd.readouterr()
    assert said.out == "" and said.err.splitlines()[1:] == ["  try: -p w=4"]


def test_a_remedy_that_does_not_help_is_seen(run: Run) -> None:
    words = ["build", "mosfet", "-p", "w=0.01"]
    error = error_of(run, words)
    assert followed(words, error) == ["build", "mosfet", "-p", "w=0.42"]
    assert answer(run, followed(words, {**error, "remedy": "-p w=0.01"}) or []) == error["message"]
