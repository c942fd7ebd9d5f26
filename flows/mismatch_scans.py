"""What a mismatch report lays beside the sigmas: both models over the area with silicon, errors by array size."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import chi2

from analoom.cells.model.cell import Cell, Kind
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.statistics.extremes import worst_of
from analoom.flows.statistics.settings import settings_of
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch_terms import DEFAULT_MODEL, MODELS, random_terms
from analoom.pdk.silicon import DEVICES, PAIRS

from .matching import matching_sections
from .mismatch import MismatchReport, mismatch, statistics_of

SIZES = (8, 16, 32, 64, 128, 256, 512, 1024, 2048)
DRAWS, MOST_CELLS_DRAWN = 2000, 64 * 64
_SIDES_UM = np.geomspace(0.5, 10.0, 16)


def with_scans(cell: Cell, report: MismatchReport) -> dict[str, Any]:
    """The report's JSON with all that the kind has of `area`, `converter`, `budget`, `area_scan`, `size_scan`, drawn
    `histograms`."""
    settings = dict(report.settings)
    out = report.to_json()
    out |= matching_sections(cell, report.model, settings, report.seed)
    if cell.kind in (Kind.PAIR, Kind.MIRROR, Kind.DEVICE, Kind.SYNAPSE, Kind.ARRAY, Kind.MULTIPLIER):
        out["area_scan"] = area_scan(_first_mos(cell))
    if cell.kind in (Kind.SYNAPSE, Kind.ARRAY):
        out["size_scan"] = size_scan(cell, report.model, settings)
    if not out["histograms"] and _cells(cell) <= MOST_CELLS_DRAWN:
        seed = 1 if report.seed is None else report.seed
        drawn = mismatch(cell, report.model, "mc", DRAWS, seed, settings=settings | {"precision": None})
        out["histograms"] = {name: dict(h) for name, h in drawn.histograms.items()}
    return out


def area_scan(device: MosDevice) -> dict[str, Any]:
    """Sigma of ONE device's gate-referred error over 1/sqrt(W L) for square devices: both models, and silicon.

    `binned` is vth0 alone, `binned_weak` with voff too, which acts in weak inversion. Silicon pairs are divided
    by sqrt(2); their interval is chi-squared with one degree of freedom a pair.
    """
    lines: dict[str, list[float]] = {"inverse_root_area": [1 / x for x in _SIDES_UM]}
    for model in MODELS:
        terms = [random_terms(device, float(x), float(x), model=model) for x in _SIDES_UM]
        lines[model] = [t.get("delvto", t.get("vth0", 0.0)) for t in terms]
        if any("voff" in t for t in terms):
            lines[f"{model}_weak"] = [float(np.hypot(t["vth0"], t.get("voff", 0.0))) for t in terms]
    return {"device": device.name, "lines": lines, "silicon": _silicon(device)}


def size_scan(cell: Cell, model: str = DEFAULT_MODEL, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Random errors of N x N arrays: a column of full weights, and the worst of N such columns."""
    chosen = settings_of(cell.kind).parse({**(settings or {}), "ir_drop": False}, prefix="settings.")
    one = statistics_of(cell, model, chosen).closed()["cell_gain_error"].sigma
    return {
        "sizes": list(SIZES),
        "cell": one,
        "column": [one / sqrt(n) for n in SIZES],
        "worst_of_n": [worst_of(np.full(n, one / sqrt(n))) for n in SIZES],
        "shape": list(_shape(cell)),
    }


def _silicon(device: MosDevice) -> dict[str, Any]:
    pairs = [p for p in PAIRS if p.device == device.name]
    points = [d for d in DEVICES if d.device == device.name]
    return {
        "slopes": [
            {"v_um": p.pair_v_um / sqrt(2), "ci95": _interval(p.pair_v_um / sqrt(2), p.pairs), "pairs": p.pairs}
            for p in pairs
        ],
        "points": [
            {"inverse_root_area": 1 / sqrt(d.w_um * d.l_um), "sigma_v": d.sigma_v, "ci95": list(d.ci95_v)}
            for d in points
        ],
    }


def _interval(sigma: float, freedom: int) -> list[float]:
    """95 % interval of a sigma about a known mean from `freedom` values."""
    high, low = chi2.ppf([0.975, 0.025], freedom)
    return [sigma * sqrt(freedom / high), sigma * sqrt(freedom / low)]


def _first_mos(cell: Cell) -> MosDevice:
    for flat in flat_devices(cell.circuit):
        if isinstance(flat.device, Mos):
            return flat.device.device
    raise InputError(f"{cell.name} holds no transistor", field="name")


def _shape(cell: Cell) -> tuple[int, int]:
    return cell.weave.shape if cell.weave else (1, 1)


def _cells(cell: Cell) -> int:
    rows, cols = _shape(cell)
    return rows * cols
