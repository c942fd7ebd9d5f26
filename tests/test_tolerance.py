"""An approx whose tolerance is pytest's own 1e-12 is refused, wherever it is written; every other one is as before."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from pytest import approx
from tolerance import UnmeantTolerance, refuse_unmeant_tolerances

SMALL = 2e-15
"""A capacitance in F, as tests of parasitics have them."""


@pytest.mark.parametrize(
    "expected",
    [
        SMALL,
        -SMALL,
        np.float64(SMALL),
        np.float32(SMALL),
        Decimal("2e-15"),
        SMALL * 1j,
        [1.0, SMALL],
        (SMALL,),
        np.array([[1.0, 1.0], [SMALL, 1.0]]),
        {"a": 1.0, "b": SMALL},
    ],
)
def test_small_numbers_are_refused_whatever_holds_them(expected):
    with pytest.raises(UnmeantTolerance):
        approx(expected, rel=0.01)


@pytest.mark.parametrize(
    "expected",
    [0, 0.0, 1.0, [0.0, 1.0], {}, [], np.zeros((2, 2)), {"a": 0}, [1.0, 2.0], float("inf"), 1e-9],
)
def test_other_values_are_taken(expected):
    assert approx(expected, rel=0.01) is not None


def test_pytests_own_relative_tolerance_counts_where_none_is_given():
    with pytest.raises(UnmeantTolerance):
        pytest.approx(0.9e-6)
    assert pytest.approx(1.1e-6) == 1.1e-6


@pytest.mark.parametrize(("rel", "bound"), [(0.01, 1e-10), (0.5, 2e-12)])
def test_the_bound_is_where_both_tolerances_meet(rel, bound):
    assert approx(1.01 * bound, rel=rel) == 1.01 * bound
    with pytest.raises(UnmeantTolerance):
        approx(0.99 * bound, rel=rel)


def test_an_explicit_abs_is_what_holds():
    assert approx(SMALL, rel=0.01, abs=0) != 1.02 * SMALL
    assert approx(SMALL, rel=0.01, abs=0) == 1.005 * SMALL
    assert approx(SMALL, abs=1e-12) == 500 * SMALL
    assert approx(SMALL, 0.01, 0) != 1.02 * SMALL


def test_the_refusal_says_where_and_what_to_write():
    with pytest.raises(UnmeantTolerance) as refused:
        approx(SMALL, rel=0.01)
    line = refused.traceback[0].lineno + 1
    assert str(refused.value).startswith(f"{Path(__file__)}:{line}: ")
    assert "write approx(..., rel=0.01, abs=0)" in str(refused.value)


def test_it_is_put_in_once():
    first = pytest.approx
    refuse_unmeant_tolerances()
    assert pytest.approx is first


@pytest.mark.slow
def test_a_test_and_its_helper_in_a_folder_of_their_own_are_refused(tmp_path):
    """By pytest itself, with the suite's conftest: once with `from pytest import approx`, once inside a helper."""
    (tmp_path / "helper.py").write_text("import pytest\n\n\ndef close(x):\n    return x == pytest.approx(2e-15)\n")
    (tmp_path / "conftest.py").write_text(
        f"import sys\nsys.path[:0] = [{str(Path(__file__).parent)!r}, {str(tmp_path)!r}]\n"
        + (Path(__file__).parent / "conftest.py").read_text()
    )
    (tmp_path / "test_both.py").write_text(
        "from pytest import approx\nfrom helper import close\n\n\n"
        "def test_here():\n    assert 1e-13 == approx(2e-15, rel=0.1)\n\n\n"
        "def test_there():\n    assert close(1e-13)\n\n\n"
        "def test_meant():\n    assert 2e-15 == approx(2e-15, rel=0.1, abs=0)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--rootdir", str(tmp_path)]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert "2 failed, 1 passed" in done.stdout
    assert "test_both.py:6: approx of 2e-15" in done.stdout
    assert "helper.py:5: approx of 2e-15" in done.stdout
