"""The layouts found proved by virtual dies: each meets the criterion, and the next smaller grid points do not."""

from __future__ import annotations

from typing import Any

from analoom.flows.sweep.measure.task import proof_task, task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.pdk.errors import InputError

from .found import Found, found_point
from .judged import how_judged_of

WHOLE, REFUTED = True, "not met"


def proved(job: SweepJob, found: Found, campaign: Campaign) -> dict[str, Any]:
    """`proof` of a layout found, `below` with one for each next smaller grid point, and `met` if no die refutes it."""
    if job.search is None or not job.search.dies:
        return {}
    proofs = [_proof(job, found, found.fields, campaign, WHOLE)]
    proofs += [_proof(job, found, point["fields"], campaign, not WHOLE) for point in found.below]
    below = [{**point, "proof": proof} for point, proof in zip(found.below, proofs[1:], strict=True)]
    return {"met": found.met and proofs[0]["verdict"] != REFUTED, "proof": proofs[0], "below": below}


def _proof(job: SweepJob, found: Found, fields: Any, campaign: Campaign, whole: bool) -> dict[str, Any]:
    """What virtual dies say of a grid point. Raises InputError where they cannot be drawn."""
    point = found_point(job, fields, found.bits)
    how = {"bits": found.bits, "dies": job.search.dies if job.search else 0, "seed": job.measure.seed, "whole": whole}
    task = proof_task(task_of(job, point), how_judged_of(job, point, found.bits, job.criterion), how)
    result = campaign.run([task])[task["key"]]
    if "error" in result:
        raise InputError(f"virtual dies for {found.bits} bits: {result['error']['message']}", field="search.dies")
    return dict(result["values"])
