"""Tiles of pulses and their weights as systems."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System, count_in
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import cell_bench, glossary, network_bench, tile_bench
from .mismatch import TileAnalysis, TileStatistics
from .operation.program import TileSettings
from .solved import beyond_ngspice, solve


def _of_tile(cell: Cell, model: str, settings: TileAnalysis, weights: NDArray[float64] | None) -> TileStatistics:
    return TileStatistics(cell, weights, model, settings)


CELL = System(
    name="pwm_tile",
    kind="pwm_cell",
    pins=("p", "pb", "colp", "coln", "dump", "wl"),
    glossary=glossary.CELL,
    bench=BenchOf[cell_bench.Settings](cell_bench.Settings, cell_bench.measure),
    shown_first=FirstShown(change=("current_unit",)),
)

TILE = System(
    name="pwm_tile",
    kind="pwm_tile",
    pins=("in", "out", "iunit", "icmp", "vcas", "vres", "vdump", "reset", "read"),
    glossary=glossary.TILE,
    weights_unit="",
    bench=BenchOf[TileSettings](TileSettings, tile_bench.measure, beyond_ngspice, solve),
    wiring=Wiring(
        capacitances_only="wires without resistance: kilohms of a column or a line of pulses, on femtofarads, are "
        "thousandths of the shortest pulse"
    ),
    mismatch=AnalysisOf[TileAnalysis](TileAnalysis, _of_tile),
    limits=Limits(("column_error",)),
    resolution=Resolution("column_error", lambda spec, bits: count_in(spec, "cols")),
    shown_first=FirstShown(
        change=("pulse_gain",),
        sigma=("column_error",),
        headline=(
            Headline("column_error", "random error of the least certain column, one sigma"),
            Headline("tops_per_w", "operations by energy, converters counted"),
        ),
    ),
    draws_unasked=lambda cell: False,
)

NETWORK = System(
    name="pwm_tile",
    kind="pwm_network",
    pins=("in", "bias", "out", "vcas", "vres", "vdump"),
    glossary=glossary.NETWORK,
    bench=BenchOf[TileSettings](TileSettings, network_bench.measure),
    shown_first=FirstShown(headline=(Headline("tops_per_w", "operations by energy, converters counted"),)),
)

RECORDS = {system.kind: system for system in (CELL, TILE, NETWORK)}
