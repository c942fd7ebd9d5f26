"""The smallest layout good to so many bits: every candidate is drawn, measured, and compared by its drawn area.

The criterion is that of `analoom.flows.systems.record.Resolution`: any one output errs by more than half an LSB,
2^-(bits+1) of full scale, no more often than a normal error by more than z sigmas: z max_k sigma_k <= LSB/2 over the
outputs k. `outputs: all` and `errors: all` ask more. The search is scipy's differential evolution over the grid of the
fields, then steps along the axes down to one grid step, to the end: no neighbour that meets the criterion is smaller,
or as small and more certain. `analoom.flows.sweep.search.dies` draws virtual dies of it and of the next smaller grid
points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analoom.flows.sweep.measure.task import ROOM, task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.pdk.errors import InputError

from .found import Found, found_point
from .hunt import Hunt
from .judged import error_column

_POPULATION = 8


def find_smallest(
    job: SweepJob,
    campaign: Campaign,
    bits: int,
    tell: Callable[[int], None] = lambda drawn: None,
    margin: float = 1.0,
) -> Found:
    """The smallest layout good to `bits`, with half an LSB by `margin` as room; `tell` hears how many were drawn.

    Candidates are measured by what decides alone; of the one found everything is. Raises InputError when nothing on
    the grid can be drawn.
    """
    from scipy.optimize import differential_evolution

    hunt = Hunt(_deciding(job), campaign, bits, tell, margin)
    reach = hunt.reach
    rounds = max(1, hunt.search.evaluations // (2 * _POPULATION * len(reach)))
    hunt.budget = hunt.search.evaluations * 2 // 3
    if math.prod(n + 1 for n in reach) > _POPULATION * len(reach):
        differential_evolution(
            lambda x: 0.0,
            [(0, n) for n in reach],
            maxiter=rounds,
            popsize=_POPULATION,
            integrality=np.ones(len(reach), dtype=bool),
            rng=np.random.default_rng(hunt.search.seed),
            init="latinhypercube",
            polish=False,
            updating="deferred",
            workers=hunt.map,
        )
    else:
        hunt.costs([tuple(x) for x in np.ndindex(*(n + 1 for n in reach))])
    hunt.budget = hunt.search.evaluations
    hunt.walk()
    hunt.slide()
    hunt.settle()
    return _measured_whole(job, campaign, hunt.outcome())


def _deciding(job: SweepJob) -> SweepJob:
    """The job with what a candidate is judged by: its checks, and the engine of the error."""
    engine = error_column(job).partition(".")[0]
    less = {"mismatch": (engine,), "simulate": (), "corners": ("tt",)}
    return job.model_copy(update={"measure": job.measure.model_copy(update=less)})


def _measured_whole(job: SweepJob, campaign: Campaign, found: Found) -> Found:
    """The layout found with all that the job measures of a point. Raises InputError when that fails."""
    whole = found_point(job, found.fields, found.bits)
    result = campaign.run([task_of(job, whole)])[whole.key]
    if "error" in result:
        raise InputError(f"the layout found for {found.bits} bits: {result['error']['message']}", field="search")
    room = {ROOM: found.values[ROOM]} if ROOM in found.values else {}
    return replace(found, key=whole.key, values={**result["values"], **room})
