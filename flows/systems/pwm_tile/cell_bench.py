"""The bench of a weight: the current of each of its 15 codes, columns held, and what it leaks between pulses.

Codes are held on the bit lines with the word line high, as they are written. A code is worth the current from the
column of its sign less that from the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.cells.pulse_width.circuits import BITS, MOST_CODE, bit_lines, code_bits
from analoom.cells.pulse_width.spec import PwmCellSpec
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.flows.systems.memory.static import LEAK_GMIN_S
from analoom.pdk.errors import InputError

from .linearity import dnl_lsb, inl_lsb, largest
from .operation.cell_lines import unit
from .operation.settings import PulseLevels

Array = NDArray[np.float64]
CODES = np.arange(-MOST_CODE, MOST_CODE + 1).astype(np.float64)
LOW_V = 0.6
"""How far below the reset level columns are held to see the currents fall."""


class Settings(PulseLevels):
    """Where a weight is measured."""

    v_fall: float = Field(
        LOW_V,
        gt=0,
        le=0.8,
        description="how far columns fall, over which the change of the current is told",
        json_schema_extra={"unit": "V"},
    )


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics."""
    spec = cell_spec(dut.cell)
    with circuit(dut.deck(*lines(dut, settings, spec), bulk=False)) as loaded:
        levels = np.array([_current(loaded, dut, settings, int(code)) for code in CODES])
        op = loaded.op()
        power = settings.vdd * float(sum(-op[f"v_{net}#branch"] for net in ("vdd", "colp", "coln", "dump")))
        loaded.set("v_colp", settings.v_res - settings.v_fall)
        fallen = _current(loaded, dut, settings, MOST_CODE)
        loaded.set("v_p", 0.0)
        loaded.set("v_pb", settings.v_cas)
        leak = float(-loaded.op()["v_colp#branch"])
    metrics = {
        "current_unit": Metric(float(levels[-1]) / MOST_CODE, "A"),
        "inl_weight": Metric(largest(inl_lsb(CODES, levels)), "LSB"),
        "dnl_weight": Metric(largest(dnl_lsb(CODES, levels)), "LSB"),
        "neg_over_pos": Metric(float(-levels[0] / levels[-1]), "frac"),
        "level_fall": Metric(float(fallen / levels[-1] - 1), "frac"),
        "leakage": Metric(abs(leak), "A"),
        "power": Metric(power, "W"),
    }
    return Measured(metrics, {"levels": Curve(CODES, levels, "code", "current (A)")})


def cell_spec(cell: Cell) -> PwmCellSpec:
    """The spec of a weight. Raises InputError for any other cell."""
    if not isinstance(cell.spec, PwmCellSpec):
        raise InputError(f"{cell.name} is no pwm_cell", field="name", remedy="analoom sim pwm_cell")
    return cell.spec


def lines(dut: Dut, settings: Settings, spec: PwmCellSpec) -> Iterator[str]:
    """The bench's lines, the pulse on: a unit drives the gate line with the current it is meant for."""
    held = {"vdd": settings.vdd, "vss": 0.0, "wl": settings.vdd, "p": settings.v_cas, "pb": 0.0}
    held |= {"colp": settings.v_res, "coln": settings.v_res, "dump": settings.v_dump}
    yield f".option gmin={LEAK_GMIN_S:g} reltol=1e-5 abstol=1e-16"
    yield from (f"v_{net} {net} 0 {level!r}" for net, level in held.items())
    yield f"i_unit 0 vbn {spec.unit_current!r}"
    yield with_flat_lines(unit(spec, "reference", "vbn").spice())
    yield from (f"v_{line} {line} 0 {level!r}" for line, level in _bit_levels(0, settings.vdd))


def _current(loaded: Loaded, dut: Dut, settings: Settings, code: int) -> float:
    """Current of a code, A, by its sign."""
    for line, level in _bit_levels(code, settings.vdd):
        loaded.set(f"v_{line}", level)
    op = loaded.op()
    return float(op["v_coln#branch"] - op["v_colp#branch"])


def _bit_levels(code: int, vdd: float) -> Iterator[tuple[str, float]]:
    for bit, high in zip(BITS, code_bits(code), strict=True):
        for line, level in zip(bit_lines(bit), (high, 1 - high), strict=True):
            yield line, vdd * level
