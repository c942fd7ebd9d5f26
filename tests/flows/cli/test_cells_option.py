"""`--cells FILE.py`: cells of a user's own on the command line, and what is said of files that cannot be used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from own_cells import PAD, write_fet, write_pad, write_synapse

EXE = Path(sys.executable).parent / "analoom"


def run(folder: Path, *words: str, **environment: str) -> tuple[int, Any]:
    """The exit code and the JSON document of a command that may not show a traceback."""
    env = {**os.environ, **environment}
    command = [str(EXE), *words, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=env)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def refused(folder: Path, *words: str, **environment: str) -> str:
    code, said = run(folder, *words, **environment)
    assert code == 2 and said["error"]["type"] == "InputError"
    return str(said["error"]["message"])


def listed(folder: Path, *words: str, **environment: str) -> set[str]:
    code, rows = run(folder, *words, "list", **environment)
    assert code == 0
    return {row["name"] for row in rows}


@pytest.mark.slow
def test_before_or_after_the_command_and_as_often_as_there_are_files(tmp_path: Path) -> None:
    write_pad(tmp_path)
    write_fet(tmp_path)
    code, report = run(tmp_path, "--cells", "my_cells.py", "build", "probe_pad", "-p", "size=10")
    assert (code, report["cell"], report["area_um2"], report["kind"]) == (0, "probe_pad_size10", 100.0, "macro")
    assert Path(tmp_path / report["files"]["gds"]).is_file()
    code, report = run(tmp_path, "drc", "--cells=my_cells.py", "probe_pad", "--engine", "fast")
    assert code == 0 and report["engines"]["fast"]["rules_run"] > 50
    code, report = run(tmp_path, "--cells", "my_cells.py", "build", "my_fet", "--cells", "my_fets.py")
    assert (code, report["generator"], report["kind"]) == (0, "my_fet", "device")


@pytest.mark.full
def test_every_command_that_takes_a_cell_takes_cells_of_ones_own(tmp_path: Path) -> None:
    """`my_fet` is drawn as `mosfet` is: what is measured of both agrees."""
    own = ("--cells", str(write_fet(tmp_path)))
    assert run(tmp_path, "lvs", "my_fet", *own, "--engine", "fast")[0] == 0
    for command, key in (("pex", "nets"), ("sim", "metrics"), ("mismatch", "metrics")):
        (code, found), (_, wanted) = (run(tmp_path, command, name, *own) for name in ("my_fet", "mosfet"))
        assert code == 0 and found[key] == wanted[key] != {}
    code, table = run(tmp_path, "sim", "my_fet", "--corners", "tt,ss", "--workers", "2", *own)
    assert code == 0 and not table["failed"] and table["metrics"]


@pytest.mark.slow
def test_a_synapse_of_ones_own_is_woven_into_a_crossbar(tmp_path: Path) -> None:
    write_synapse(tmp_path)
    words = ("crossbar", "-p", "rows=2", "-p", "cols=2", "-p", "synapse.cell=my_synapse")
    code, report = run(tmp_path, "--cells", "my_synapses.py", "lvs", *words, "--engine", "fast")
    assert (code, report["clean"]) == (0, True)
    code, said = run(tmp_path, "--cells", "my_synapses.py", "build", *words[:-1], "synapse.cell=no_such")
    assert code == 2 and "my_synapse, synapse_2t1c, synapse_cs" in said["error"]["message"]
    code, said = run(tmp_path, "build", *words)
    assert code == 2 and "one of synapse_2t1c, synapse_cs" in said["error"]["message"]


@pytest.mark.slow
def test_the_list_shows_them_with_the_option_and_not_without(tmp_path: Path) -> None:
    write_pad(tmp_path)
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first = listed(tmp_path, "--cells", "my_cells.py", **home)
    second = listed(tmp_path, **home)
    assert first - second == {"probe_pad"} and not second - first
    assert listed(tmp_path, "--cells", "my_cells.py", **home) == first
    (tmp_path / "my_cells.py").write_text(PAD.replace("def probe_pad", "def another_pad"))
    assert listed(tmp_path, "--cells", "my_cells.py", **home) - second == {"another_pad"}


@pytest.mark.slow
def test_what_a_cell_of_ones_own_takes_is_told_by_the_command_that_a_refusal_names(tmp_path: Path) -> None:
    write_pad(tmp_path)
    code, said = run(tmp_path, "build", "probe_pad", "-p", "zz=1", "--cells", "my_cells.py")
    assert (code, said["error"]["remedy"]) == (2, "analoom list probe_pad --cells my_cells.py")
    code, told = run(tmp_path, *said["error"]["remedy"].split()[1:])
    assert code == 0 and told["pins"] == ["pad"]
    assert [(row["name"], row["unit"], row["range"]) for row in told["fields"]] == [("size", "um", "5 to 100")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def broken(:\n", "line 1: SyntaxError: invalid syntax"),
        ("a = 1\nb = a / 0\n", "line 2: ZeroDivisionError: division by zero"),
        ("\n\nimport no_such_module\n", "line 3: ModuleNotFoundError: No module named 'no_such_module'"),
        ("import sys\nsys.exit('no')\n", "line 2: SystemExit: no"),
        ("def f():\n    raise OSError('disk', 'full')\n\n\nf()\n", "line 2: OSError: [Errno disk] full"),
        ("import json\njson.loads('{')\n", "line 2: JSONDecodeError: Expecting property name"),
        ("from analoom import build\nbuild('mosfet', w=-1)\n", "line 2: w = -1.0: must be at least 0.42 um"),
        ("from my_parts import x\n", "my_parts.py, line 1: SyntaxError: "),
    ],
)
def test_a_file_that_fails_is_told_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(text)
    (tmp_path / "my_parts.py").write_text("x = = 1\n")
    code, said = run(tmp_path, "--cells", "bad.py", "list")
    assert code == 2 and words in said["error"]["message"]
    if "my_parts" not in text:
        assert said["error"]["message"].startswith(f"{tmp_path / 'bad.py'}, ")


@pytest.mark.slow
@pytest.mark.parametrize(("path", "why"), [("none.py", "there is no such file"), (".", "it is a folder")])
def test_a_file_that_is_not_there_is_told(path: str, why: str, tmp_path: Path) -> None:
    assert refused(tmp_path, "build", "mosfet", "--cells", path) == f"cannot read the cells of {path}: {why}"


@pytest.mark.slow
def test_a_cell_that_fails_when_it_is_drawn_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "my_cells.py").write_text(PAD.replace("side_nm = ", "side_nm = 1 / 0 or "))
    line = next(k for k, text in enumerate(PAD.splitlines(), 1) if "side_nm = " in text)
    said = refused(tmp_path, "--cells", "my_cells.py", "build", "probe_pad")
    assert said == f"{tmp_path / 'my_cells.py'}, line {line}: ZeroDivisionError: division by zero"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["list", "build mosfet"])
def test_two_cells_of_one_name_are_told_with_both_files(command: str, tmp_path: Path) -> None:
    write_pad(tmp_path, "one.py")
    write_pad(tmp_path, "two.py")
    listed(tmp_path)  # analoom's own cells are remembered from now on
    said = refused(tmp_path, "--cells", "one.py", "--cells", "two.py", *command.split())
    assert "probe_pad" in said and str(tmp_path / "one.py") in said and str(tmp_path / "two.py") in said
    (tmp_path / "three.py").write_text(PAD.replace("def probe_pad", "def mosfet"))
    said = refused(tmp_path, "--cells", "three.py", *command.split())
    assert "mosfet" in said and str(tmp_path / "three.py") in said and said.endswith("mosfet.py")


@pytest.mark.slow
def test_one_file_given_twice_is_one_file(tmp_path: Path) -> None:
    write_pad(tmp_path)
    (tmp_path / "same.py").symlink_to("my_cells.py")
    words = ("--cells", "my_cells.py", "--cells", "./my_cells.py", "build", "probe_pad", "--cells", "same.py")
    assert run(tmp_path, *words)[0] == 0


def installed(folder: Path, text: str) -> str:
    """An installed package whose module `plug` holds cells: the value of PYTHONPATH that makes it one."""
    about = folder / "site" / "plug-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[analoom.cells]\npads = plug\n")
    (folder / "site" / "plug.py").write_text(text)
    return str(folder / "site")


@pytest.mark.slow
def test_an_installed_package_names_its_cells_by_an_entry_point(tmp_path: Path) -> None:
    path = installed(tmp_path, PAD)
    assert listed(tmp_path, PYTHONPATH=path) - listed(tmp_path) == {"probe_pad"}
    assert run(tmp_path, "build", "probe_pad", PYTHONPATH=path)[0] == 0
    said = refused(tmp_path, "--cells", str(write_pad(tmp_path)), "list", PYTHONPATH=path)
    assert "plug.py" in said and "my_cells.py" in said


@pytest.mark.slow
def test_a_package_that_fails_is_told_by_its_entry_point(tmp_path: Path) -> None:
    path = installed(tmp_path, "1 / 0\n")
    assert refused(tmp_path, "list", PYTHONPATH=path).startswith("the entry point pads = plug of plug: ZeroDivision")
    assert run(tmp_path, "build", "mosfet", PYTHONPATH=path)[0] == 0, "what is not needed is not imported"
