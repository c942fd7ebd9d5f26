"""The pictures that the READMEs show: few, small, all used, and of cells as they are drawn today."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest
from gallery.draw_gallery import FOLDER, MOST, MOST_BYTES, PICTURES, draw, out_of_date
from pages import PAGES, ROOT, text_of

SHOWN = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


@pytest.mark.slow
def test_no_picture_is_out_of_date() -> None:
    assert out_of_date() == {}


def test_they_are_few_and_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.png")]
    assert {path.stem for path in FOLDER.glob("*.png")} == {picture.name for picture in PICTURES}
    assert 8 <= len(sizes) <= MOST
    assert sum(sizes) <= MOST_BYTES


def test_every_picture_is_shown_and_every_one_shown_is_there() -> None:
    shown = {(ROOT / page).parent / name for page in PAGES for name in SHOWN.findall(text_of(page))}
    assert {path.resolve() for path in shown} == {path.resolve() for path in FOLDER.glob("*.png")}


@pytest.mark.full
def test_only_what_changed_is_drawn_again(tmp_path: Path) -> None:
    kept = tmp_path / "gallery"
    shutil.copytree(FOLDER, kept)
    before = {path.name: path.read_bytes() for path in kept.glob("*.png")}
    assert draw(PICTURES, kept) == []
    (kept / "cap_array.png").unlink()
    synapse = next(picture for picture in PICTURES if picture.name == "synapse_2t1c")
    wider = dataclasses.replace(synapse, spec={"w_read": 1.0})
    changed = tuple(wider if picture is synapse else picture for picture in PICTURES)
    assert set(out_of_date(changed, kept)) == {"cap_array", "synapse_2t1c"}
    assert set(draw(changed, kept)) == {"cap_array", "synapse_2t1c"}
    after = {path.name: path.read_bytes() for path in kept.glob("*.png")}
    assert {name for name in before if before[name] != after[name]} == {"synapse_2t1c.png"}
