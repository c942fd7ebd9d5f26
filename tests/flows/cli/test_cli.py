"""The command line: one JSON document on stdout, exit codes, and every bad input told without a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import klayout.db as kdb
import pytest

import analoom
from analoom.cells.model.registry import build
from analoom.flows.cli.options import _merged, spec_fields
from analoom.pdk import rules
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

EXE = Path(sys.executable).parent / "analoom"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run([str(EXE), *words], capture_output=True, text=True, timeout=120, env=env)


def refused(*words: str, **environment: str) -> dict[str, Any]:
    """The `error` object of a command that must end with exit 2 and no traceback."""
    done = run(*words, "--json", **environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)["error"]


@pytest.mark.slow
def test_build_writes_every_view_and_says_so(tmp_path: Path) -> None:
    done = run("build", "mosfet", "-p", "w=4", "-p", "nf=2", "--out", str(tmp_path), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["spec"]["w"] == 4.0
    assert set(report["files"]) >= {"gds", "oas", "spice", "png", "lef"}
    assert all(Path(path).stat().st_size for path in report["files"].values())
    assert report["pins"] == ["d", "g", "s", "b"]
    assert json.loads((tmp_path / "spec.json").read_text())["cell"] == "mosfet"


def test_list_gives_name_kind_summary_and_schema() -> None:
    cells = json.loads(run("list", "--json").stdout)
    assert {"mosfet", "matched_pair", "unit_cap", "cap_array"} <= {cell["name"] for cell in cells}
    assert all({"name", "kind", "summary", "schema"} <= set(cell) for cell in cells)
    mosfet = next(cell for cell in cells if cell["name"] == "mosfet")
    assert mosfet["schema"]["properties"]["w"]["unit"] == "um"


@pytest.mark.slow
def test_the_last_line_for_people_is_the_verdict(tmp_path: Path) -> None:
    done = run("build", "mosfet", "--out", str(tmp_path))
    assert done.stdout.rstrip().splitlines()[-1].startswith("mosfet: ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pair", "field", "words"),
    [
        ("w=0.01", "w", "at least 0.42 um"),
        ("l=0.1503", "l", "multiple of 0.005 um"),
        ("nf=-1", "nf", "greater than or equal to 1"),
        ("device=nfet_9v9", "device", "nfet_01v8"),
        ("colour=blue", "colour", "one of the fields"),
    ],
)
def test_a_bad_field_is_named_with_its_bound(pair: str, field: str, words: str) -> None:
    error = refused("build", "mosfet", "-p", pair)
    assert error["type"] == "SpecError"
    assert error["field"] == field
    assert words in error["message"]


@pytest.mark.slow
def test_zero_rows_are_refused() -> None:
    assert refused("build", "crossbar", "-p", "rows=0")["field"] == "rows"


@pytest.mark.slow
def test_an_unknown_cell_is_told_with_the_known_ones() -> None:
    error = refused("build", "mosfett")
    assert "did you mean mosfet?" in error["message"]
    assert "cap_array" in error["message"].split("known:")[1]


@pytest.mark.slow
def test_usage_errors_are_json_too() -> None:
    assert "--nonsense" in refused("build", "mosfet", "--nonsense")["message"]
    assert "frobnicate" in refused("frobnicate")["message"]
    assert refused("drc", "mosfet", "--engine", "hope")["field"] == "engine"
    assert refused("lvs", "mosfet", "--engine", "klayout")["field"] == "engine"
    assert refused("drc", "mosfet", "--engine", ",")["field"] == "engine"


@pytest.mark.slow
def test_an_option_that_means_nothing_here_is_refused(tmp_path: Path) -> None:
    assert refused("drc", "mosfet", "--top", "x")["field"] == "top"
    (tmp_path / "w.npy").write_text("no array")
    words = ("sim", "crossbar", "-p", "rows=2", "-p", "cols=2", "--weights", str(tmp_path / "w.npy"))
    assert "no .npy array of numbers" in refused(*words)["message"]


def test_the_version_is_the_packages() -> None:
    assert run("--version").stdout.strip() == metadata.version("analoom")


@pytest.mark.slow
def test_help_of_a_command_is_what_its_help_option_tells() -> None:
    assert run("help", "sweep").stdout == run("sweep", "--help").stdout
    assert run("help").stdout == run().stdout
    wrong = run("help", "frobnicate")
    assert wrong.returncode == 2 and "frobnicate" in wrong.stderr


def test_the_module_is_the_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "analoom", "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == analoom.__version__ == metadata.version("analoom")


@pytest.mark.parametrize("command", ["build", "drc", "pex"])
def test_the_shell_completes_names_of_cells(command: str) -> None:
    asked = {"_ANALOOM_COMPLETE": "complete_bash", "COMP_WORDS": f"analoom {command} cap", "COMP_CWORD": "2"}
    assert run(**asked).stdout.split() == ["cap_array"]


def test_completion_is_offered_to_the_shell() -> None:
    script = run("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").stdout
    assert "_ANALOOM_COMPLETE" in script


@pytest.mark.slow
def test_a_spec_file_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("cell: mosfet\nw: 4\nwidht: 3\n")
    assert refused("build", "--spec", str(tmp_path / "job.yaml"))["field"] == "widht"


@pytest.mark.slow
def test_a_spec_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("w: [4\n")
    assert "not YAML" in refused("build", "mosfet", "--spec", str(tmp_path / "job.yaml"))["message"]


@pytest.mark.slow
def test_a_spec_file_gives_cell_and_fields_and_p_wins(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("cell: mosfet\nw: 4\nnf: 2\n")
    done = run("build", "--spec", str(tmp_path / "job.yaml"), "-p", "w=6", "--out", str(tmp_path), "--json")
    spec = json.loads(done.stdout)["spec"]
    assert (spec["w"], spec["nf"]) == (6.0, 2)


@pytest.mark.slow
def test_a_truncated_gds_and_an_absent_top_are_refused(tmp_path: Path) -> None:
    built = json.loads(run("build", "mosfet", "--out", str(tmp_path), "--json").stdout)
    whole = Path(built["files"]["gds"])
    short = tmp_path / "short.gds"
    short.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "short.gds" in refused("drc", str(short), "--out", str(tmp_path))["message"]
    assert "no_top" in refused("drc", str(whole), "--top", "no_top", "--out", str(tmp_path))["message"]
    assert "absent.gds" in refused("drc", str(tmp_path / "absent.gds"), "--out", str(tmp_path))["message"]


@pytest.mark.slow
def test_an_unwritable_out_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = refused("build", "mosfet", "--out", str(tmp_path / "file" / "below"))
    assert error["field"] == "out"
    assert "cannot write" in error["message"]


def test_without_ngspice_doctor_says_how_to_install_it(tmp_path: Path) -> None:
    report = json.loads(run("doctor", "--json", PATH=str(tmp_path)).stdout)
    assert report["ok"] is False
    assert report["tools"]["ngspice"]["found"] is False
    assert "ngspice" in report["tools"]["ngspice"]["install"]


@pytest.mark.slow
def test_without_libngspice_sim_says_how_to_install_it(tmp_path: Path) -> None:
    error = refused("sim", "mosfet", "--out", str(tmp_path), NGSPICE_LIBRARY_PATH=str(tmp_path / "absent.so"))
    assert error["type"] == "ToolError"
    assert "ngspice" in error["remedy"]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['analoom', '--help']\n"
        "import analoom.flows.cli.main as cli\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'gdsfactory', 'PySpice', 'matplotlib', 'numpy', 'scipy', 'klayout'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize(
    ("below", "above", "wanted"),
    [
        ({"unit": {"w": 1, "l": 2}, "nf": 4}, {"unit": {"l": 3}}, {"unit": {"w": 1, "l": 3}, "nf": 4}),
        ({"unit": {"w": 1}}, {"unit": "mom"}, {"unit": "mom"}),
        ({"unit": "mom"}, {"unit": {"w": 1}}, {"unit": {"w": 1}}),
    ],
)
def test_fields_are_laid_over_others_and_nested_ones_too(below, above, wanted):
    assert _merged(below, above) == wanted


def test_fields_are_yaml_and_nest_by_dots() -> None:
    assert spec_fields(["w=4", "weights=[1, 2]", "synapse.cell=synapse_cs", "synapse.l=0.5"]) == {
        "w": 4,
        "weights": [1, 2],
        "synapse": {"cell": "synapse_cs", "l": 0.5},
    }


def test_a_nested_cell_may_be_named_before_or_after_its_fields() -> None:
    wanted = {"synapse": {"cell": "synapse_cs", "l": 0.5}}
    assert spec_fields(["synapse=synapse_cs", "synapse.l=0.5"]) == wanted
    assert spec_fields(["synapse.l=0.5", "synapse=synapse_cs"]) == wanted


@pytest.mark.parametrize("pair", ["w", "=4", "a..b=1"])
def test_a_field_without_name_or_value_is_refused(pair: str) -> None:
    with pytest.raises(InputError, match="write field=value"):
        spec_fields([pair])


def test_a_field_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="given twice"):
        spec_fields(["w=4", "w=5"])


def test_digits_that_begin_with_0_are_a_word() -> None:
    """YAML 1.1 reads 0110 as the octal number 72."""
    assert spec_fields(["targets=0110", "w=0.5", "n=0", "rows=10"]) == {
        "targets": "0110",
        "w": 0.5,
        "n": 0,
        "rows": 10,
    }


@pytest.mark.slow
def test_a_layout_that_breaks_a_rule_ends_with_exit_1(tmp_path: Path) -> None:
    layout = kdb.Layout()
    thin_nm = rules.MET1_WIDTH.value_nm - 20
    layout.create_cell("thin").shapes(layout.layer(*Layer.MET1.value)).insert(kdb.Box(0, 0, thin_nm, 2000))
    layout.write(str(tmp_path / "thin.gds"))
    done = run("drc", str(tmp_path / "thin.gds"), "--out", str(tmp_path), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["clean"] is False
    assert rules.MET1_WIDTH.id in report["engines"]["fast"]["violations"]


@pytest.mark.slow
def test_sizes_of_a_file_are_compared_as_the_pdk_allows_unless_exact(tmp_path: Path) -> None:
    cell = build("mosfet", {"w": 2, "l": 1})
    gds, netlist = cell.write(tmp_path / "m.gds"), tmp_path / "m.spice"
    netlist.write_text(cell.spice().replace("w=2", "w=2.01"))
    words = ("lvs", str(gds), "--netlist", str(netlist), "--out", str(tmp_path / "out"), "--json")
    allowed, exact = run(*words), run(*words, "--exact")
    assert (allowed.returncode, exact.returncode) == (0, 1)
    assert "w 2 in layout, 2.01 in schematic (0.50 %" in json.loads(allowed.stdout)["engines"]["fast"]["notes"][0]
    assert "wrong size" in json.loads(exact.stdout)["engines"]["fast"]["differences"][0]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "engine"), [("drc", "klayout"), ("drc", "magic"), ("lvs", "netgen")])
def test_nothing_checked_for_lack_of_the_tool_is_exit_2(command: str, engine: str, tmp_path: Path) -> None:
    error = refused(command, "mosfet", "--engine", engine, "--out", str(tmp_path / "out"), PATH=str(tmp_path))
    assert error["type"] == "ToolError" and "apt-get install" in error["message"]


@pytest.mark.full
@pytest.mark.tools
def test_all_engines_with_a_check_that_does_not_apply_are_clean(tmp_path: Path) -> None:
    done = run("drc", "matched_pair", "--engine", "all", "--out", str(tmp_path), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["clean"]
    assert {name for name, engine in report["engines"].items() if engine["state"] == "not run"} == {"density"}
    alone = run("drc", "matched_pair", "--engine", "fast,density", "--out", str(tmp_path), "--json")
    assert alone.returncode == 1 and not json.loads(alone.stdout)["clean"]


@pytest.mark.slow
@pytest.mark.tools
def test_flow_asks_every_engine_and_is_clean(tmp_path: Path) -> None:
    done = run("flow", "unit_cap", "--out", str(tmp_path), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert set(report["drc"]["engines"]) > {"fast", "klayout", "magic"} and report["drc"]["clean"]


@pytest.mark.slow
def test_layers_that_fast_does_not_check_are_told(tmp_path: Path) -> None:
    layout, path = kdb.Layout(), tmp_path / "a.gds"
    top = layout.create_cell("top")
    for gds in (Layer.MET1.value, (200, 7)):
        top.shapes(layout.layer(*gds)).insert(kdb.Box(0, 0, 1000, 1000))
    layout.write(str(path))
    done = run("drc", str(path), "--out", str(tmp_path))
    assert done.returncode == 0 and "fast: layers without a rule here: 200/7" in done.stdout
    top.shapes(layout.layer(74, 20)).insert(kdb.Box(0, 0, 20_000, 20_000))
    layout.write(str(path))
    error = refused("drc", str(path), "--out", str(tmp_path))
    assert "rdl 74/20" in error["message"] and error["remedy"] == "--engine all"
    top.shapes(layout.layer(*Layer.MET2.value)).insert(kdb.Box(0, 0, 100, 1000))
    layout.write(str(path))
    done = run("drc", str(path), "--out", str(tmp_path))
    assert done.returncode == 1 and "rdl 74/20" in done.stdout and "m2.1" in done.stdout
