"""Columns and points of a sweep in words: titles of axes, and what is told of a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analoom.flows.files.quantity import quantity
from analoom.flows.sweep.plan.asked import Asked

from .table import Row

ENGINES = {"closed": "sigma of {}", "mc": "sigma of {} (drawn dies)"}
CRITERION = {
    "room.error": "error within which the criterion holds",
    "room.bits": "bits by the criterion",
    "bits.random": "bits by random mismatch",
    "bits.all": "bits with gradients, IR drop and wires",
}
ACCURACY, LOSS = "accuracy", "loss"
NAMED = {
    "area_um2": "area",
    "energy_j": "energy of an inference",
    "time_s": "time of an inference",
    f"{ACCURACY}.software": "accuracy in software",
}
SHARES = {ACCURACY: "accuracy", LOSS: "accuracy lost"}
WEIGHTS = {"unaware": "for any die", "aware": "for its die", "other_die": "for another die"}
"""How columns of networks on dies are called: `loss.binned.unaware` as `accuracy lost, binned, for any die`."""
VIEWS = {"schematic": "{} (schematic, {})", "post": "{} (post-layout, {})"}
"""How the columns of an engine and of a simulated view are called; the second place is the corner."""
UNITS = {"um2": "µm²", "frac": "", "bit": "", "um": "µm"}

MOST_TOLD = 8
"""Measured values told of a point."""


def short(name: str) -> str:
    """`synapse.w_read` as `w_read`."""
    return name.rsplit(".", 1)[-1]


def column_words(column: str) -> str:
    """`closed.worst_column_error` as `sigma of worst column error`."""
    source, _, metric = column.partition(".")
    if column in CRITERION:
        return CRITERION[column]
    if column in NAMED:
        return NAMED[column]
    if source in SHARES:
        return _share_words(source, *metric.split("."))
    if source in ENGINES and metric.split("_")[0] == "enob":
        return f"equivalent bits{metric.removeprefix('enob').replace('_', ' ')}"
    if source in ("drc", "lvs"):
        return f"{source.upper()} {metric}"
    if source in ENGINES:
        return ENGINES[source].format(metric.replace("_", " "))
    if source in VIEWS and "." in metric:
        corner, _, name = metric.partition(".")
        return VIEWS[source].format(name.replace("_", " "), corner)
    return short(column).replace("_", " ")


def _share_words(source: str, family: str, weights: str, of: str = "") -> str:
    least = ", 95 % of dies reach" if of == "p5" else ""
    return f"{SHARES[source]}, {family}, {WEIGHTS.get(weights, weights)}{least}"


def title(column: str, units: Mapping[str, str]) -> str:
    """The title of an axis, with its unit."""
    unit = units.get(column, "")
    said = UNITS.get(unit, unit)
    return f"{column_words(column)} ({said})" if said else column_words(column)


def head(column: str, units: Mapping[str, str]) -> str:
    """The heading of a column: its name, and its unit where the name does not say it."""
    unit = units.get(column, "")
    return f"{column} ({unit})" if unit and not column.endswith(f"_{unit}") else column


def value_words(column: str, value: Any, units: Mapping[str, str]) -> str:
    """`sigma of worst column error: 0.5 %`."""
    unit = units.get(column, "")
    if unit == "um2":
        return f"{column_words(column)}: {value:,.1f} µm²"
    shown = unit if unit == "frac" else UNITS.get(unit, unit)
    return f"{column_words(column)}: {quantity(value, shown) if isinstance(value, float) else value}"


def proof_words(proof: Mapping[str, Any]) -> str:
    """`met: 0.19 % of 10000 whole dies beyond (0.12 to 0.3 %), 0.27 % allowed`, of the evidence that tells."""
    last = proof["evidence"][-1]
    low, high = (100 * share for share in last["ci95"])
    drawn = "whole dies" if last["drawn"] == "whole dies" else "draws of the least certain output"
    shares = f"{100 * last['share']:.3g} % of {last['of']:,} {drawn} beyond ({low:.3g} to {high:.3g} %)"
    return f"{proof['verdict']}: {shares}, {100 * last['allowed']:.3g} % allowed"


def point_html(job: Asked, row: Row, units: Mapping[str, str], columns: Sequence[str]) -> str:
    """A point in a few lines of HTML: its fields, then the columns asked for."""
    varied = ", ".join(f"{short(name)} = {row[name]}" for name in job.varied if name in row)
    held = [c for c in columns if row.get(c) is not None]
    return "<br>".join([f"<b>{varied}</b>", *(value_words(c, row[c], units) for c in held)])


def whole_point_html(job: Asked, row: Row, units: Mapping[str, str], first: Sequence[str]) -> str:
    """A point with the columns `first`, then what else was measured."""
    renamed = job.renamed
    rest = [c for c in row if "." in c and c not in job.varied and _main(c) and not _renamed(c, renamed)]
    return point_html(job, row, units, list(dict.fromkeys([*first, *rest]))[:MOST_TOLD])


def _renamed(column: str, renamed: Mapping[str, str]) -> bool:
    """A simulated metric's column again, by the name it had before."""
    return column.startswith(tuple(VIEWS)) and short(column) in renamed


def _main(column: str) -> bool:
    """Not an end of an interval, and not one of the many bits of a capacitor array."""
    last = column.split("_")[-1]
    return not column.endswith((".low", ".high")) and not (last[:1] == "b" and last[1:].isdigit())
