"""Many reads of one crossbar on the array solver: vectors of inputs, and dies of their own threshold shifts."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.conditions import checked_temp
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.glossary import meanings
from analoom.flows.bench.mapped_weights import WeightScale, output_errors
from analoom.flows.bench.measured import Metric, Sheet
from analoom.flows.files.outputs import write_whole
from analoom.flows.systems.crossbar.read.errors import effective_bits, read_errors, rms
from analoom.flows.systems.crossbar.read.glossary import CROSSBAR
from analoom.flows.systems.crossbar.read.metrics import full_scale_a
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.crossbar.solver.read import LinesOf, array_reader
from analoom.flows.systems.synapse.weights import default_weights
from analoom.pdk.corners import corner as corner_named

from .bench import drawn_full_scale_a, ideal_read

Values = NDArray[np.float64]


@dataclass(frozen=True)
class BatchResult:
    """Column currents (dies, vectors, cols) A, their errors against the ideal product, and the files written."""

    cell: str
    view: str
    corner: str
    temp_degc: float
    currents_a: Values
    metrics: Mapping[str, Metric]
    settings: Mapping[str, Any]
    files: Mapping[str, str]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom sim` with inputs or shifts given."""
        dies, vectors, _ = self.currents_a.shape
        plain = ("cell", "view", "corner", "temp_degc", "settings", "files", "seconds")
        metrics = {name: {"value": m.value, "unit": m.unit} for name, m in self.metrics.items()}
        about = {**{n: getattr(self, n) for n in plain}, "dies": dies, "vectors": vectors}
        return {**about, "metrics": metrics, "meanings": meanings(CROSSBAR, metrics)}


def read_batch(
    cell: Cell,
    view: View,
    corner: str,
    temp_degc: float,
    folder: Path,
    weights: Values | None = None,
    inputs: Values | None = None,
    shifts: Values | None = None,
    settings: Mapping[str, Any] | None = None,
    worth: WeightScale | None = None,
) -> BatchResult:
    """Reads through lines without resistance ("schematic") or through the drawn ones ("post"); files go to `folder`.

    `weights` (rows, cols) V, `inputs` (rows,) or (vectors, rows) V, `shifts` (rows, cols), (k, rows, cols) or
    (dies, k, rows, cols) V for the k read transistors of a synapse; what is left out is drawn as `simulate` draws it,
    and shifts are zero. `worth`: what the currents of mapped weights are worth. Raises InputError for wrong shapes,
    numbers that are none and voltages out of range.
    """
    started = time.perf_counter()
    chosen, process = CrossbarSettings.parse(dict(settings or {}), prefix="settings."), corner_named(corner)
    lines: LinesOf = "drawn" if view == "post" else "ideal"
    reader = array_reader(cell, corner, checked_temp(temp_degc), lines, settings=chosen)
    v_read, low, high = reader.range_v
    stored = default_weights(reader.shape, low, high, chosen.seed) if weights is None else weights
    drawn = v_read * np.random.default_rng(chosen.seed).uniform(size=reader.shape[0])
    vectors = np.atleast_2d(drawn if inputs is None else inputs)
    currents = (
        reader.read_dies(stored, vectors, _dies(shifts)) if shifts is not None else reader.read(stored, vectors)[None]
    )
    ideal = ideal_read(cell, process, temp_degc, chosen)
    product, full_a = vectors @ ideal.factor(np.asarray(stored, float)), full_scale_a(ideal, vectors[0])
    metrics = _metrics(currents, product, full_a)
    if view == "post":
        metrics["i_full_scale"] = Metric(drawn_full_scale_a(reader, ideal), "A")
    sheets = {"products": _products(product, currents, full_a)}
    if worth:
        worth.check(reader.shape)
        sheets["outputs"] = worth.sheet(vectors, currents)
        metrics |= output_errors(sheets["outputs"])
    return BatchResult(
        cell.name,
        view,
        corner,
        temp_degc,
        currents,
        metrics,
        chosen.model_dump(mode="json"),
        _written(folder, f"{cell.name}_{view}_read", currents, sheets),
        time.perf_counter() - started,
    )


def _dies(shifts: Values) -> Values:
    """Shifts with their axis of dies."""
    return np.asarray(shifts) if np.ndim(shifts) == 4 else np.asarray(shifts)[None]


def _metrics(currents: Values, product: Values, full_a: float) -> dict[str, Metric]:
    """Errors over all dies, vectors and columns, fractions of the ideal full scale `full_a`; the spread of a column
    among dies where there are several."""
    off = read_errors(currents, np.broadcast_to(product, currents.shape), full_a)
    metrics = {
        "i_full_scale": Metric(full_a, "A"),
        "i_column_max": Metric(float(np.abs(currents).max()), "A"),
        "column_error_max": Metric(off.worst, "frac"),
        "column_error_rms": Metric(off.rms, "frac"),
    }
    if np.isfinite(off.enob):
        bits = {"product_enob": off.enob, "product_enob_corrected": off.enob_corrected}
        metrics |= {name: Metric(value, "bit") for name, value in bits.items()}
    if len(currents) > 1:
        spread = rms(currents.std(axis=0, ddof=1)) / full_a
        metrics["die_spread_rms"] = Metric(spread, "frac")
        if spread:
            metrics["die_enob"] = Metric(effective_bits(spread), "bit")
    return metrics


def _products(product: Values, currents: Values, full_a: float) -> Sheet:
    """The ideal product beside the current that was read, of every die, vector and column."""
    wanted = np.broadcast_to(product, currents.shape)
    columns = (*np.indices(currents.shape).reshape(3, -1), wanted.ravel(), currents.ravel())
    heads = ("die", "vector", "column", "ideal (A)", "read (A)", "error (frac)")
    return Sheet(heads, (*columns, (currents - wanted).ravel() / full_a))


def _written(folder: Path, stem: str, currents: Values, sheets: Mapping[str, Sheet]) -> dict[str, str]:
    """Currents as .npy (dies, vectors, cols) and as a table, one line a die and vector; and each sheet."""
    held = io.BytesIO()
    np.save(held, currents)
    heads = ["die", "vector", *(f"column {j} (A)" for j in range(currents.shape[2]))]
    lines = [",".join(heads)]
    for die, vector in np.ndindex(*currents.shape[:2]):
        lines.append(",".join([f"{die}", f"{vector}", *(f"{i:.9g}" for i in currents[die, vector])]))
    return {
        "currents": str(write_whole(folder / f"{stem}.npy", held.getvalue())),
        "table": str(write_whole(folder / f"{stem}.csv", "\n".join([*lines, ""]))),
        **{name: str(write_whole(folder / f"{stem}_{name}.csv", sheet.csv())) for name, sheet in sheets.items()},
    }
