"""Data sets: fields with value and bound, and the ready ones by scikit-learn with a split that the seed fixes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris

from analoom.flows.compile.given.dataset import checked, unpacked
from analoom.flows.compile.given.ready_sets import read_dataset, ready_set
from analoom.pdk.errors import InputError, SpecError

GOOD: dict[str, Any] = {
    "x_train": np.array([[0.0, 1.0], [0.5, 0.5]]),
    "y_train": np.array([0, 1]),
    "x_test": np.array([[0.25, 0.75]]),
    "y_test": np.array([1.0]),
}


@pytest.mark.parametrize(
    ("field", "values", "said"),
    [
        ("x_train", np.array([[0.0, 1.5], [0.5, 0.5]]), "1.5: must be 0 to 1"),
        ("x_test", np.array([[-0.25, 0.75]]), "-0.25: must be 0 to 1"),
        ("x_test", np.array([[0.25, 0.75, 0.5]]), "(points, 2)"),
        ("x_train", np.ones(3), "(points, inputs)"),
        ("y_train", np.array([0, -1]), "-1.0: must be a class"),
        ("y_train", np.array([0, 0.5]), "0.5: must be a class"),
        ("y_train", np.array([0, 1, 1]), "(2,), a class a point of x_train"),
        ("y_test", np.array([[1]]), "(points,)"),
    ],
)
def test_a_wrong_part_is_refused_by_field_value_and_bound(field: str, values: Any, said: str) -> None:
    checked("good", GOOD)
    with pytest.raises(SpecError, match=field) as caught:
        checked("bad", {**GOOD, field: values})
    assert said in caught.value.message and caught.value.field == field


def test_parts_too_few_or_too_many_and_networks_that_do_not_fit_are_refused() -> None:
    for wrong in ({**GOOD, "x": GOOD["x_test"]}, {k: v for k, v in GOOD.items() if k != "y_test"}):
        with pytest.raises(SpecError):
            checked("bad", wrong)
    found = checked("good", GOOD)
    found.require_fit((2, 3, 2))
    for dims in ((3, 2), (2, 1)):
        with pytest.raises(SpecError, match="network's"):
            found.require_fit(dims)


def test_a_set_is_the_same_after_packing() -> None:
    found = checked("good", GOOD)
    assert unpacked("good", found.packed()).key == found.key
    assert checked("other", {**GOOD, "y_test": np.array([0])}).key != found.key


def test_a_ready_set_is_split_by_the_seed_alone_class_by_class_and_scaled_by_the_part_to_train() -> None:
    one, same, other = (ready_set("iris", seed) for seed in (1, 1, 2))
    assert one.key == same.key != other.key
    assert np.bincount(one.y_train).tolist() == [35] * 3 and np.bincount(one.y_test).tolist() == [15] * 3
    assert one.x_train.min(axis=0).tolist() == [0] * 4 and one.x_train.max(axis=0).tolist() == [1] * 4
    raw = load_iris().data
    scaled = np.clip((raw - raw.min(axis=0)) / np.ptp(raw, axis=0), 0, 1)
    assert {tuple(np.round(row, 2)) for row in other.x_train} != {tuple(np.round(row, 2)) for row in scaled[:105]}


def test_names_and_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="known: iris, digits") as caught:
        read_dataset("iriss")
    assert caught.value.remedy == "--data iris"
    with pytest.raises(InputError, match="no such file"):
        read_dataset(str(tmp_path / "data.npz"))
    np.savez(tmp_path / "data.npz", **GOOD)
    assert read_dataset(str(tmp_path / "data.npz"))[0].classes == 2
