"""The agreement check run on our engine with a mistake put in: a wrong coefficient, a forgotten sqrt(2), a shared draw.

Every mistake is a change of the engine itself, judged by the same ngspice draws that the engine as it is agrees with.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from analoom.flows.systems.crossbar.mismatch import CrossbarStatistics
from analoom.flows.systems.synapse import response as synapse_response
from analoom.flows.systems.synapse.response import SynapseResponse
from analoom.flows.systems.transistor import units as transistor_units
from analoom.flows.systems.transistor.mismatch import TransistorStatistics

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "oracles"))
import mismatch_agreement as agreement

pytestmark = [pytest.mark.tools, pytest.mark.slow]

DRAWS, SEED = 400, 7
WRONG = 1.25


@pytest.fixture(autouse=True)
def judged_once(monkeypatch: pytest.MonkeyPatch, judges: dict) -> None:
    """ngspice's draws are made once, by the engine as it is, and shared by all tests."""
    for kind in (TransistorStatistics, CrossbarStatistics):
        honest = kind.drawn_by_ngspice

        def once(self: object, samples: int, seed: int, honest: object = honest, kind: type = kind) -> dict:
            if kind not in judges:
                judges[kind] = honest(self, samples, seed)  # type: ignore[operator]
            return judges[kind]

        monkeypatch.setattr(kind, "drawn_by_ngspice", once)


@pytest.fixture(scope="module")
def judges() -> dict:
    return {}


def misses(rows: object) -> set[tuple[str, str]]:
    """(what, by which engine) of the rows outside ngspice's interval."""
    found = set()
    for row in rows:  # type: ignore[attr-defined]
        low, high = row.ci95
        found |= {(row.metric, "closed")} if not low <= row.closed <= high else set()
        found |= {(row.metric, "mc")} if not low <= row.drawn <= high else set()
        assert row.agrees == (low <= row.closed <= high and low <= row.drawn <= high)
    return found


def pairs() -> set[tuple[str, str]]:
    return misses(agreement.transistor_rows(4, 1, "moderate", DRAWS, SEED, "continuous"))


def synapses() -> set[tuple[str, str]]:
    return misses(agreement.synapse_rows(4, 1, "moderate", DRAWS, SEED, "continuous"))


BOTH = ("closed", "mc")
PAIR_METRICS = ("gain_error", "offset", "mirror_gain_error")
SYNAPSE_METRICS = ("cell_gain_error", "column_gain_error")


def test_the_engine_as_it_is_agrees() -> None:
    assert pairs() == set()
    assert synapses() == set()


@pytest.mark.parametrize(("module", "check", "metrics"), [("t", pairs, PAIR_METRICS), ("s", synapses, SYNAPSE_METRICS)])
def test_a_wrong_coefficient_is_seen(
    monkeypatch: pytest.MonkeyPatch, module: str, check: object, metrics: tuple
) -> None:
    mutated = {"t": transistor_units, "s": synapse_response}[module]
    honest = mutated.random_terms
    monkeypatch.setattr(mutated, "random_terms", lambda *a: {p: WRONG * s for p, s in honest(*a).items()})
    assert check() == {(metric, engine) for metric in metrics for engine in BOTH}  # type: ignore[operator]


def test_a_forgotten_sqrt2_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second side of a pair taken as without mismatch, in the formula and in the draws."""
    honest = TransistorStatistics.scales
    second = TransistorStatistics.sides.fget(agreement.TransistorStatistics(agreement.pair()))[1]  # type: ignore[attr-defined]
    monkeypatch.setattr(
        TransistorStatistics, "scales", lambda self, side: honest(self, side) * (0.0 if side == second else 1.0)
    )
    assert pairs() == {(metric, engine) for metric in PAIR_METRICS for engine in BOTH}


def test_a_draw_shared_by_both_sides_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the draws can share: the formula stays right."""
    honest = TransistorStatistics._side
    monkeypatch.setattr(
        TransistorStatistics, "_side", lambda self, rng, side, n: honest(self, np.random.default_rng(1), side, n)
    )
    assert pairs() == {(metric, "mc") for metric in PAIR_METRICS}


def test_a_draw_shared_by_the_cells_of_a_column_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One draw for the whole column does not average: the column is as wide as a cell."""
    honest = SynapseResponse.drawn

    def shared(self: SynapseResponse, stored: np.ndarray, rng: np.random.Generator, samples: int) -> np.ndarray:
        one = honest(self, stored[:1, :1], rng, samples)
        return np.broadcast_to(one, (samples, *stored.shape))

    monkeypatch.setattr(SynapseResponse, "drawn", shared)
    assert synapses() == {("column_gain_error", "mc")}


def test_a_column_that_does_not_average_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """sqrt(N) forgotten in the formula."""
    honest = CrossbarStatistics.closed
    monkeypatch.setattr(
        CrossbarStatistics,
        "closed",
        lambda self: (found := honest(self)) | {"column_gain_error": found["cell_gain_error"]},
    )
    assert synapses() == {("column_gain_error", "closed")}
