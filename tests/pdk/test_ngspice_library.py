"""The search for libngspice on trees laid out as the systems lay them out, and what it says when there is none.

Debian 12's is as installed; the others follow each system's own rule: Debian's multiarch folders, Homebrew's prefix by
processor, MacPorts' /opt/local, an environment's lib folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.pdk.errors import ToolError
from analoom.pdk.install import libngspice
from analoom.pdk.ngspice_library import System

LAYOUTS = {
    "Debian 12, Ubuntu 24.04": ("linux", "x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/libngspice.so.0"),
    "Debian 13 on ARM": ("linux", "aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu/libngspice.so.0"),
    "Fedora": ("linux", None, "usr/lib64/libngspice.so.0"),
    "built from source": ("linux", "x86_64-linux-gnu", "usr/local/lib/libngspice.so"),
    "Homebrew on Apple silicon": ("darwin", "darwin", "opt/homebrew/lib/libngspice.dylib"),
    "Homebrew on Intel, not linked": ("darwin", "darwin", "usr/local/opt/libngspice/lib/libngspice.0.dylib"),
    "MacPorts": ("darwin", "darwin", "opt/local/lib/libngspice.0.dylib"),
    "conda": ("linux", None, "conda/envs/loom/lib/libngspice.so.0"),
}


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NGSPICE_LIBRARY_PATH", raising=False)


def system(root: Path, platform: str, multiarch: str | None) -> System:
    return System(platform, multiarch, "/conda/envs/loom", root)


def placed(root: Path, relative: str) -> Path:
    path = root / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_system_s_library_is_found(name: str, tmp_path: Path) -> None:
    platform, multiarch, relative = LAYOUTS[name]
    path = placed(tmp_path, relative)
    assert libngspice(system(tmp_path, platform, multiarch)) == path


def test_the_library_of_this_processor_is_taken_and_no_other_s(tmp_path: Path) -> None:
    placed(tmp_path, "usr/lib/aarch64-linux-gnu/libngspice.so.0")
    with pytest.raises(ToolError):
        libngspice(system(tmp_path, "linux", "x86_64-linux-gnu"))
    own = placed(tmp_path, "usr/lib/x86_64-linux-gnu/libngspice.so.0")
    assert libngspice(system(tmp_path, "linux", "x86_64-linux-gnu")) == own


@pytest.mark.parametrize(
    ("platform", "folder", "command"),
    [
        ("linux", "/usr/lib/x86_64-linux-gnu", "sudo apt-get install -y libngspice0"),
        ("darwin", "/opt/homebrew/lib", "brew install libngspice"),
    ],
)
def test_none_says_where_it_was_looked_for_and_how_to_get_it(
    platform: str, folder: str, command: str, tmp_path: Path
) -> None:
    with pytest.raises(ToolError) as caught:
        libngspice(system(tmp_path, platform, "x86_64-linux-gnu"))
    assert folder in caught.value.message
    assert "/local/lib" in caught.value.message
    assert command in str(caught.value.remedy)
    assert "NGSPICE_LIBRARY_PATH" in str(caught.value.remedy)


def test_the_variable_wins_and_may_name_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed(tmp_path, "usr/lib/x86_64-linux-gnu/libngspice.so.0")
    named = placed(tmp_path, "elsewhere/libngspice.so")
    for value in (named, named.parent):
        monkeypatch.setenv("NGSPICE_LIBRARY_PATH", str(value))
        assert libngspice(system(tmp_path, "linux", "x86_64-linux-gnu")) == named
    monkeypatch.setenv("NGSPICE_LIBRARY_PATH", str(tmp_path / "empty"))
    with pytest.raises(ToolError, match="NGSPICE_LIBRARY_PATH="):
        libngspice(system(tmp_path, "linux", "x86_64-linux-gnu"))
