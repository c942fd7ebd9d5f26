"""Packages that only some commands need: what is missing or too old is named with version and command."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from analoom.flows.doctor import examine
from analoom.flows.files import extras
from analoom.flows.files.extras import DASK, EXTRAS, PARQUET
from analoom.flows.files.results_table import read_table, write_columns
from analoom.flows.sweep.table.table import read_parquet, write_parquet
from analoom.pdk.errors import ToolError

SAID = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def test_extras_are_those_of_pyproject_with_its_versions_and_dev_holds_them_all() -> None:
    assert {name: [str(e.wanted).partition(";")[0]] for name, e in EXTRAS.items()} == {
        name: wanted for name, wanted in SAID.items() if name != "dev"
    }
    assert f"analoom[{','.join(EXTRAS)}]" in SAID["dev"]


def test_an_absent_package_is_named_with_the_version_wanted_and_the_command(monkeypatch) -> None:
    PARQUET.require()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ToolError, match=r"pyarrow is not installed \(wanted: pyarrow>=15, for tables as") as missing:
        PARQUET.require()
    assert missing.value.remedy == "pip install 'analoom[parquet]'"
    doctor = examine()["extras"]
    assert (doctor["parquet"]["found"], doctor["dask"]["found"]) == (False, True)


def test_an_old_package_is_named_with_both_versions(monkeypatch) -> None:
    monkeypatch.setattr(extras, "package_version", lambda package: "2024.4.2")
    with pytest.raises(ToolError, match=r"dask 2024\.4\.2 is too old \(wanted: dask\[distributed\]>=2024\.5"):
        DASK.require()
    monkeypatch.setattr(extras, "package_version", lambda package: "2024.5.0")
    DASK.require()


def test_metadata_older_than_the_sources_are_told(monkeypatch) -> None:
    monkeypatch.setattr(extras.metadata, "requires", lambda package: ["pyarrow>=15"])
    with pytest.raises(ToolError, match="knows no extra parquet"):
        PARQUET.require()


def test_what_reads_and_writes_parquet_says_what_it_lacks(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "x.parquet"
    for use in (
        lambda: read_table(path),
        lambda: read_parquet(path),
        lambda: write_columns(path, {}, {}, {}),
        lambda: write_parquet([], path, {}, {}),
    ):
        with pytest.raises(ToolError, match="pyarrow is not installed"):
            use()
