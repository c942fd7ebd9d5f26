"""Figures of a flow's JSON in few words: verdicts, and the numbers to look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analoom.flows.files.quantity import quantity
from analoom.flows.systems.lookup import record
from analoom.flows.systems.record import FirstShown

Json = Mapping[str, Any]

HEADS = ("cell", "area µm²", "DRC (rules run)", "LVS", "devices", "nets", "C extracted", "post-layout", "sigma")


def summary_row(flow: Json) -> tuple[str, ...]:
    """One line of a table of cells, under HEADS."""
    lvs = next(iter(flow["lvs"].get("engines", {"": {}}).values()))
    first = shown_first(flow["build"])
    counts = (str(lvs[what]["layout"]) if what in lvs else "-" for what in ("devices", "nets"))
    return (
        flow["cell"],
        f"{flow['build']['area_um2']:.1f}" if "area_um2" in flow["build"] else "-",
        drc_text(flow["drc"]),
        lvs_text(flow["lvs"]),
        *counts,
        quantity(None if "not_run" in flow["pex"] else extracted_f(flow["pex"]), "F"),
        change_text(flow["sim"], first.change),
        " ".join(first_sigma(flow["mismatch"], first.sigma)),
    )


def shown_first(build: Json) -> FirstShown:
    """The metrics to show first of a cell, as its system says, from the JSON of its build."""
    return record(build.get("system", ""), build.get("kind", "macro")).shown_first


def headline(steps: Json) -> dict[str, str] | None:
    """The figure that stands above all others, as its system says: `value`, `metric` and `words`; None without one."""
    for first in shown_first(steps["build"]).headline:
        value = _figure(steps, first.metric)
        if value is not None:
            return {"value": value, "metric": first.metric, "words": first.words}
    return None


def drc_text(drc: Json) -> str:
    """Every engine with its verdict and the number of rules that ran."""
    if "not_run" in drc:
        return "not run"
    return ", ".join(_drc_engine(name, run) for name, run in drc["engines"].items())


def lvs_text(lvs: Json) -> str:
    """Every engine with its verdict."""
    if "not_run" in lvs:
        return "not run"
    return ", ".join(f"{name} {run['state']}" for name, run in lvs["engines"].items())


def extracted_f(pex: Json) -> float:
    """All extracted capacitance in F: to the substrate, and between nets (each pair once)."""
    nets = pex["nets"]
    ground = sum(net["substrate_f"] for net in nets.values())
    pairs = {frozenset((a, b)): c for a, net in nets.items() for b, c in net["coupling_f"].items()}
    return float(ground + sum(pairs.values()))


def largest_change(sim: Json, first: Sequence[str] = ()) -> tuple[str, float, float, str] | None:
    """The metric whose change says most, one of `first` if it moved: name, schematic value, post-layout value, unit."""
    known = sim.get("difference", {})
    moved = [name for name, change in known.items() if change["value"]]
    name = next((n for n in first if n in moved), moved[0] if moved else None)
    if name is None:
        return None
    metric = sim["schematic"]["metrics"][name]
    return name, metric["value"], sim["post"]["metrics"][name]["value"], metric["unit"]


def change_text(sim: Json, first: Sequence[str] = ()) -> str:
    """`largest_change` in words."""
    found = largest_change(sim, first)
    if found is None:
        return sim.get("not_run", "no metric changes")
    name, before, after, unit = found
    return f"{name} {quantity(before, unit)} → {quantity(after, unit)}"


def first_sigma(mismatch: Json, first: Sequence[str] = ()) -> tuple[str, str]:
    """The first sigma to look at, one of `first` if there, else the first figure: its name, and value with unit."""
    if "not_run" in mismatch:
        return "mismatch", "not known"
    told = {name: (m["sigma"], m["unit"]) for name, m in mismatch["metrics"].items()}
    told = told or {name: (figure["value"], figure["unit"]) for name, figure in mismatch["figures"].items()}
    name = next(n for n in (*first, *told) if n in told)
    return name, quantity(*told[name])


def couplings(pex: Json, most: int = 6) -> list[tuple[str, float]]:
    """The largest capacitances between nets and the largest to the substrate, as (`a to b`, F), sorted."""
    ground = {f"{net} to substrate": c["substrate_f"] for net, c in pex["nets"].items()}
    between: dict[str, float] = {}
    for net, c in pex["nets"].items():
        between |= {f"{min(net, other)} to {max(net, other)}": f for other, f in c["coupling_f"].items()}
    kept = _largest(ground, most) + _largest(between, most)
    return sorted(kept, key=lambda item: -item[1])


def _largest(found: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(name, value) for name, value in ranked[:most] if value > 0]


def _figure(steps: Json, name: str) -> str | None:
    """A figure or a sigma of the mismatch report, else a metric of the simulation, post-layout where there is one."""
    mismatch, sim = steps.get("mismatch", {}), steps.get("sim", {})
    views = [sim[view]["metrics"] for view in ("post", "schematic") if view in sim]
    for metrics in ((mismatch.get("figures") or {}), mismatch.get("metrics", {}), *views):
        if name in metrics:
            found = metrics[name]
            return quantity(found["sigma" if "sigma" in found else "value"], found["unit"])
    return None


def _drc_engine(name: str, run: Json) -> str:
    if run["state"] == "not run":
        return f"{name} not run"
    count = sum(run["violations"].values())
    return f"{name} {'clean' if run['state'] == 'clean' else f'{count} violations'} ({run['rules_run']})"
