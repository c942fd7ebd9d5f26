"""Verifying: a folder as it was written is clean; each change is told; a manifest that reaches outside is refused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import klayout.db as kdb
import pytest
from to_sign import NAME

from analoom.cells.model.registry import build
from analoom.flows.signoff.manifest import LARGEST_MB, read_manifest
from analoom.flows.signoff.run import sign_off_cell
from analoom.flows.signoff.same_layout import layout_differences
from analoom.flows.signoff.verification import verify
from analoom.pdk.errors import InputError

Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def signed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed") / "out"
    sign_off_cell(build(NAME), folder, only=("one_top",))
    return folder


@pytest.fixture
def signed(signed_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(signed_once, tmp_path / "out"))


def rewrite(folder: Path, change: Callable[[Manifest], object]) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_a_folder_as_it_was_written_is_clean_wherever_it_lies(signed: Path) -> None:
    report = verify(signed / "manifest.json")
    assert report.clean and report.redrawn == "yes"
    assert report.to_json()["files"] == sum(path.is_file() for path in signed.rglob("*")) - 1
    assert verify(signed).clean


def test_every_file_is_there_with_the_hash_that_sha256sum_tells(signed: Path) -> None:
    content = read_manifest(signed / "manifest.json")
    for name, entry in content.files.items():
        assert hashlib.sha256((signed / name).read_bytes()).hexdigest() == entry.sha256


def changed(folder: Path) -> None:
    path = folder / f"{NAME}.spice"
    path.write_text(path.read_text().replace("w=", "W="))


def grown(folder: Path) -> None:
    with (folder / f"{NAME}.lef").open("a") as stream:
        stream.write("\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed, f"changed: {NAME}.spice has another sha256"),
        (grown, f"changed: {NAME}.lef is no file of"),
        (lambda folder: (folder / f"{NAME}.v").unlink(), f"missing: {NAME}.v"),
        (lambda folder: (folder / "more.txt").write_text(""), "additional: more.txt"),
        (lambda folder: (folder / "checks" / "more").symlink_to("/etc"), "additional: checks/more"),
        (lambda folder: rewrite(folder, lambda m: m.update(clean=True)), "manifest: clean is true"),
        (
            lambda folder: rewrite(folder, lambda m: m["provenance"]["packages"].update(analoom="0.0.1")),
            "layout: drawn by analoom 0.0.1",
        ),
        (lambda folder: rewrite(folder, lambda m: m["spec"].update(w=-1.0)), "layout: w = -1.0: must be"),
        pytest.param(
            lambda folder: rewrite(folder, lambda m: m.update(generator="nothing")),
            "layout: no cell called 'nothing'",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_was_changed_is_told(change: Callable[[Path], object], said: str, signed: Path) -> None:
    change(signed)
    report = verify(signed)
    assert not report.clean
    assert len(report.differences) == 1 and report.differences[0].startswith(said), report.differences


def redrawn(folder: Path, change: Callable[[kdb.Layout], object]) -> None:
    """Changes the layout and says so in the manifest: only drawing it again tells."""
    path = folder / f"{NAME}.gds"
    layout = kdb.Layout()
    layout.read(str(path))
    change(layout)
    layout.write(str(path))
    new = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
    rewrite(folder, lambda manifest: manifest["files"].update({path.name: new}))


def with_a_sliver(layout: kdb.Layout) -> None:
    layout.top_cell().shapes(layout.layer(68, 20)).insert(kdb.Box(50_000, 0, 50_005, 5))


def without_a_label(layout: kdb.Layout) -> None:
    index = next(layout.layer(info) for info in layout.layer_infos() if info.datatype == 5)
    layout.top_cell().shapes(index).clear()


@pytest.mark.parametrize(
    ("change", "said"), [(with_a_sliver, "68/20: 1 polygons differ"), (without_a_label, "labels differ")]
)
def test_a_layout_that_the_spec_does_not_draw_is_told(
    change: Callable[[kdb.Layout], None], said: str, signed: Path
) -> None:
    redrawn(signed, change)
    (difference,) = verify(signed).differences
    assert said in difference


def test_other_bytes_of_the_same_shapes_are_the_same_layout(tmp_path: Path) -> None:
    path = build(NAME).write(tmp_path / f"{NAME}.gds")
    before = path.read_bytes()
    layout = kdb.Layout()
    layout.read(str(path))
    layout.top_cell().flatten(True)
    layout.write(str(path))
    assert path.read_bytes() != before
    assert layout_differences(path, build(NAME)) == []


ENTRY = {"sha256": "0" * 64, "bytes": 0}


@pytest.mark.parametrize(
    "name",
    ["../secret", "/etc/passwd", "a/../../b", "./a", "a//b", "a\\b", "C:a", "", "a\n", "manifest.json", "\ud800"],
)
def test_paths_that_lead_elsewhere_are_refused(name: str, signed: Path) -> None:
    rewrite(signed, lambda manifest: manifest["files"].update({name: ENTRY}))
    with pytest.raises(InputError):
        verify(signed)


@pytest.mark.parametrize("linked", [f"{NAME}.gds", "checks"])
def test_links_are_refused_wherever_they_lead(linked: str, signed: Path, tmp_path: Path) -> None:
    aside = (signed / linked).rename(tmp_path / "aside")
    (signed / linked).symlink_to(aside)
    with pytest.raises(InputError) as refused:
        verify(signed)
    assert "link" in refused.value.message


def test_a_pipe_is_no_file(signed: Path) -> None:
    path = signed / f"{NAME}.v"
    path.unlink()
    os.mkfifo(path)
    assert any(line.startswith(f"changed: {NAME}.v is no file") for line in verify(signed).differences)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"format": "analoom sign-off 1", "format": "analoom sign-off 1"}',
        '{"format": NaN}',
        '{"format": "analoom sign-off 2"}',
        "\ud800",
    ],
)
def test_what_is_no_manifest_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(InputError) as refused:
        verify(path)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(layout="other.gds"),
        lambda m: m.update(extra=1),
        lambda m: m["files"].update({"a": {"sha256": "0" * 63, "bytes": 0}}),
        lambda m: m["files"].update({"a": {"sha256": "0" * 64, "bytes": -1}}),
        lambda m: m["files"].update({"a": {"sha256": "0" * 64, "bytes": 1.5}}),
        lambda m: m["checks"].update({"a": {"state": "fine", "detail": "", "rules_run": 1}}),
        lambda m: m.pop("checks"),
        lambda m: m.update(spec=[1]),
    ],
)
def test_a_manifest_with_another_value_is_refused(change: Callable[[Manifest], object], signed: Path) -> None:
    rewrite(signed, change)
    with pytest.raises(InputError):
        verify(signed)


def test_a_manifest_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_MB * 10**6 + 1)
    with pytest.raises(InputError) as refused:
        verify(path)
    assert "larger than" in refused.value.message
