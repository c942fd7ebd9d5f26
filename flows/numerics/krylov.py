"""GMRES in a few lines, its inner products without BLAS: on a busy machine BLAS threads wait for each other.

Source: Y. Saad, M. H. Schultz, "GMRES: a generalized minimal residual algorithm for solving nonsymmetric linear
systems", SIAM J. Sci. Stat. Comput. 7 (1986) 856.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def gmres(product: Callable[[Values], Values], right: Values, rtol: float, most: int) -> tuple[Values, float]:
    """x with product(x) = right to `rtol` of |right| or after `most` products, and the relative residual; x of any
    shape."""
    size = _norm(right)
    if size == 0:
        return np.zeros_like(right), 0.0
    basis, h = [right / size], np.zeros((most + 1, most))
    target = np.zeros(most + 1)
    target[0] = size
    for k in range(most):
        new = product(basis[k])
        for i, vector in enumerate(basis):
            h[i, k] = _dot(vector, new)
            new -= h[i, k] * vector
        h[k + 1, k] = _norm(new)
        y, *_ = np.linalg.lstsq(h[: k + 2, : k + 1], target[: k + 2], rcond=None)
        left = float(np.linalg.norm(h[: k + 2, : k + 1] @ y - target[: k + 2])) / size
        if left <= rtol or h[k + 1, k] <= 1e-14 * size:
            break
        basis.append(new / h[k + 1, k])
    out = np.zeros_like(right)
    for factor, vector in zip(y, basis, strict=False):
        out += factor * vector
    return out, left


def _dot(one: Values, other: Values) -> float:
    return float(np.einsum("i,i", one.ravel(), other.ravel()))


def _norm(vector: Values) -> float:
    return _dot(vector, vector) ** 0.5
