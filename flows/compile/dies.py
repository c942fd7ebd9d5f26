"""The dies of a network, measured, trained for and judged by workers, a few dies a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analoom.flows.compile.accuracy.dies_task import AWARE, OTHER, UNAWARE
from analoom.flows.compile.accuracy.losses import losses
from analoom.flows.compile.accuracy.spread import spread
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.pdk.errors import ToolError

from .kept import key_of
from .measured_file import joined
from .options import FAMILIES

DIES_A_TASK = 25
TIMEOUT_S = 7200.0
KINDS = (UNAWARE, AWARE, OTHER)


@dataclass(frozen=True)
class FamilyOfDies:
    """What the dies of one family of mismatch models made of a network; each list is in the order of the dies."""

    accuracies: Mapping[str, list[float]]
    confusion: Mapping[str, list[list[int]]]
    reached: Mapping[str, list[float]]
    without: Mapping[str, list[float]]
    measured: Mapping[str, Any]
    codes: list[Any]

    def spreads(self, seed: int) -> dict[str, dict[str, Any]]:
        """Mean, p5, min and interval of each kind of weights."""
        return {kind: spread(self.accuracies[kind], seed) for kind in KINDS}

    def losses(self, software: float) -> dict[str, float]:
        """What each source costs, by `accuracy.losses`."""
        return losses(software, dict(self.reached), self.accuracies[UNAWARE], dict(self.without))


def tasks_of(common: Mapping[str, Any], family: str, dies: int, seed: int) -> list[dict[str, Any]]:
    """The tasks of `dies` dies, each with dies of a seed of its own."""
    counts = counts_of(dies)
    seeds = np.random.SeedSequence([seed, FAMILIES.index(family)]).generate_state(len(counts))
    made = [
        {**common, "family": family, "dies": count, "seed": int(of), "measure": {"timeout_s": TIMEOUT_S}}
        for count, of in zip(counts, seeds, strict=True)
    ]
    return [{**task, "key": key_of("dies", task)} for task in made]


def counts_of(dies: int) -> list[int]:
    """DIES_A_TASK a task, the rest in the last; none has one alone, as each die needs another to be compared with."""
    counts = [min(DIES_A_TASK, dies - at) for at in range(0, dies, DIES_A_TASK)]
    return [*counts[:-2], counts[-2] - 1, 2] if len(counts) > 1 and counts[-1] == 1 else counts


def judged_families(
    common: Mapping[str, Any], families: Sequence[str], dies: int, seed: int, campaign: Campaign
) -> dict[str, FamilyOfDies]:
    """Every family's dies. Raises ToolError for a task that failed; those that were done are kept."""
    tasks = {family: tasks_of(common, family, dies, seed) for family in families}
    results = campaign.run([task for of_family in tasks.values() for task in of_family])
    for result in results.values():
        if "error" in result:
            raise ToolError(f"dies: {result['error']['message']}", remedy=result["error"]["remedy"])
    return {family: _joined([results[task["key"]]["values"] for task in own]) for family, own in tasks.items()}


def _joined(parts: list[dict[str, Any]]) -> FamilyOfDies:
    layers = range(len(parts[0]["codes"]))
    return FamilyOfDies(
        {kind: [a for part in parts for a in part["accuracy"][kind]] for kind in KINDS},
        {kind: np.sum([part["confusion"][kind] for part in parts], axis=0).tolist() for kind in KINDS},
        _by_source(parts, "reached"),
        _by_source(parts, "without"),
        joined([part["measured"] for part in parts]),
        [[die for part in parts for die in part["codes"][k]] for k in layers],
    )


def _by_source(parts: list[dict[str, Any]], kind: str) -> dict[str, list[float]]:
    return {name: [a for part in parts for a in part[kind][name]] for name in parts[0][kind]}
