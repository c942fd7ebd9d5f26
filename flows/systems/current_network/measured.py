"""What is measured of dies of a current-mode network at their pins, for training to know: a slope for each path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """Gains of dies, for a network whose synapse of code c takes c/4 of its soma's current, times these.

    `slopes`: for each layer (dies, inputs + 1), the bias last, of positive codes; of negative ones it is times
    `neg_over_pos`, of the same shapes. `output_gain` (dies, outputs) is that between the last sums and the pins: 1,
    since nothing lies between.
    """

    slopes: list[Array]
    neg_over_pos: list[Array]
    output_gain: Array

    def to_json(self) -> dict[str, Any]:
        """Lists by name."""
        return {
            "slopes": [layer.tolist() for layer in self.slopes],
            "neg_over_pos": [layer.tolist() for layer in self.neg_over_pos],
            "output_gain": self.output_gain.tolist(),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Measured:
        """What `to_json` wrote."""
        return cls(_arrays(found["slopes"]), _arrays(found["neg_over_pos"]), np.array(found["output_gain"], float))


def _arrays(layers: Sequence[Any]) -> list[Array]:
    return [np.array(layer, float) for layer in layers]
