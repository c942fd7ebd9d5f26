"""Charge conservation in a network of capacitors: nodes that float keep their charge while others are driven.

After the switches have let go, the change of the floating nodes is C_ff dv_f = -C_fd dv_d, C the Maxwell matrix. Seen
from one floating node the network is a source of voltage behind one capacitor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError

Values = NDArray[np.float64]
Capacitors = Iterable[tuple[str, str, float]]
"""Node, node, F. A node that is neither floating nor driven keeps its voltage."""


@dataclass(frozen=True)
class Source:
    """A network seen from a floating node: its move by a volt at each driven node, (driven,), and F behind it."""

    per_volt: Values
    c_f: float


def source_at(node: str, floating: Sequence[str], driven: Sequence[str], capacitors: Capacitors) -> Source:
    """The network seen from `node`, one of `floating`. Raises InputError for a floating node without capacitor."""
    inner, outer = _matrices(floating, driven, capacitors)
    if not np.diag(inner).all():
        bare = floating[int(np.argmin(np.diag(inner)))]
        raise InputError(f"the floating node {bare} has no capacitor", field="name")
    row = np.linalg.solve(inner, np.eye(len(floating))[floating.index(node)])
    return Source(row @ outer, float(1 / row[floating.index(node)]))


def _matrices(floating: Sequence[str], driven: Sequence[str], capacitors: Capacitors) -> tuple[Values, Values]:
    """C_ff and -C_fd, F."""
    at = {name: k for k, name in enumerate(floating)}
    to = {name: k for k, name in enumerate(driven)}
    inner, outer = np.zeros((len(floating), len(floating))), np.zeros((len(floating), len(driven)))
    for a, b, c_f in capacitors:
        for here, there in ((a, b), (b, a)):
            if here in at:
                inner[at[here], at[here]] += c_f
                if there in at:
                    inner[at[here], at[there]] -= c_f
                elif there in to:
                    outer[at[here], to[there]] += c_f
    return inner, outer
