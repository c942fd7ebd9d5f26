"""The remembered list of cells equals the registry's, and an edited source is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analoom.cells.model.registry import entries
from analoom.flows import listing


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "analoom"


def test_the_second_listing_is_read_back_and_equal(cache: Path) -> None:
    first = listing.listing()
    assert [row["name"] for row in first] == list(entries())
    (kept,) = cache.iterdir()
    assert listing.listing() == first == json.loads(kept.read_text())
    pair = next(row for row in first if row["name"] == "matched_pair")
    assert (pair["kind"], pair["system"]) == ("pair", "transistor")
    assert first[0]["schema"] == entries()[first[0]["name"]].schema()


def test_a_changed_source_gets_a_new_memory(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "new_cell.py"
    source.write_text("a = 1\n")
    package = type("package", (), {"__path__": [str(tmp_path)]})
    monkeypatch.setattr(listing.importlib, "import_module", lambda name: package)
    before = listing._sources_hash()
    source.write_text("a = 22\n")
    assert listing._sources_hash() != before


def test_a_broken_memory_is_made_again(cache: Path) -> None:
    listing.listing()
    (kept,) = cache.iterdir()
    kept.write_text("{")
    assert len(listing.listing()) == len(entries())


def test_a_home_that_cannot_be_written_to_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(listing.listing()) == len(entries())
