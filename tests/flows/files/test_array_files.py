"""Weights and inputs from files: what is written is read, and each way a file can be wrong is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analoom.flows.files.array_files import array_of_file
from analoom.pdk.errors import InputError

NUMBERS = np.array([[0.7, 0.81, 0.9], [1.0, 0.75, 0.7]])


def test_npy_and_csv_give_the_same_numbers(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", NUMBERS)
    (tmp_path / "w.csv").write_text("0.7, 0.81, 0.9\n1.0,7.5e-1,0.7\n\n")
    for name in ("w.npy", "w.csv"):
        found = array_of_file(tmp_path / name)
        assert found.shape == (2, 3) and (found == NUMBERS).all()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"0.7,0.8\n0.9\n", "row 2 has 1 numbers, the first has 2"),
        ("a.csv", b"0.7,high\n", r"line 1: '0.7,high' is not numbers"),
        ("a.csv", b"\n\n", "holds no numbers"),
        ("a.csv", b"\xff\xfe", "is not text"),
        ("a.npy", b"0.7,0.8\n", r"no \.npy array"),
        ("a.npy", b"", r"no \.npy array"),
        ("a.dat", b"0.7", r"no \.npy array"),
    ],
)
def test_what_a_file_should_not_hold(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        array_of_file(tmp_path / name, "inputs")
    assert caught.value.field == "inputs"


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "o.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"no \.npy array"):
        array_of_file(tmp_path / "o.npy")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        array_of_file(tmp_path / "none.csv")
