"""GMRES against a dense solution by LAPACK."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.numerics.krylov import gmres


def system(size: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return np.eye(size) + 0.1 * rng.normal(size=(size, size)), rng.normal(size=size)


def test_the_solution_is_that_of_a_dense_solver() -> None:
    matrix, right = system()
    found, left = gmres(lambda x: matrix @ x, right, 1e-12, 30)
    assert found == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9)
    assert left < 1e-11


def test_the_residual_it_tells_is_the_true_one() -> None:
    matrix, right = system()
    found, left = gmres(lambda x: matrix @ x, right, 1e-12, 5)
    assert left == pytest.approx(np.linalg.norm(right - matrix @ found) / np.linalg.norm(right), rel=1e-6)
    assert left > 1e-6


def test_nothing_gives_nothing() -> None:
    found, left = gmres(lambda x: 2 * x, np.zeros((2, 3)), 1e-6, 5)
    assert not found.any() and left == 0
