"""The fastest way to let ngspice draw transistors: plain device lines on a common drain, thresholds given, one circuit.

Bulk resistances and diffusion squares are left out, which the large circuits of this size need to be solved at all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import numpy as np

from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.transistor.mismatch import TransistorStatistics
from analoom.flows.systems.transistor.unit_copies import units_library

_DELVTO = re.compile(r"delvto=\{(\w+)\}")
_DIFFUSION = re.compile(r"\b(nrd|nrs)=\S+")


def flat_seconds(statistics: TransistorStatistics, v_op: float, devices: int, seed: int) -> tuple[float, float]:
    """(loading, operating point) s of `devices` transistors with thresholds of their own, currents of all read back."""
    text = flat_way_netlist(statistics, v_op, devices, seed)
    at = time.perf_counter()
    with circuit(text) as loaded:
        solving = time.perf_counter()
        op = loaded.op()
        done = time.perf_counter()
    currents = [value for name, value in op.items() if name.endswith("[id]")]
    if len(currents) != devices or not min(currents) < max(currents):
        raise RuntimeError(f"{len(currents)} currents of {devices} devices, {len(set(currents))} of them different")
    return solving - at, done - solving


def flat_way_netlist(statistics: TransistorStatistics, v_op: float, devices: int, seed: int) -> str:
    """Devices on common lines, each with a threshold shift drawn here."""
    unit, sigma = statistics.unit, statistics.unit_sigmas(statistics.unit)["delvto"]
    drawn = iter(np.random.default_rng(seed).standard_normal(devices) * sigma)
    line = with_flat_lines(unit.spice(), bulk=False)
    line = re.sub(r"^M\S+ \S+ \S+ \S+ \S+", "M@ d g 0 0", _DIFFUSION.sub("", line))
    shifted: Callable[[re.Match[str]], str] = lambda found: f"delvto={{{found[1]}+{next(drawn):.9g}}}"  # noqa: E731
    lines = [_DELVTO.sub(shifted, line.replace("@", str(k))) + " nrd=0 nrs=0" for k in range(devices)]
    saved = [f".save @m{k}[id]" for k in range(devices)]
    head = f'.include "{units_library(statistics, "off")}"\n{flat_parameters([size_of(unit)])}\n.temp 27'
    return deck("flat", head, f"vd d 0 {statistics.settings.v_ds}", f"vg g 0 {v_op}", *lines, *saved)
