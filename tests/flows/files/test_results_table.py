"""Tables with named axes: places, CSV as text, Parquet there and back, read by pyarrow alone too."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from analoom.flows.files.results_table import Axis, ResultsTable, plain, read_table, write_columns
from analoom.pdk.errors import InputError

AXES = (Axis("corner", ("tt", "ss")), Axis("temp", (-40.0, 27.0, 125.0), "degC"))


@pytest.fixture
def table() -> ResultsTable:
    numbers = np.arange(6.0).reshape(2, 3)
    numbers[1, 2] = np.nan
    values = {"i_on": numbers * 1e-6, "vth": numbers / 7}
    return ResultsTable(AXES, values, {"i_on": "A", "vth": "V"}, {"cell": "mosfet", "settings": {"v_ds": 0.5}})


def test_a_value_is_found_by_its_place(table: ResultsTable) -> None:
    assert table.at("i_on", "ss", -40.0) == 3e-6
    assert list(table.places())[:4] == [("tt", -40.0), ("tt", 27.0), ("tt", 125.0), ("ss", -40.0)]


@pytest.mark.parametrize(("name", "place"), [("x", ("tt", 27.0)), ("vth", ("ff", 27.0)), ("vth", ("tt", 0.0))])
def test_what_is_not_there_is_refused(table: ResultsTable, name: str, place: tuple[str, float]) -> None:
    with pytest.raises(InputError):
        table.at(name, *place)
    with pytest.raises(InputError, match="axes"):
        table.at("vth", "tt")


def test_csv_has_units_in_its_header_and_blanks_for_no_value(table: ResultsTable, tmp_path: Path) -> None:
    with table.write_csv(tmp_path / "t.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["corner", "temp (degC)", "i_on (A)", "vth (V)"]
    assert rows[2] == ["tt", "27", "1e-06", "0.142857143"]
    assert rows[6] == ["ss", "125", "", ""]


def test_parquet_comes_back_whole(table: ResultsTable, tmp_path: Path) -> None:
    again = read_table(table.write_parquet(tmp_path / "t.parquet"))
    assert (again.axes, again.units, again.about) == (table.axes, table.units, table.about)
    for name, values in table.values.items():
        np.testing.assert_array_equal(again.values[name], values)


def test_others_find_columns_and_units_in_parquet(table: ResultsTable, tmp_path: Path) -> None:
    held = pq.read_table(table.write_parquet(tmp_path / "t.parquet"))
    assert held.column_names == ["corner", "temp", "i_on", "vth"]
    assert held.schema.field("temp").metadata == {b"unit": b"degC"}
    assert json.loads(held.schema.metadata[b"analoom"])["units"]["i_on"] == "A"


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("no")
    alien = write_columns(tmp_path / "alien.parquet", {"a": [1.0]}, {"a": ""}, {})
    for path in (tmp_path / "text.parquet", tmp_path / "absent.parquet", alien):
        with pytest.raises(InputError):
            read_table(path)


def test_json_has_none_for_no_number(table: ResultsTable) -> None:
    assert plain(table.values["vth"])[1] == [3 / 7, 4 / 7, None]
