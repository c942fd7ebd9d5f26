"""The error budget of a cell by source: random, gradient, routing and IR drop, each alone, as fractions of full scale.

Sources are independent; each is a root mean square over what is read (columns of an array, weights of a capacitor
array). Random comes from the models, gradient from the drawn positions and an assumed slope, IR drop and routing from
the extraction of the drawn cell (of a pair or mirror: the change of its simulated ratios). A source that a cell has
not, or that is not computed for it, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Kind, weave_of
from analoom.flows.statistics.error_wires import capacitor_wires, transistor_wires, wires_to_top_f
from analoom.flows.statistics.settings import AnalysisSettings, settings_of
from analoom.flows.systems.crossbar.mismatch import CrossbarStatistics
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch_terms import DEFAULT_MODEL

from .mismatch import statistics_of

Array = NDArray[np.float64]


def error_budget(
    cell: Cell,
    model: str = DEFAULT_MODEL,
    settings: Mapping[str, Any] | None = None,
    weights: Array | None = None,
    wires_f: Array | None = None,
) -> dict[str, float]:
    """Errors by source, fractions: "random", "gradient", "routing", "ir_drop" as far as known, and "total".

    Arrays: root mean square over columns of the column error by full scale, stored weights, inputs full. Pairs and
    mirrors: the gain error; multipliers: the same, random split into "loop", "mirrors" and "dac". Capacitor arrays:
    the largest ratio error; `wires_f`: the couplings of their wires to `top`, (weights,) F, where they are extracted
    already. Charge multipliers: the worst output (`error_mac`). Raises InputError for a kind without a budget.
    """
    chosen = settings_of(cell.kind).parse(dict(settings or {}), prefix="settings.")
    found = _BUDGETS.get(cell.kind, _none)(cell, model, chosen, weights, wires_f)
    found["total"] = float(np.sqrt(sum(v**2 for v in found.values())))
    return found


def has_budget(kind: Kind) -> bool:
    """Whether the error of cells of this kind can be split by source."""
    return kind in _BUDGETS


def _array(
    cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    statistics: CrossbarStatistics = statistics_of(cell, model, settings, weights)
    found = {
        "random": float(np.sqrt(np.mean(statistics.column_sigmas**2))),
        "gradient": _array_gradient(statistics, settings.gradient_vth),
    }
    if statistics.ir_drop is not None:
        found["ir_drop"] = statistics.ir_drop
    return found


def _array_gradient(statistics: CrossbarStatistics, gradient_v_um: float) -> float:
    """Threshold plane over the whole array, in the direction where the columns suffer most."""
    rows, cols = statistics.shape
    px, py = (n / 1000 for n in weave_of(statistics.cell).pitch_nm)
    slope = statistics.response.per_volt(statistics.stored) * gradient_v_um / statistics.full_scale_s
    x, y = (np.arange(n) - (n - 1) / 2 for n in (cols, rows))
    parts = np.stack([slope.sum(axis=0) * x * px, (slope * (y * py)[:, None]).sum(axis=0)])
    return float(np.sqrt(np.linalg.eigvalsh(parts @ parts.T / cols)[-1]))


def _pair(
    cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """A pair's, or of a mirror the random error of its least certain output and the worst of the others'."""
    from analoom.flows.statistics.gradient import plane_errors, units_of

    statistics = statistics_of(cell, model, settings)
    spread = statistics.closed()["gain_error"].sigma
    per_volt = statistics.response.sigma_log() / statistics.response.sigma_vth()
    offsets = [plane_errors(units_of(g), getattr(settings, "gradient_vth", 0.0))[0] for g in cell.match_groups]
    shift = max((float(np.abs(np.ptp(o, axis=1)).max()) for o in offsets), default=0.0)
    point = {"v_ds": settings.model_dump()["v_ds"], "i_square": statistics.point["i_square"]}
    return {"random": spread, "gradient": per_volt * shift, "routing": transistor_wires(cell, point)}


def _capacitors(
    cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    from analoom.flows.statistics.gradient import tilted, units_of

    statistics = statistics_of(cell, model, settings)
    found = {"random": statistics.closed()["ratio_error"].sigma}
    if cell.match_groups and len(statistics.pins) > 1:
        units = units_of(cell.match_groups[0])
        shares = tilted(units, settings.gradient_frac_um)
        ideal = units.areas / units.areas.sum()
        found["gradient"] = float(np.abs(shares / shares.sum(axis=1, keepdims=True) / ideal - 1).max())
    if len(statistics.pins) > 1:
        wires_f = wires_to_top_f(cell, statistics.pins) if wires_f is None else wires_f
        found["routing"] = capacitor_wires(statistics.nominal[0], wires_f)
    return found


def _multiplier(
    cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Random errors of the gain by part, and a threshold plane over the match groups; wires move it by 1e-4 at most."""
    from analoom.flows.systems.translinear.mismatch import SOURCES

    statistics = statistics_of(cell, model, settings)
    closed = statistics.closed()
    found = {source: closed[f"gain_error_{source}"].sigma for source in SOURCES}
    return {**found, "gradient": statistics.gradient_error(settings.gradient_vth)}


def _mac(
    cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    from analoom.flows.systems.charge_mac.budget import mac_budget

    return mac_budget(cell, statistics_of(cell, model, settings, weights), settings.gradient_frac_um)


def _none(
    cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    raise InputError(f"there is no error budget for a {cell.kind.value}", field="name")


_BUDGETS = {
    Kind.ARRAY: _array,
    Kind.PAIR: _pair,
    Kind.MIRROR: _pair,
    Kind.CAPACITOR: _capacitors,
    Kind.MULTIPLIER: _multiplier,
    Kind.MAC: _mac,
}
