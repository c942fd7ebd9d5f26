"""Matched resistors as a system."""

from __future__ import annotations

from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import BenchOf

from . import bench, glossary
from .settings import Settings

RESISTOR = System(
    name="resistor",
    kind="resistor",
    pins=("p", "n", "b"),
    glossary=glossary.RESISTOR,
    bench=BenchOf[Settings](Settings, bench.measure),
    shown_first=FirstShown(
        change=("ratio_error", "r_p1"),
        sigma=("ratio_error", "r_p1"),
        headline=(
            Headline("ratio_error", "error of the ratio of the two resistors that match least"),
            Headline("r_p1", "value of the first resistor"),
        ),
    ),
)

RECORDS = {RESISTOR.kind: RESISTOR}
