"""The metrics of a flow's steps as the rows of tables: of the simulation, its split, mismatch, and nets alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analoom.flows.files.quantity import quantity, relative

from .folded_rows import Row, folded

Json = Mapping[str, Any]

VIEWS = ("schematic", "post")
MOST_NETS = 16
"""Nets of one group that are listed."""


def metric_rows(steps: Json) -> dict[str, list[Row]]:
    """Rows by table, none for a step that is not there."""
    sim, mismatch = steps.get("sim", {}), steps.get("mismatch", {})
    return {
        "sim": _sim_rows(sim),
        "split": _split_rows(sim),
        "sigmas": _spread_rows(mismatch, "metrics", "sigma"),
        "figures": _spread_rows(mismatch, "figures", "value"),
    }


def net_rows(group: Json) -> list[Row]:
    """The nets of a group that should be alike: units, capacitances, resistance."""
    return folded(
        (
            net["net"],
            str(net["units"]),
            quantity(net["c_f"], "F"),
            quantity(net["substrate_f"], "F"),
            quantity(net["r_ohm"], "ohm"),
        )
        for net in group["nets"][:MOST_NETS]
    )


def _sim_rows(sim: Json) -> list[Row]:
    views = [sim[view]["metrics"] for view in VIEWS if view in sim]
    first = views[0] if views else {}
    return folded((n, *(_value(view, n) for view in views), *_change(sim, n, m["value"])) for n, m in first.items())


def _value(metrics: Json, name: str) -> str:
    return quantity(metrics[name]["value"], metrics[name]["unit"]) if name in metrics else "-"


def _change(sim: Json, name: str, before: float) -> tuple[str, ...]:
    if not sim.get("difference"):
        return ()
    change = sim["difference"].get(name)
    return (quantity(change["value"], change["unit"], before), relative(change["relative"])) if change else ("-", "-")


def _split_rows(sim: Json) -> list[Row]:
    """What wires change by their capacitances, their resistances and both."""
    parts = sim.get("split", {}).get("metrics", {})
    before = {name: sim["schematic"]["metrics"][name]["value"] for name in parts}
    return folded(
        (name, *(quantity(part[by], part["unit"], before[name]) for by in ("c", "r", "both")))
        for name, part in parts.items()
    )


def _spread_rows(mismatch: Json, held: str, value: str) -> list[Row]:
    found = (mismatch.get(held) or {}).items()
    return folded((name, quantity(f[value], f["unit"]), _interval(mismatch, f)) for name, f in found)


def _interval(mismatch: Json, found: Json) -> str:
    if mismatch["engine"] == "closed" and not found.get("draws"):
        return "closed form"
    low, high = found.get("ci95") or (None, None)
    return f"{quantity(low, found['unit'])} … {quantity(high, found['unit'])}" if low is not None else "-"
