"""The bench of a synapse: what each of its 15 codes takes of a soma's current, and what it leaks.

A soma without mismatch drives its gate lines. Codes are held on the bit lines with the word line high, as they are
written. A level is the current out of `iout` by the soma's: a quarter a step by design.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import BITS, MOST_CODE, bit_lines, code_bits
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.pdk.corners import VDD_V

from .settings import CurrentSettings, soma_current_a, unit_spec
from .unit_lines import SUPPLIES, soma_beside

CODES = tuple(range(-MOST_CODE, MOST_CODE + 1))
TENTH = 0.1

Array = NDArray[np.float64]


class Settings(CurrentSettings):
    """Where a synapse is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics; `level_<code>`, of negative codes `level_m<code>`."""
    full = soma_current_a(dut.cell, settings)
    with circuit(dut.deck(*lines(dut, settings, full))) as loaded:
        levels, powers = over_codes(loaded, full)
        loaded.set("i_in", TENTH * full)
        low, _ = over_codes(loaded, TENTH * full, (MOST_CODE, -MOST_CODE))
    at = dict(zip(CODES, levels, strict=True))
    found = {level_name(code): Metric(level, "frac") for code, level in at.items() if code}
    found["neg_over_pos"] = Metric(-at[-MOST_CODE] / at[MOST_CODE], "frac")
    found["level_change"] = Metric(at[MOST_CODE] / low[0] - 1, "frac")
    found["level_error"] = Metric(_bend(np.array(levels)), "frac")
    found["leakage"] = Metric(abs(at[0]) * full, "A")
    found["power"] = Metric(powers[-1], "W")
    return Measured(found, {"levels": Curve(np.array(CODES, float), np.array(levels), "code", "level")})


def level_name(code: int) -> str:
    """The metric of a code."""
    return f"level_{code}" if code >= 0 else f"level_m{-code}"


def lines(dut: Dut, settings: CurrentSettings, current: float) -> Iterator[str]:
    """The bench's lines: a soma, the output held, and code 0 on the bit lines."""
    yield from (*SUPPLIES, f"v_wl wl 0 {VDD_V!r}", f"v_iout iout 0 {settings.v_pin!r}", f"i_in 0 beside {current!r}")
    yield from soma_beside(unit_spec(dut.cell), "beside", "vp", "vn")
    yield from (f"v_{line} {line} 0 {level!r}" for line, level in bit_levels(0))


def bit_levels(code: int) -> Iterator[tuple[str, float]]:
    """The bit lines of a column and their voltages for a code."""
    stored = code_bits(code)
    for bit in BITS:
        for line, high in zip(bit_lines(bit), (stored[bit], 1 - stored[bit]), strict=True):
            yield line, VDD_V * high


def over_codes(loaded: Loaded, current: float, codes: tuple[int, ...] = CODES) -> tuple[list[float], list[float]]:
    """Levels by the soma's current, and the supply's power (W), (codes,) each."""
    levels, powers = [], []
    for code in codes:
        for line, level in bit_levels(code):
            loaded.set(f"v_{line}", level)
        op = loaded.op()
        levels.append(float(op["v_iout#branch"]) / current)
        powers.append(float(-op["v_vdd#branch"]) * VDD_V)
    return levels, powers


def _bend(levels: Array) -> float:
    """The largest deviation of a level from the line through nothing and the last of its sign, by that last one."""
    codes = np.array(CODES) / MOST_CODE
    ends = np.where(codes > 0, levels[-1], -levels[0])
    return float((np.abs(levels - codes * ends) / np.abs(ends)).max())
