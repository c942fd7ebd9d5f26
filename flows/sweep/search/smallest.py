"""The smallest layouts of a sweep: looked for, proved by virtual dies, drawn, and signed off by every engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell
from analoom.flows.export.build import build_files
from analoom.flows.files.application import Watch
from analoom.flows.files.outputs import make_folder, write_json
from analoom.flows.flow import FlowOptions
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.sweep.plan.job import Search, SweepJob
from analoom.flows.sweep.workers.campaign import Campaign

from .dies import proved
from .found import Found, found_spec
from .front_budget import about_fixed, budget_of
from .search import find_smallest

_TRIES, _STRICTER = 4, 1.01
"""Searches for a layout that virtual dies do not refute, each by so much stricter at least."""
Verdicts = dict[str, str]
"""State by check and engine: {"drc magic": "clean"}."""


def smallest_layouts(
    job: SweepJob, campaign: Campaign, folder: Path, step: Callable[[str], None]
) -> list[dict[str, Any]]:
    """The smallest layout for each resolution asked: what was found, its proof, its files, what every engine says."""
    out = []
    for bits in job.search.bits if job.search else ():
        found, proof = found_and_proved(job, campaign, bits, step)
        told = {**found.to_json(), **proof, **about_fixed(job, found, campaign)}
        step(f"sign-off of the layout for {bits} bits")
        out.append({**told, **_drawn(job, found, campaign, make_folder(folder / f"smallest_{bits}_bits"))})
    return out


def found_and_proved(
    job: SweepJob, campaign: Campaign, bits: int, step: Callable[[str], None] = lambda name: None
) -> tuple[Found, dict[str, Any]]:
    """The smallest layout with its proof; looked for again, more strictly, while virtual dies refute the formula."""
    margin = 1.0
    for _ in range(_TRIES):
        found = find_smallest(job, campaign, bits, _counted(step, f"smallest layout for {bits} bits"), margin)
        step(f"virtual dies of the layout for {bits} bits")
        proof = proved(job, found, campaign)
        if not found.met or proof.get("met", True):
            break
        margin *= max(proof["proof"]["evidence"][-1].get("room_needed", _STRICTER), _STRICTER)
    return found, proof


def _counted(step: Callable[[str], None], what: str) -> Callable[[int], None]:
    return lambda drawn: step(f"{what}: {drawn} drawn")


def _drawn(job: SweepJob, found: Found, campaign: Campaign, place: Path) -> dict[str, Any]:
    """Files, error by source and verdicts of a layout found; `clean` is None for one that is not signed off."""
    search, sources = job.search, budget_of(job, found, campaign)
    cell = build(job.cell, found_spec(job, found.fields, found.bits))
    files = build_files(cell, place).to_json()["files"]
    if search is None or not search.sign_off or not found.met:
        return {"files": files, "budget": sources, "clean": None}
    kept = campaign.store.get(f"{found.key}-signed")
    signed = kept["values"] if kept else _signed_off(cell, place, search)
    if not kept and not any(verdict.startswith("not run") for verdict in signed["verdicts"].values()):
        campaign.store.put({"key": f"{found.key}-signed", "values": signed})
    return {"files": files, "budget": sources, **signed}


def _signed_off(cell: Any, place: Path, search: Search) -> dict[str, Any]:
    """`clean` where every engine ran and found nothing, and the verdict of each."""
    watch = Watch(search.sign_off_timeout_s)
    drc = drc_cell(cell, place, FlowOptions.drc_engines, watch).to_json()
    lvs = lvs_cell(cell, place, FlowOptions.lvs_engines, watch).to_json()
    write_json(place / "drc.json", drc)
    write_json(place / "lvs.json", lvs)
    verdicts: Verdicts = {f"drc {name}": _verdict(run) for name, run in drc["engines"].items()}
    verdicts |= {f"lvs {name}": _verdict(run) for name, run in lvs["engines"].items()}
    return {"clean": bool(drc["clean"] and lvs["clean"]), "verdicts": verdicts}


def _verdict(run: dict[str, Any]) -> str:
    """The state, and of an engine that did not run the reason; the remedy in it is that of another command."""
    return f"{run['state']} ({run['reason'].partition('; try:')[0]})" if "reason" in run else str(run["state"])
