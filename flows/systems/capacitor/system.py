"""Unit capacitors and capacitor arrays as a system."""

from __future__ import annotations

from collections.abc import Mapping

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.area_use import area_section
from analoom.flows.statistics.drawn_placement import placement_section
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, Sizes, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf
from analoom.pdk.errors import InputError

from . import bench, glossary
from .balance import balance
from .budget import budget
from .mismatch import CapacitorStatistics
from .sections import wired_sections
from .settings import CapacitorAnalysis

LEAST_UNITS = 4
"""Weights 1, 1, 2."""


def _statistics(
    cell: Cell, model: str, settings: CapacitorAnalysis, weights: NDArray[float64] | None
) -> CapacitorStatistics:
    return CapacitorStatistics(cell, model, settings)


def _binary(spec: Mapping[str, object], rows: int, cols: int) -> dict[str, object]:
    """Weights 1, 1, 2, 4, ... of as many units as the grid has. Raises InputError where that is no power of two."""
    units = rows * cols
    if "weights" not in spec:
        raise InputError("a single capacitor has no sizes ROWSxCOLS", field="sizes", remedy="cap_array")
    if units < LEAST_UNITS or units & (units - 1):
        said = (
            f"sizes = {rows}x{cols}: {units} units; weights 1, 1, 2, 4, ... need a power of two, {LEAST_UNITS} at least"
        )
        raise InputError(said, field="sizes", remedy="--sizes 4x4,8x8,16x16")
    return {"weights": [1, *(2**k for k in range(units.bit_length() - 1))]}


CAPACITOR = System(
    name="capacitor",
    kind="capacitor",
    pins=("top",),
    bench=BenchOf[bench.Settings](bench.Settings, bench.measure),
    renamed=bench.RENAMED,
    glossary=glossary.CAPACITOR,
    mismatch=AnalysisOf[CapacitorAnalysis](CapacitorAnalysis, _statistics, budget),
    sections=(area_section, placement_section, wired_sections),
    judged_by_ngspice=("ratio_error", "inl", "dnl"),
    limits=Limits(("ratio_error",), not_normal=("ratio_error",)),
    resolution=Resolution("inl", lambda spec, bits: 2**bits),
    balance=balance,
    sizes=Sizes("grid of units, binary weights", _binary),
    shown_first=FirstShown(
        change=("ratio_error",),
        sigma=("ratio_error",),
        headline=(
            Headline("ratio_error", "random error of the least certain weight's share, one sigma"),
            Headline("c_bottom", "capacitance from `top` to `bottom`"),
        ),
    ),
)

RECORDS = {CAPACITOR.kind: CAPACITOR}
