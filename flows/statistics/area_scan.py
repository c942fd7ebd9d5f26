"""Sigma over area: both families of models, and silicon, of the transistor that a cell is made of."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import chi2

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import MODELS, random_terms
from analoom.pdk.silicon import DEVICES, PAIRS

from .sections import Asked

_SIDES_UM = np.geomspace(0.5, 10.0, 16)


def area_scan_section(cell: Cell, asked: Asked) -> dict[str, Any]:
    """The section `area_scan`, of the cell's first transistor."""
    return {"area_scan": area_scan(_first_mos(cell))}


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
