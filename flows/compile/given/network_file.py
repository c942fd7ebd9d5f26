"""A network from its file: `w1`, `b1`, `w2`, ... of a .npz, `NAME.weight` and `NAME.bias` of a .safetensors, or the
chain of layers of an ONNX or a Keras .h5 file.

Weights are (outputs, inputs). ReLU stands between the layers and none after the last; a file may say so by `activation`
(an array of text in a .npz, metadata in a .safetensors), and one that says anything else is refused. A layer without
biases has biases of zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError, SpecError

from .arrays import ACTIVATION, ArraysFile, read_arrays
from .keras_file import read_keras
from .network import Layer, Network
from .onnx_file import read_onnx

KINDS = (".npz", ".safetensors", ".onnx", ".h5")
RELU = "relu"
FIELD = "NET"
_IN_NPZ = re.compile(r"([wb])([1-9]\d*)")
Names = list[tuple[str, str, str]]
"""Of each layer: its name, and those of its weights and its biases."""


def read_network(path: Path) -> tuple[Network, ArraysFile]:
    """The network in a file, and what file that is. Raises InputError and SpecError, by layer and bound."""
    file = read_arrays(path, FIELD, KINDS, {".onnx": read_onnx, ".h5": read_keras})
    if file.activation not in (None, RELU):
        raise SpecError(ACTIVATION, file.activation, f"{RELU!r}: the only one that is built", instead="a ReLU network")
    names = _safetensors_names(file) if path.suffix.lower() == ".safetensors" else _npz_names(file)
    layers = [_layer(file.arrays, *name) for name in names]
    _check_chain(layers)
    return Network(tuple(layers)), file


def _npz_names(file: ArraysFile) -> Names:
    found = {name: _IN_NPZ.fullmatch(name) for name in file.arrays}
    _refuse_unknown(file.path, [name for name, match in found.items() if match is None], "w1, b1, w2, b2, ...")
    count = max((int(match[2]) for match in found.values() if match), default=0)
    names = [(f"layer {k}", f"w{k}", f"b{k}") for k in range(1, count + 1)]
    return _require_weights(file, names, "w1, b1, w2, b2, ...")


def _safetensors_names(file: ArraysFile) -> Names:
    stems = {name.rpartition(".")[0] for name in file.arrays}
    known = {f"{stem}.{part}" for stem in stems for part in ("weight", "bias")}
    _refuse_unknown(file.path, [name for name in file.arrays if name not in known], "NAME.weight and NAME.bias")
    names = [(stem, f"{stem}.weight", f"{stem}.bias") for stem in sorted(stems, key=_natural)]
    return _require_weights(file, names, "NAME.weight and NAME.bias")


def _natural(name: str) -> list[tuple[int, str]]:
    """`net.10` comes after `net.2`."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _refuse_unknown(path: Path, names: Sequence[str], wanted: str) -> None:
    if names:
        said = f"{path}: no dense layer is called {', '.join(names)}; it must hold {wanted} and nothing else"
        raise InputError(said, field=names[0], remedy="a network of dense layers alone")


def _require_weights(file: ArraysFile, names: Names, wanted: str) -> Names:
    if not names:
        raise InputError(f"{file.path} holds no layer", field=FIELD, remedy=f"a file of {wanted}")
    for _, weights, _ in names:
        if weights not in file.arrays:
            raise InputError(f"{file.path} has no {weights}", field=weights, remedy=f"a file of {wanted}")
    return names


def _layer(arrays: Mapping[str, NDArray[Any]], name: str, weights: str, biases: str) -> Layer:
    w = np.asarray(arrays[weights], dtype=np.float64)
    if w.ndim != 2 or not w.size:
        shaped = "two-dimensional, (outputs, inputs), and not empty: a dense layer"
        raise SpecError(weights, w.shape, shaped, instead="a network of dense layers alone")
    b = np.asarray(arrays.get(biases, np.zeros(len(w))), dtype=np.float64)
    if b.shape != (len(w),):
        raise SpecError(biases, b.shape, f"({len(w)},), one an output of {weights}", instead="the layer's own biases")
    return Layer(name, w, b)


def _check_chain(layers: Sequence[Layer]) -> None:
    """Raises SpecError where a layer does not take as many inputs as the one before it has outputs."""
    for before, after in pairwise(layers):
        if after.w.shape[1] != len(before.w):
            bound = f"{len(before.w)} inputs, the outputs of {before.name}"
            raise SpecError(after.name, after.w.shape, bound, instead="weights as (outputs, inputs), in order")
