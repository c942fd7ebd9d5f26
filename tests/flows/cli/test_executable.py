"""Signals end any command within a second, whatever it is at: nothing half-written, no process, one word on it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from analoom.flows.files.outputs import whole_file
from analoom.flows.files.run_folder import RUN_VARIABLE, remove_drafts

EXE = (str(Path(sys.executable).parent / "analoom"),)
WITHOUT_PARENT = (sys.executable, "-c", "from analoom.flows.cli.main import main; main()")
END_S = 5.0
"""A loaded machine may take so long where 0.1 s is usual."""
START_S = 60.0
HOLDS_THE_LOCK = """
import klayout.db as kdb
from pathlib import Path
boxes = kdb.Region()
for i in range(300_000):
    boxes.insert(kdb.Box(i * 7 % 100_003, i * 13 % 99_991, i * 7 % 100_003 + 200, i * 13 % 99_991 + 200))
Path("at_work").touch()
boxes.merged()
"""
"""A file of cells that is in klayout's C++ for many seconds, in which no other line of Python is run."""
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Started = Callable[..., "Command"]


class Command:
    """A command at work in `folder`; its output goes to files, as a pipe would have to be read."""

    def __init__(self, folder: Path, executable: Sequence[str], words: Sequence[str]) -> None:
        self.folder, self._words = folder, words
        self.stdout, self.stderr = folder / "stdout.txt", folder / "stderr.txt"
        with self.stdout.open("w") as out, self.stderr.open("w") as err:
            self.process = subprocess.Popen(
                [*executable, *words],
                cwd=folder,
                stdout=out,
                stderr=err,
                env={**os.environ, "TMPDIR": str(_made(folder / "tmp"))},
                start_new_session=True,
                preexec_fn=_listen,
            )
        self.below: list[psutil.Process] = []

    def wait_until(self, at_work: Callable[[Command], bool]) -> None:
        deadline = time.monotonic() + START_S
        while not at_work(self):
            assert self.process.poll() is None, f"it has ended: {self.stderr.read_text()}"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        self.below = psutil.Process(self.process.pid).children(recursive=True)

    def ended_by(self, which: signal.Signals) -> int:
        """The exit code after a signal, which has to come in time."""
        self.process.send_signal(which)
        return self.process.wait(END_S)

    def runs(self, name: str) -> bool:
        """Whether a process of that name is below it."""
        return any(name in _named(p) for p in psutil.Process(self.process.pid).children(recursive=True))

    def has_loaded(self, library: str) -> bool:
        below = psutil.Process(self.process.pid).children(recursive=True)
        return any(library in file for process in below for file in _files(process))


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _listen() -> None:
    """What a shell starts in the background ignores SIGINT."""
    for which in ENDINGS:
        signal.signal(which, signal.SIG_DFL)


def _named(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def _files(process: psutil.Process) -> list[str]:
    """Of those that it has in its memory."""
    try:
        return [file.path for file in process.memory_maps()]
    except psutil.Error:
        return []


def _goes_on(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Started]:
    commands: list[Command] = []

    def started(*words: str, executable: Sequence[str] = EXE) -> Command:
        commands.append(Command(tmp_path, executable, words))
        return commands[-1]

    yield started
    for command in commands:
        for process in (*command.below, command.process):
            if psutil.pid_exists(process.pid):
                process.kill()
        command.process.wait()


def check_nothing_left(command: Command) -> None:
    """No process, no temporary file, no draft among the results, and every JSON file whole."""
    assert command.below and not [p for p in command.below if _goes_on(p)]
    assert not list((command.folder / "tmp").iterdir())
    assert not list(command.folder.rglob(".*"))
    for file in command.folder.rglob("*.json"):
        json.loads(file.read_text())


def at_work_in_ngspice(command: Command) -> bool:
    return command.has_loaded("libngspice")


def has_told(command: Command) -> bool:
    return "1 of" in command.stderr.read_text()


def runs_klayout(command: Command) -> bool:
    return command.runs("klayout")


def runs_magic(command: Command) -> bool:
    return command.runs("magic")


def works_a_while(command: Command) -> bool:
    """Two seconds of computing, most of them after the start."""
    times = [p.cpu_times() for p in psutil.Process(command.process.pid).children()]
    return sum(t.user for t in times) > 2


FULL = (
    ("sim unit_cap --corners tt,ss,ff,sf,fs --temperatures=-40,27,125 --workers 2", has_told, signal.SIGINT),
    ("demo", runs_klayout, signal.SIGINT),
    ("flow cap_array", runs_magic, signal.SIGTERM),
    ("drc crossbar -p rows=16 -p cols=16 --engine klayout", runs_klayout, signal.SIGINT),
    ("drc crossbar -p rows=16 -p cols=16 --engine magic", runs_magic, signal.SIGTERM),
    ("pex crossbar -p rows=512 -p cols=512 --mode rc", works_a_while, signal.SIGTERM),
    ("mismatch crossbar -p rows=64 -p cols=64 --engine mc --samples 1000000", works_a_while, signal.SIGTERM),
    ("lvs crossbar -p rows=2048 -p cols=2048", works_a_while, signal.SIGINT),
    ("balance cap_array -p weights=[1,1,2,4,8,16,32,64,128]", works_a_while, signal.SIGTERM),
)


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(
    ("words", "at_work", "which"),
    [
        ("sim charge_mac", at_work_in_ngspice, signal.SIGINT),
        ("mismatch matched_pair --engine ngspice --samples 100000", at_work_in_ngspice, signal.SIGTERM),
        *(pytest.param(*case, marks=pytest.mark.full) for case in FULL),
    ],
)
def test_a_command_ends_when_it_is_told_to(
    words: str, at_work: Callable[[Command], bool], which: signal.Signals, start: Started
) -> None:
    command = start(*words.split())
    command.wait_until(at_work)
    assert command.ended_by(which) == 128 + which
    assert command.stderr.read_text().splitlines()[-1] == "error: interrupted"
    assert "Traceback" not in command.stderr.read_text()
    check_nothing_left(command)


@pytest.mark.slow
@pytest.mark.full
def test_a_sweep_goes_on_where_it_was(start: Started, tmp_path: Path) -> None:
    job = {"name": "caps", "cell": "cap_array", "fields": {"weights": [1, 1]}, "budget_points": 0}
    (tmp_path / "job.yaml").write_text(json.dumps({**job, "axes": {"unit.w": [1.0, 1.5, 2.0, 2.5]}}))
    words = ("sweep", "job.yaml", "--workers", "1", "--out", "swept", "--json")
    command = start(*words)
    command.wait_until(lambda _: bool(list(tmp_path.glob("swept/points/*/*.json"))))
    assert command.ended_by(signal.SIGINT) == 130
    assert json.loads(command.stdout.read_text())["error"]["type"] == "Interrupted"
    check_nothing_left(command)
    again = start(*words)
    assert again.process.wait(START_S) == 0
    report = json.loads(again.stdout.read_text())
    assert report["done"] == 4 and report["from_store"] >= 1


@pytest.mark.slow
def test_what_holds_the_lock_of_python_ends_too_and_would_not_without_a_parent(start: Started, tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(HOLDS_THE_LOCK)
    at_work = tmp_path / "at_work"
    command = start("list", "--cells", "busy.py", "--json")
    command.wait_until(lambda _: at_work.exists())
    assert command.ended_by(signal.SIGINT) == 130
    assert json.loads(command.stdout.read_text())["error"]["message"] == "interrupted"
    check_nothing_left(command)
    at_work.unlink()
    alone = start("list", "--cells", "busy.py", "--json", executable=WITHOUT_PARENT)
    alone.wait_until(lambda _: at_work.exists())
    alone.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        alone.process.wait(1)


def test_a_parent_that_is_killed_takes_all_with_it(start: Started, tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text(
        "import subprocess, time\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\ntime.sleep(1000)\n"
    )
    command = start("list", "--cells", "waits.py")
    command.wait_until(lambda c: c.runs("sleep"))
    assert command.ended_by(signal.SIGKILL) == -signal.SIGKILL
    deadline = time.monotonic() + END_S
    while any(map(_goes_on, command.below)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_ctrl_z_stops_all_and_fg_lets_it_go_on(start: Started, tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("import subprocess\nsubprocess.run(['sleep', '1000'])\n")
    command = start("list", "--cells", "waits.py")
    command.wait_until(lambda c: c.runs("sleep"))
    for which, stands in ((signal.SIGTSTP, True), (signal.SIGCONT, False)):
        command.process.send_signal(which)
        deadline = time.monotonic() + END_S
        whole = (psutil.Process(command.process.pid), *command.below)
        while not all((p.status() == psutil.STATUS_STOPPED) == stands for p in whole):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert command.ended_by(signal.SIGTERM) == 143


@pytest.mark.slow
def test_no_half_of_a_result_stays(start: Started, tmp_path: Path) -> None:
    (tmp_path / "writes.py").write_text(
        "import pathlib, time\nfrom analoom.flows.files.outputs import whole_file\n"
        "with whole_file(pathlib.Path('result.txt')) as draft:\n    draft.write_text('half')\n    time.sleep(1000)\n"
    )
    command = start("list", "--cells", "writes.py")
    command.wait_until(lambda _: bool(list(tmp_path.glob(".writing-*/result.txt"))))
    assert command.ended_by(signal.SIGHUP) == 129
    check_nothing_left(command)


@pytest.mark.slow
@pytest.mark.parametrize(("more_s", "code"), [(0.1, 7), (1000, 130)])
def test_a_document_that_is_being_printed_stays_the_only_one(
    more_s: float, code: int, start: Started, tmp_path: Path
) -> None:
    """It has half a second to come to its end; for a reader that does not read nothing waits."""
    (tmp_path / "answers.py").write_text(
        "import os, time\nfrom analoom.flows.files.run_folder import answer\n"
        f"answer()\nopen('answers', 'w').close()\ntime.sleep({more_s})\nos._exit(7)\n"
    )
    command = start("list", "--cells", "answers.py", "--json")
    command.wait_until(lambda _: (tmp_path / "answers").exists())
    assert command.ended_by(signal.SIGINT) == code
    assert command.stdout.read_text() == ""


@pytest.mark.slow
def test_a_command_started_to_ignore_ctrl_c_ignores_it(start: Started, tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("import subprocess\nsubprocess.run(['sleep', '1000'])\n")
    ignoring = ("sh", "-c", 'trap "" INT; exec "$@"', "sh", *EXE)
    command = start("list", "--cells", "waits.py", executable=ignoring)
    command.wait_until(lambda c: c.runs("sleep"))
    command.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        command.process.wait(0.5)
    assert command.ended_by(signal.SIGTERM) == 143


@pytest.mark.slow
def test_a_crash_in_a_library_is_told(start: Started, tmp_path: Path) -> None:
    (tmp_path / "crashes.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    command = start("list", "--cells", "crashes.py", "--json")
    assert command.process.wait(START_S) == 2
    assert json.loads(command.stdout.read_text())["error"]["message"] == "the process was ended by SIGSEGV"


@pytest.mark.parametrize("noted", [True, False])
def test_drafts_of_a_killed_process_are_removed_where_they_are_noted(noted: bool, tmp_path: Path) -> None:
    run, results, other = (_made(tmp_path / name) for name in ("run-1", "results", "other"))
    code = (
        "import os, sys, pathlib, signal\nfrom analoom.flows.files.outputs import whole_file\n"
        "with whole_file(pathlib.Path(sys.argv[1])) as draft:\n"
        "    draft.write_text('half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, RUN_VARIABLE: str(run) if noted else ""}  # not noted: the twin that stays
    subprocess.run([sys.executable, "-c", code, str(results / "a.txt")], env=environment, check=False)
    with whole_file(other / "b.txt") as draft:
        draft.write_text("of another run")
        remove_drafts(run)
        assert bool(list(results.iterdir())) != noted
    assert (other / "b.txt").read_text() == "of another run"
