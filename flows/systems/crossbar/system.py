"""An array of synapses as a system."""

from __future__ import annotations

from dataclasses import replace

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, weave_of
from analoom.flows.statistics.area_scan import area_scan_section
from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.record import FirstShown, Headline, Resolution, Sizes, count_in
from analoom.flows.systems.synapse.settings import ReadAnalysis
from analoom.flows.systems.synapse.size_scan import size_scan
from analoom.flows.systems.synapse.system import SYNAPSE
from analoom.flows.systems.typed import AnalysisOf, BenchOf
from analoom.generators.crossbar.matrix import synapse_of

from . import bench
from .budget import budget
from .large.batch import read_batch
from .large.bench import beyond_ngspice, measure_large
from .mapping import map_to_array
from .mismatch import CrossbarStatistics
from .read.glossary import CROSSBAR as CROSSBAR_GLOSSARY
from .read.metrics import RENAMED
from .read.settings import CrossbarSettings

MOST_CELLS_DRAWN = 64 * 64
"""Synapses up to which samples are drawn for histograms without being asked for."""


def _statistics(cell: Cell, model: str, settings: ReadAnalysis, weights: NDArray[float64] | None) -> CrossbarStatistics:
    return CrossbarStatistics(cell, weights, model, settings)


def _sizes(cell: Cell, asked: Asked) -> dict[str, object]:
    return size_scan(synapse_of(cell), asked, _shape(cell))


def _few(cell: Cell) -> bool:
    rows, cols = _shape(cell)
    return rows * cols <= MOST_CELLS_DRAWN


def _shape(cell: Cell) -> tuple[int, int]:
    return weave_of(cell).shape


CROSSBAR = replace(
    SYNAPSE,
    name="crossbar",
    kind="array",
    renamed=RENAMED,
    glossary=CROSSBAR_GLOSSARY,
    weights_unit="V",
    bench=BenchOf[CrossbarSettings](CrossbarSettings, bench.measure, beyond_ngspice, measure_large),
    mismatch=AnalysisOf[ReadAnalysis](ReadAnalysis, _statistics, budget),
    scans=(area_scan_section, _sizes),
    resolution=Resolution("column_error", lambda spec, bits: count_in(spec, "cols"), ("worst_column_error",)),
    sizes=Sizes("rows x columns", lambda spec, rows, cols: {"rows": rows, "cols": cols}),
    shown_first=FirstShown(
        change=("row_pedestal",),
        sigma=("cell_gain_error",),
        headline=(
            Headline("enob_total", "effective bits of a column, by random mismatch and IR drop"),
            Headline("enob", "effective bits of a column, by random mismatch"),
        ),
    ),
    draws_unasked=_few,
    read_many=read_batch,
    map_weights=map_to_array,
)

RECORDS = {CROSSBAR.kind: CROSSBAR}
