"""Steps of a chain of layers, as a file of another framework names them, and the arrays that they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError, SpecError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dense:
    """A dense layer: what the file calls it, weights (outputs, inputs), and biases (outputs,) if it has any."""

    name: str
    w: Array
    b: Array | None


Step = Dense | Array | Literal["relu", "last"]
"""A layer, biases that are added to the one before, a ReLU, or what may only stand at the end."""


def arrays_of(path: Path, steps: Sequence[Step], field: str) -> dict[str, Array]:
    """`w1`, `b1`, `w2`, ... of layers with a ReLU between each two and none after the last.

    Raises InputError for a file without a layer, SpecError for any other order of the steps.
    """
    layers: list[Dense] = []
    follows = False
    for k, step in enumerate(steps):
        if isinstance(step, Dense):
            if layers and not follows:
                raise SpecError(step.name, "no ReLU before it", "a ReLU between layers", instead="a ReLU network")
            layers.append(step)
        elif isinstance(step, np.ndarray):
            if not layers or follows or layers[-1].b is not None:
                raise SpecError("Add", "numbers added there", "biases of a layer alone", instead="a ReLU network")
            layers[-1] = replace(layers[-1], b=step)
        elif step == "last" and k < len(steps) - 1:
            raise SpecError("Softmax", "before another layer", "behind the last one", instead="a ReLU network")
        elif step == "relu" and not layers:
            raise SpecError("Relu", "before the first layer", "between layers", instead="a ReLU network")
        follows = isinstance(step, str) and step == "relu"
    if not layers:
        raise InputError(f"{path} holds no layer", field=field, remedy="a network of dense layers")
    if follows:
        raise SpecError("Relu", "after the last layer", "between layers alone", instead="a ReLU network")
    arrays = {f"w{k}": layer.w for k, layer in enumerate(layers, 1)}
    return arrays | {f"b{k}": layer.b for k, layer in enumerate(layers, 1) if layer.b is not None}
