"""The search against brute force, on an area that rises in steps and an error that falls with the square root."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.search.search import find_smallest
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.flows.sweep.workers.local import InProcess
from analoom.flows.sweep.workers.store import PointStore


def area_um2(w: float, length: float) -> float:
    return math.ceil(w / 0.7 - 1e-9) * math.ceil(length / 0.45 - 1e-9) + 0.01 * w


def sigma_frac(w: float, length: float) -> float:
    return 0.02 / math.sqrt(w * length)


class Formulas(InProcess):
    """Measures by the two formulas."""

    def run(self, tasks: Sequence[Any]) -> Iterator[dict[str, Any]]:
        for task in tasks:
            size = (task["spec"]["w"], task["spec"]["l"])
            values = {"area_um2": area_um2(*size), "closed.gain_error": sigma_frac(*size)}
            yield {"key": task["key"], "values": values, "units": {"closed.gain_error": "frac"}}


@pytest.mark.slow
@pytest.mark.parametrize("bits", [3, 4])
def test_two_fields_at_once_come_within_a_step_of_the_smallest(tmp_path: Path, bits: int) -> None:
    vary = {"w": {"low": 2, "high": 12, "step": 0.1}, "l": {"low": 0.5, "high": 6, "step": 0.1}}
    job = SweepJob.parse(
        {"name": "x", "cell": "matched_pair", "search": {"bits": [bits], "vary": vary, "evaluations": 500}}
    )
    found = find_smallest(job, Campaign(Formulas(), PointStore(tmp_path)), bits)
    grid = itertools.product((2 + k / 10 for k in range(101)), (0.5 + k / 10 for k in range(56)))
    least = min(area_um2(*size) for size in grid if 3 * sigma_frac(*size) * 2**bits <= 0.5)
    assert found.met and found.evaluations <= 500
    assert least * (1 - 1e-9) <= found.values["area_um2"] <= 1.01 * least
