"""The dies of a network, measured, trained for and judged by workers, a few dies a task."""

from __future__ import annotations

from collections.abc import Mapping
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
from .options import FAMILIES, CompileOptions

DIES_A_TASK = 25
TIMEOUT_S = 7200.0
KINDS = (UNAWARE, AWARE, OTHER)


@dataclass(frozen=True)
class FamilyOfDies:
    """What the dies of one family of mismatch models made of a network; each list is in the order of the dies.

    `left`: what the formula by which dies are measured leaves of their outputs. `drawn`: dies and seed of each lot that
    was measured.

    Dies that were trained for come first: of the others there is what weights for any die make of them alone.
    """

    accuracies: Mapping[str, list[float]]
    confusion: Mapping[str, list[list[int]]]
    reached: Mapping[str, list[float]]
    without: Mapping[str, list[float]]
    measured: Mapping[str, Any]
    codes: list[Any]
    left: list[float]
    drawn: list[tuple[int, int]]

    def spreads(self, seed: int) -> dict[str, dict[str, Any]]:
        """Mean, p5, min and interval of each kind of weights."""
        return {kind: spread(self.accuracies[kind], seed) for kind in KINDS}

    def losses(self, software: float) -> dict[str, float]:
        """What each source costs, by `accuracy.losses`."""
        return losses(software, dict(self.reached), self.accuracies[UNAWARE], dict(self.without))


def tasks_of(
    common: Mapping[str, Any], family: str, dies: int, seed: int, trained: int | None = None
) -> list[dict[str, Any]]:
    """The tasks of `dies` dies, each with dies of a seed of its own; the first `trained` dies are trained for."""
    own = counts_of(dies if trained is None else trained)
    counts = [*((n, True) for n in own), *((n, False) for n in counts_of(dies - sum(own)))]
    seeds = np.random.SeedSequence([seed, FAMILIES.index(family)]).generate_state(len(counts))
    about = {**common, "family": family, "measure": {"timeout_s": TIMEOUT_S}}
    made = [
        {**about, "dies": count, "trained": one, "seed": int(of)}
        for (count, one), of in zip(counts, seeds, strict=True)
    ]
    return [{**task, "key": key_of("dies", task)} for task in made]


def counts_of(dies: int) -> list[int]:
    """DIES_A_TASK a task, the rest in the last; none has one alone, as each die needs another to be compared with."""
    counts = [min(DIES_A_TASK, dies - at) for at in range(0, dies, DIES_A_TASK)]
    return [*counts[:-2], counts[-2] - 1, 2] if len(counts) > 1 and counts[-1] == 1 else counts


def judged_families(
    common: Mapping[str, Any], options: CompileOptions, campaign: Campaign, beside: Mapping[str, Any] | None = None
) -> dict[str, FamilyOfDies]:
    """Every family's dies; `beside` goes to every worker and is no part of what a task is known by.

    Raises ToolError for a task that failed; those that were done are kept.
    """
    asked = options.dies, options.seed, options.trained
    tasks = {family: tasks_of(common, family, *asked) for family in options.families}
    results = campaign.run([{**(beside or {}), **task} for of_family in tasks.values() for task in of_family])
    for result in results.values():
        if "error" in result:
            raise ToolError(f"dies: {result['error']['message']}", remedy=result["error"]["remedy"])
    return {family: _joined(own, [results[task["key"]]["values"] for task in own]) for family, own in tasks.items()}


def _joined(tasks: list[dict[str, Any]], parts: list[dict[str, Any]]) -> FamilyOfDies:
    own = [part for part in parts if "codes" in part]
    with_kind = {kind: [part for part in parts if kind in part["accuracy"]] for kind in KINDS}
    return FamilyOfDies(
        {kind: [a for part in some for a in part["accuracy"][kind]] for kind, some in with_kind.items()},
        {kind: np.sum([p["confusion"][kind] for p in some], axis=0).tolist() for kind, some in with_kind.items()},
        _by_source(own, "reached"),
        _by_source(own, "without"),
        joined([part["measured"] for part in own]),
        [[die for part in own for die in part["codes"][k]] for k in range(len(own[0]["codes"]))],
        [left for part in own for left in part["left"]],
        [(task["dies"], task["seed"]) for task in tasks if task["trained"]],
    )


def _by_source(parts: list[dict[str, Any]], kind: str) -> dict[str, list[float]]:
    return {name: [a for part in parts for a in part[kind][name]] for name in parts[0][kind]}
