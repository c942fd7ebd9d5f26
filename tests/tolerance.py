"""An `approx` has the tolerance that it says: one that pytest's own `abs=1e-12` would set is refused.

`pytest.approx(2e-15, rel=0.01)` accepts anything from -1 pF to 1 pF, for pytest takes the larger of both tolerances.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from numbers import Complex
from typing import Any

import numpy as np
import pytest

PYTEST_ABS = 1e-12
"""Absolute tolerance of an approx that is given none. Source: the documentation of pytest.approx."""
PYTEST_REL = 1e-6
"""Relative tolerance of an approx that is given none. Source: the documentation of pytest.approx."""


class UnmeantTolerance(Exception):
    """An approx without `abs` would accept what its `rel` does not say."""


def refusing(approx: Any) -> Any:
    """`approx`, but for numbers to which its default `abs` gives more room than its `rel`.

    Raises (when called): UnmeantTolerance, with file and line of the call.
    """

    def meant(expected: Any, rel: Any = None, abs: Any = None, nan_ok: bool = False) -> Any:
        smallest = min(_sizes(expected), default=math.inf)
        share = PYTEST_REL if rel is None else float(rel)
        if abs is None and share * smallest < PYTEST_ABS:
            raise UnmeantTolerance(_message(sys._getframe(1), smallest, share))
        return approx(expected, rel=rel, abs=abs, nan_ok=nan_ok)

    return meant


def refuse_unmeant_tolerances() -> None:
    """Put the refusing approx in pytest's place, for tests and for what they import; twice does no more than once."""
    if pytest.approx.__module__ != __name__:
        pytest.approx = refusing(pytest.approx)


def _sizes(expected: Any) -> Iterator[float]:
    """Sizes of the finite non-zero numbers in a number, a list, an array or a dict's values."""
    if isinstance(expected, Mapping):
        expected = expected.values()
    if isinstance(expected, np.ndarray):
        expected = expected.ravel().tolist()
    if isinstance(expected, Iterable) and not isinstance(expected, str | bytes):
        for one in expected:
            yield from _sizes(one)
    elif _is_number(expected) and math.isfinite(abs(expected)) and expected:
        yield float(abs(expected))


def _is_number(value: Any) -> bool:
    return isinstance(value, Complex) or hasattr(value, "as_tuple")


def _message(caller: Any, smallest: float, share: float) -> str:
    return (
        f"{caller.f_code.co_filename}:{caller.f_lineno}: approx of {smallest:g} with rel={share:g} and no abs accepts "
        f"anything within {PYTEST_ABS:g}, where {share * smallest:g} is said: write approx(..., rel={share:g}, abs=0), "
        "or the abs that is meant"
    )
