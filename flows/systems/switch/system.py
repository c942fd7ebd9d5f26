"""Switches as a system: clocked ones, and those that a stored bit closes."""

from __future__ import annotations

from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import BenchOf

from . import bench, glossary

SWITCH = System(
    name="switch",
    kind="switch",
    pins=("a", "vdd", "vss"),
    glossary=glossary.SWITCH,
    bench=BenchOf[bench.Settings](bench.Settings, bench.measure),
    shown_first=FirstShown(
        change=("r_on_max",),
        headline=(Headline("r_on_max", "largest resistance of the closed switch, from rail to rail"),),
    ),
)

RECORDS = {SWITCH.kind: SWITCH}
