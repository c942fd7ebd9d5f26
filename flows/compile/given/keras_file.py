"""A network from a Keras .h5 file of a whole Sequential model: Dense layers with `relu`, the last with none.

The layout of such files: `model_config`, an attribute of JSON, and the group `model_weights` with a group a layer, in
which the attribute `weight_names` names its arrays (keras/src/legacy/saving/legacy_h5_format.py). Kernels are
(inputs, outputs).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.extras import H5
from analoom.pdk.errors import InputError, SpecError

from .arrays import LARGEST_BYTES
from .dense_chain import Dense, Step, arrays_of

if TYPE_CHECKING:
    import h5py

Array = NDArray[np.float64]
IGNORED = ("InputLayer", "Flatten", "Dropout")
REMEDY = "model.save('NET.h5') of a Sequential model of Dense layers"


def read_keras(path: Path, field: str) -> dict[str, Array]:
    """`w1` (outputs, inputs), `b1` (outputs,), `w2`, ... of the file.

    Raises InputError and SpecError by layer, ToolError without the package h5py.
    """
    H5.require()
    import h5py

    try:
        with h5py.File(path, "r") as file:
            steps = list(_steps(path, file, field))
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        said = f"{path} is no .h5 file of a whole Keras model: {error}"
        raise InputError(said, field=field, remedy=REMEDY) from None
    return arrays_of(path, steps, field)


def _steps(path: Path, file: h5py.File, field: str) -> Iterator[Step]:
    if "model_config" not in file.attrs:
        raise InputError(f"{path} holds no model_config: weights alone", field=field, remedy=REMEDY)
    model = json.loads(file.attrs["model_config"])
    if model["class_name"] != "Sequential":
        raise SpecError("model", model["class_name"], "Sequential", instead=REMEDY)
    for layer in model["config"]["layers"]:
        kind, config = layer["class_name"], layer["config"]
        if kind in IGNORED:
            continue
        if kind == "Dense":
            yield _dense(file["model_weights"][config["name"]], config["name"])
            yield from _after(config)
        elif kind == "ReLU" and not any(config.get(n) for n in ("max_value", "negative_slope", "threshold")):
            yield "relu"
        elif kind == "Activation":
            yield from _after(config)
        elif kind == "Softmax":
            yield "last"
        else:
            raise SpecError(config["name"], kind, f"Dense, or one of {', '.join(IGNORED)}", instead=REMEDY)


def _after(config: Mapping[str, Any]) -> Iterator[Step]:
    """What a layer's activation stands for."""
    activation = config["activation"]
    if activation not in ("relu", "linear", "softmax"):
        raise SpecError(config["name"], activation, "relu, and linear or softmax in the last", instead="a ReLU network")
    if activation != "linear":
        yield "relu" if activation == "relu" else "last"


def _dense(group: h5py.Group, name: str) -> Dense:
    found: dict[str, Array] = {}
    for said in group.attrs["weight_names"]:
        path = said.decode() if isinstance(said, bytes) else str(said)
        found[path.rpartition("/")[2].partition(":")[0]] = _array(group, path, name)
    if "kernel" not in found:
        raise SpecError(name, ", ".join(found) or "no array", "kernel, and bias if it has one", instead=REMEDY)
    return Dense(name, found["kernel"].T, found.get("bias"))


def _array(group: h5py.Group, path: str, layer: str) -> Array:
    """An array of the file itself: links to other files, and what lies in them, are not followed."""
    import h5py

    for k in range(1, path.count("/") + 2):
        if isinstance(group.get("/".join(path.split("/")[:k]), getlink=True), h5py.ExternalLink):
            raise SpecError(layer, path, "in the file itself: no other file is opened", instead=REMEDY)
    found = group[path]
    if not isinstance(found, h5py.Dataset) or found.external or found.is_virtual:
        raise SpecError(layer, path, "an array in the file itself", instead=REMEDY)
    if found.nbytes > LARGEST_BYTES or found.dtype.kind not in "fiu":
        said = f"{found.nbytes / 2**20:.0f} MB of {found.dtype}"
        raise SpecError(layer, said, f"real numbers of {LARGEST_BYTES // 2**20} MB at most", instead=REMEDY)
    return np.asarray(found[()], dtype=np.float64)
