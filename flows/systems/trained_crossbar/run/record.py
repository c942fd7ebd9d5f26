"""The record of crossbars trained in place."""

from __future__ import annotations

from functools import partial

from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary, measure, mismatch
from .settings import AsDrawn, TrainingAnalysis, TrainingSettings

UP_TO_HZ, LEAST_F = 1e8, 1e-17
"""Nodes that are fast at this frequency are eliminated, as a phase lasts a microsecond; couplings below this are left
out: 4,500 of a 2 x 2."""


def crossbar(as_drawn: AsDrawn) -> System:
    """The record; `as_drawn` says what the solver takes of blocks that are drawn."""
    return System(
        name="trained_crossbar",
        kind="trained_crossbar",
        pins=("h", "o", "vss"),
        glossary=glossary.CROSSBAR,
        bench=BenchOf[TrainingSettings](TrainingSettings, partial(measure.measure, as_drawn)),
        wiring=Wiring(options=RcOptions(min_c_f=LEAST_F, up_to_hz=UP_TO_HZ)),
        mismatch=AnalysisOf[TrainingAnalysis](TrainingAnalysis, partial(mismatch.statistics, as_drawn)),
        shown_first=FirstShown(
            change=("nrmse",), headline=(Headline("nrmse", "error after training by the targets' deviation"),)
        ),
        draws_unasked=lambda cell: False,
    )
