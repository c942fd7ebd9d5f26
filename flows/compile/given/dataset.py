"""A data set: inputs in 0 to 1 and classes, in two parts, one to train with and one to judge by."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import SpecError

Array = NDArray[np.float64]
Classes = NDArray[np.int64]
PARTS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True)
class Dataset:
    """Inputs (points, inputs), 0 to 1, and classes (points,), 0, 1, ...; `name` says where they come from.

    Of images, `image` is how many pixels they have down and across, `scaled` how they were made of larger ones.
    """

    name: str
    x_train: Array
    y_train: Classes
    x_test: Array
    y_test: Classes
    image: tuple[int, int] | None = None
    scaled: str | None = None

    def with_image(self, rows: int, cols: int) -> Dataset:
        """The same set, its inputs the pixels of images, row by row."""
        return replace(self, image=(rows, cols))

    def to_json(self) -> dict[str, Any]:
        """How large it is, and how its images were scaled, for the reports of what was made with it."""
        sizes = {"inputs": self.x_train.shape[1], "train": len(self.x_train), "test": len(self.x_test)}
        return sizes if self.scaled is None else {**sizes, "scaled": self.scaled}

    @property
    def classes(self) -> int:
        """How many classes there are, by the largest."""
        return int(max(self.y_train.max(), self.y_test.max())) + 1

    @property
    def key(self) -> str:
        """A hash of all values."""
        digest = hashlib.sha256()
        for part in PARTS:
            digest.update(repr(getattr(self, part).shape).encode() + getattr(self, part).tobytes())
        return digest.hexdigest()[:16]

    def packed(self) -> str:
        """All of it as text, for a worker on any machine; `unpacked` reads it."""
        held = io.BytesIO()
        np.savez_compressed(held, **{part: getattr(self, part) for part in PARTS})
        return base64.b64encode(held.getvalue()).decode()

    def require_fit(self, dims: tuple[int, ...]) -> None:
        """Raises SpecError where a network of `dims` takes other inputs or gives fewer outputs."""
        inputs, outputs = dims[0], dims[-1]
        if self.x_train.shape[1] != inputs:
            bound = f"(points, {inputs}), the network's inputs"
            raise SpecError("x_train", self.x_train.shape, bound, instead="the set that the network was trained on")
        if self.classes > outputs:
            bound = f"below {outputs}, the network's outputs"
            raise SpecError("y_train", self.classes - 1, bound, instead="the set that the network was trained on")


def checked(name: str, arrays: Mapping[str, NDArray[Any]]) -> Dataset:
    """A data set of arrays by name. Raises SpecError with field, value and bound."""
    for part in arrays:
        if part not in PARTS:
            raise SpecError(part, arrays[part].shape, f"one of {', '.join(PARTS)}", instead=f"{', '.join(PARTS)} alone")
    for part in PARTS:
        if part not in arrays:
            raise SpecError(part, None, "given", instead=f"{', '.join(PARTS)}, all four")
    found = Dataset(
        name,
        _inputs("x_train", arrays["x_train"]),
        _classes("y_train", arrays["y_train"]),
        _inputs("x_test", arrays["x_test"]),
        _classes("y_test", arrays["y_test"]),
    )
    _check_sizes(found)
    return found


def _inputs(field: str, values: NDArray[Any]) -> Array:
    if values.ndim != 2 or not values.size:
        raise SpecError(field, values.shape, "(points, inputs) and not empty", instead=f"{field} as a table")
    beyond = values[(values < 0) | (values > 1)]
    if beyond.size:
        scaled = f"{field} scaled by the least and the largest value of x_train"
        raise SpecError(field, float(beyond.flat[0]), "0 to 1", "an input current is none below 0", instead=scaled)
    return np.asarray(values, dtype=np.float64)


def _classes(field: str, values: NDArray[Any]) -> Classes:
    if values.ndim != 1 or not values.size:
        raise SpecError(field, values.shape, "(points,) and not empty", instead=f"{field} as a row of classes")
    wrong = values[(values < 0) | (values != np.floor(values))]
    if wrong.size:
        raise SpecError(field, float(wrong.flat[0]), "a class 0, 1, 2, ...", instead=f"{field} as whole numbers")
    return np.asarray(values, dtype=np.int64)


def _check_sizes(found: Dataset) -> None:
    for x, y in (("x_train", "y_train"), ("x_test", "y_test")):
        points = len(getattr(found, x))
        if len(getattr(found, y)) != points:
            bound = f"({points},), a class a point of {x}"
            raise SpecError(y, getattr(found, y).shape, bound, instead=f"{y} of {x}'s own points")
    if found.x_test.shape[1] != found.x_train.shape[1]:
        bound = f"(points, {found.x_train.shape[1]}), as x_train"
        raise SpecError("x_test", found.x_test.shape, bound, instead="x_test with the inputs of x_train")


def unpacked(name: str, text: str) -> Dataset:
    """The data set that `Dataset.packed` made text of."""
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as kept:
        return Dataset(name, *(kept[part] for part in PARTS))
