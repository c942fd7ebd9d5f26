"""Where the transistors of a network lie: the middles of its somas and synapses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .floor import NetworkFloor
from .spec import CurrentNetworkSpec

Array = NDArray[np.float64]


def places_um(spec: CurrentNetworkSpec) -> tuple[Array, ...]:
    """For each layer (rows, 1 + columns, 2) um: x and y of each row's soma, then of its synapses."""
    floor = NetworkFloor(spec)
    return tuple(_layer(floor, k) for k in range(len(floor.layers)))


def _layer(floor: NetworkFloor, k: int) -> Array:
    layer = floor.layers[k]
    columns = [layer.column_x(j) + layer.synapse.width // 2 for j in range(layer.spec.cols)]
    x = floor.layer_x[k] + np.array([layer.soma.width // 2, *columns])
    y = np.arange(layer.spec.rows) * layer.pitch + layer.pitch // 2
    return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=2) / 1e3
