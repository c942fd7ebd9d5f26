"""Many layout files in one run: which are meant, that a bad one keeps no other from its check, exit codes, JUnit."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import klayout.db as kdb
import pytest
from dying_check import DiesAt
from junitparser import Error, Failure, JUnitXml

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_file
from analoom.flows.many_files.check import DrcOfFile, LvsOfFile, check_files
from analoom.flows.many_files.find import layout_files, netlist_beside
from analoom.flows.many_files.folder import keep
from analoom.flows.report.page import read_steps
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

EXE = Path(sys.executable).with_name("analoom")


def bar(path, width_nm):
    """A layout of one met1 bar; the rule m1.1 asks for 140 nm."""
    path.parent.mkdir(parents=True, exist_ok=True)
    layout = kdb.Layout()
    layout.dbu = 0.001
    layout.create_cell("bar").shapes(layout.layer(*Layer.MET1.value)).insert(kdb.Box(0, 0, width_nm, 2000))
    layout.write(str(path))
    return path


@pytest.fixture
def folder(tmp_path):
    """A good, a bad and an unreadable layout, and one of the same name below."""
    bar(tmp_path / "in" / "good.gds", 200)
    bar(tmp_path / "in" / "thin.gds", 100)
    bar(tmp_path / "in" / "more" / "thin.gds", 300)
    (tmp_path / "in" / "broken.gds").write_bytes(b"\x00\x06\x00\x02\x00\x07junk")
    (tmp_path / "in" / "notes.txt").write_text("no layout")
    return tmp_path / "in"


def run(cwd, *words):
    return subprocess.run([str(EXE), *map(str, words)], capture_output=True, text=True, timeout=120, cwd=cwd)


def test_a_folder_means_the_layouts_in_it_and_below(folder):
    bar(folder / "out" / "files" / "thin-0" / "drc_magic.gds", 100)
    bar(folder / ".kept" / "old.gds", 100)
    found = layout_files([folder, folder / "good.gds"], folder / "out")
    names = [str(file.relative_to(folder)) for file in found]
    assert names == ["broken.gds", "good.gds", "more/thin.gds", "thin.gds"]


@pytest.mark.parametrize("name", ["empty", "mosfet"])
def test_nothing_to_check_is_refused(name, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no layout in this folder|neither a layout file nor a folder"):
        layout_files([tmp_path / name])


@pytest.mark.slow
def test_every_file_gets_its_verdict_and_its_own_folder(folder, tmp_path):
    told = []
    report = check_files(layout_files([folder]), DrcOfFile(root=tmp_path / "out"), tell=told.append)
    by_name = {str(Path(one["file"]).relative_to(folder)): one for one in report["files"]}
    assert list(by_name) == ["broken.gds", "good.gds", "more/thin.gds", "thin.gds"]
    assert {name: one["clean"] for name, one in by_name.items()} == {
        "broken.gds": False,
        "good.gds": True,
        "more/thin.gds": True,
        "thin.gds": False,
    }
    assert report["clean"] is False and len(told) == 4
    assert "not a readable layout" in by_name["broken.gds"]["error"]["message"]
    run_of_thin = by_name["thin.gds"]["engines"]["fast"]
    assert run_of_thin["violations"] == {"m1.1": 1}
    assert run_of_thin["texts"] == {"m1.1": "met1 width: 0.14 um"}
    assert run_of_thin["locations"]["m1.1"] == ["(0.000, 0.000)-(0.100, 2.000)"]
    folders = {one["folder"] for one in report["files"] if "folder" in one}
    assert len(folders) == 3 and all((Path(one) / "drc.json").is_file() for one in folders)


@pytest.mark.full
@pytest.mark.parametrize(
    ("names", "code"),
    [(("good.gds", "more"), 0), (("good.gds", "thin.gds"), 1), (("good.gds", "broken.gds"), 2), (("gone.gds", "."), 2)],
)
def test_one_exit_code(folder, names, code):
    done = run(folder, "drc", *names, "--json")
    assert done.returncode == code, done.stderr
    assert json.loads(done.stdout)["clean"] is (code == 0)
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_table_tells_rule_place_and_file(folder):
    done = run(folder, "drc", ".")
    assert done.stdout.splitlines()[-1] == "4 files: 2 clean, 1 not checked, 1 not clean"
    line = next(line for line in done.stdout.splitlines() if " m1.1 " in line)
    assert "met1 width: 0.14 um" in line and "(0.000, 0.000)-(0.100, 2.000)" in line
    assert "drc_fast.lyrdb" in done.stdout
    assert "4 of 4: " in done.stderr


@pytest.mark.slow
def test_junit_has_a_case_an_engine_and_no_error_passes(folder, tmp_path):
    assert run(folder, "drc", ".", "--junit", tmp_path / "junit.xml").returncode == 2
    suites = list(JUnitXml.fromfile(tmp_path / "junit.xml"))
    results = {Path(suite.name).name: [case.result for case in suite] for suite in suites}
    assert results["good.gds"] == [[]]
    kinds = {name: [type(one) for case in cases for one in case] for name, cases in results.items()}
    assert kinds["broken.gds"] == [Error]
    found = [one for suite in suites for case in suite for one in case.result]
    failure = next(one for one in found if isinstance(one, Failure))
    assert "m1.1 x1 met1 width: 0.14 um\n  at (0.000, 0.000)-(0.100, 2.000)" in failure.text


@pytest.mark.slow
def test_a_place_that_junit_cannot_be_written_to_is_told_before_the_work(folder):
    done = run(folder, "drc", ".", "--junit", "good.gds/junit.xml", "--json")
    assert done.returncode == 2 and "good.gds" in json.loads(done.stdout)["error"]["message"]
    assert not (folder / "out").exists()


def test_one_file_by_two_names_is_checked_once(folder):
    found = layout_files([folder / "good.gds", folder / "more" / ".." / "good.gds"])
    assert found == [folder / "good.gds"]


@pytest.mark.slow
def test_junit_of_one_cell(tmp_path):
    assert run(tmp_path, "drc", "mosfet", "--junit", "one.xml").returncode == 0
    assert [[case.result for case in suite] for suite in JUnitXml.fromfile(tmp_path / "one.xml")] == [[[]]]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".spice", ".cdl", ".sp"])
def test_lvs_takes_the_netlist_beside_each_file(suffix, tmp_path):
    good, other = build("mosfet", {"w": 2, "l": 1}), build("unit_cap")
    for cell, name in ((good, "good"), (other, "other")):
        cell.write(tmp_path / f"{name}.gds")
        (tmp_path / f"{name}{suffix}").write_text(cell.spice())
    (tmp_path / f"other{suffix}").write_text(other.spice().replace("w=", "w=1", 1))
    report = check_files(layout_files([tmp_path]), LvsOfFile(root=tmp_path / "out"))
    assert [(Path(one["file"]).stem, one["clean"]) for one in report["files"]] == [("good", True), ("other", False)]


@pytest.mark.slow
@pytest.mark.parametrize(("w", "code"), [("2", 0), ("3", 1)])
def test_lvs_of_one_file_takes_it_too(w, code, tmp_path):
    cell = build("mosfet", {"w": 2, "l": 1})
    cell.write(tmp_path / "one.gds")
    assert run(tmp_path, "lvs", "one.gds").returncode == 2
    (tmp_path / "one.spice").write_text(cell.spice().replace("w=2", f"w={w}"))
    assert run(tmp_path, "lvs", "one.gds").returncode == code


@pytest.mark.slow
def test_a_layout_without_a_netlist_is_not_checked(tmp_path):
    with pytest.raises(InputError, match=r"a.gds.gz: no netlist beside it \(a.spice, a.cdl, a.sp\)"):
        netlist_beside(tmp_path / "a.gds.gz")
    build("mosfet").write(tmp_path / "a.gds")
    report = check_files([tmp_path / "a.gds"], LvsOfFile(root=tmp_path / "out"))
    assert report["clean"] is False and "no netlist beside it" in report["files"][0]["error"]["message"]


@pytest.mark.slow
@pytest.mark.parametrize(("option", "value"), [("--top", "bar"), ("-p", "w=4")])
def test_what_goes_with_one_file_is_refused_with_several(folder, option, value):
    done = run(folder, "drc", "good.gds", "thin.gds", option, value, "--json")
    assert done.returncode == 2
    assert "goes with one cell or file" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.slow
def test_a_process_that_dies_is_the_fault_of_its_file_alone(folder):
    report = check_files(layout_files([folder]), DiesAt("thin.gds", folder))
    failed = {Path(one["file"]).relative_to(folder).as_posix() for one in report["files"] if "error" in one}
    assert failed == {"thin.gds"}
    assert report["clean"] is False


@pytest.mark.slow
def test_it_can_be_interrupted(tmp_path):
    for number in range(40):
        bar(tmp_path / f"{number}.gds.gz", 200)
    run_ = subprocess.Popen(
        [str(EXE), "drc", "."], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while "1 of 40" not in run_.stderr.readline():
        pass
    os.killpg(run_.pid, signal.SIGINT)
    started = time.monotonic()
    said = run_.communicate(timeout=30)[1]
    assert "Traceback" not in said and "interrupted" in said
    assert run_.returncode == 130
    assert time.monotonic() - started < 10


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_application_that_a_worker_runs_ends_with_it(folder, tmp_path, how):
    """The stand-in for Magic would go on for a minute."""
    stand_in = tmp_path / "magic"
    stand_in.write_text(
        '#!/bin/sh\nif [ "$1" = --version ]; then echo 8.3.500; exit; fi\n'
        f"cd {tmp_path}; echo $$ > pid.new; mv pid.new pid\nexec sleep 60\n"
    )
    stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    words = [str(EXE), "drc", "good.gds", "thin.gds", "--engine", "magic"]
    command = subprocess.Popen(
        words, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (tmp_path / "pid").exists() and command.poll() is None:
        time.sleep(0.05)
    os.killpg(command.pid, how)
    assert "interrupted" in command.communicate(timeout=10)[1]
    with pytest.raises(ProcessLookupError):
        for _ in range(100):  # an ended process stays a name until its parent has asked for it
            os.killpg(int((tmp_path / "pid").read_text()), 0)
            time.sleep(0.05)


@pytest.mark.slow
def test_a_checked_file_has_a_page(folder):
    assert run(folder, "drc", "thin.gds").returncode == 1
    page = Path(run(folder, "report", "thin.gds").stdout.split(": ", 1)[1].strip())
    text = (folder / page).read_text()
    assert "m1.1: met1 width: 0.14 um" in text and "(0.000, 0.000)-(0.100, 2.000)" in text
    assert "layout file · 0.100 × 2.000" in text and "data:image/png" in text
    assert (folder / page).with_name("layers.lyp").is_file()


def test_a_page_holds_no_verdict_on_another_cell_or_an_older_file(tmp_path):
    layout = kdb.Layout()
    for name, width in (("narrow", 100), ("wide", 200)):
        layout.create_cell(name).shapes(layout.layer(*Layer.MET1.value)).insert(kdb.Box(0, 0, width, 2000))
    layout.write(str(tmp_path / "two.gds"))
    file = tmp_path / "two.gds"
    narrow, wide = (of_file(file, name) for name in ("narrow", "wide"))
    keep(narrow, tmp_path, "drc", run_drc(narrow, workdir=tmp_path).to_json(), file)
    assert read_steps(tmp_path)["drc"]["clean"] is False
    keep(wide, tmp_path, "lvs", {"cell": "wide"}, file)
    assert {"drc", "lvs"} & read_steps(tmp_path).keys() == {"lvs"}
    keep(narrow, tmp_path, "lvs", {"cell": "narrow"}, file)
    assert {"drc", "lvs"} & read_steps(tmp_path).keys() == {"drc", "lvs"}
    later_s = (tmp_path / "lvs.json").stat().st_mtime + 1
    os.utime(file, (later_s, later_s))
    assert not {"drc", "lvs"} & read_steps(tmp_path).keys()


@pytest.mark.slow
def test_a_file_that_was_not_checked_has_none(folder):
    done = run(folder, "report", "good.gds", "--json")
    assert done.returncode == 2 and "holds no results" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.full
@pytest.mark.tools
def test_names_that_tools_stumble_over(tmp_path):
    """Magic's script is Tcl, where a `$` begins a variable."""
    layout = kdb.Layout()
    layout.dbu = 0.001
    for number, name in enumerate(("a/b", "$(rm)", "x" * 2000)):
        cell = layout.create_cell(name)
        cell.shapes(layout.layer(*Layer.MET1.value)).insert(kdb.Box(0, 0, 200, 2000))
        option = kdb.SaveLayoutOptions()
        option.select_cell(cell.cell_index())
        layout.write(str(tmp_path / f"{number}.gds"), option)
    report = check_files(layout_files([tmp_path]), DrcOfFile(("fast", "magic"), root=tmp_path / "out"))
    states = [engine["state"] for one in report["files"] for engine in one["engines"].values()]
    assert states == ["clean"] * 6


@pytest.mark.slow
def test_a_truncated_gz_is_told_by_name(tmp_path):
    whole = gzip.compress(bar(tmp_path / "a.gds", 200).read_bytes())
    (tmp_path / "cut.gds.gz").write_bytes(whole[: len(whole) // 2])
    done = run(tmp_path, "drc", "cut.gds.gz", "--json")
    assert done.returncode == 2
    assert "cut.gds.gz" in json.loads(done.stdout)["error"]["message"]
    assert "Traceback" not in done.stderr
