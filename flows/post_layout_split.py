"""What of the step from schematic to layout the capacitances make, what the resistances, and what both together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.mapped_weights import WeightScale
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.pex.parasitics.record import NetC, Parasitics

from .simulate import simulate


def split(
    cell: Cell,
    schematic: SimResult,
    post: SimResult,
    capacitances: Parasitics,
    network: Parasitics,
    weights: NDArray[np.float64] | None = None,
    worth: WeightScale | None = None,
) -> dict[str, Any]:
    """Differences from the schematic by metric: {value, unit, c, r, both}, the last three what each adds.

    `post` is the view with both, simulated with `network`; `capacitances` the lumped parasitics; `weights` and `worth`
    are those of both simulations. None stands where a
    part was not simulated: the writing of an array whose transients have no resistances.
    """
    settings = _settings(schematic)
    writes = "largest_transient" in settings
    alone = replace(network, mode="r", transient=None if writes else _without_capacitances(network.transient))
    of_r = {**settings, "largest_transient": 0} if network.transient and writes else settings
    views = {
        "c": _simulated(cell, schematic, capacitances, settings, weights, worth),
        "r": _simulated(cell, schematic, alone, of_r, weights, worth),
        "both": post,
    }
    metrics = {
        name: {
            "value": metric.value,
            "unit": metric.unit,
            **{k: v.metrics[name].value - metric.value if name in v.metrics else None for k, v in views.items()},
        }
        for name, metric in schematic.metrics.items()
        if name in post.metrics
    }
    return {
        "metrics": metrics,
        "resistors": network.resistors,
        "capacitors": network.capacitors,
        "notes": list(network.notes),
    }


def _without_capacitances(parasitics: Parasitics | None) -> Parasitics | None:
    """What moves where resistances alone are asked for."""
    return replace(parasitics, nets={name: NetC(0.0) for name in parasitics.nets}) if parasitics else None


def _simulated(
    cell: Cell,
    like: SimResult,
    parasitics: Parasitics,
    settings: dict[str, Any],
    weights: NDArray[np.float64] | None,
    worth: WeightScale | None,
) -> SimResult:
    return simulate(cell, "post", like.corner, like.temp_degc, parasitics, weights, None, settings, worth)


def _settings(schematic: SimResult) -> dict[str, Any]:
    """Those of the schematic's run; an array is not solved a second time, as its network is complete."""
    given = dict(schematic.settings)
    return {**given, "ir_drop": False} if "ir_drop" in given else given
