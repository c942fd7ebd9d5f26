"""The amplifier of a hidden column as a system."""

from __future__ import annotations

from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import BenchOf

from .bench import measure_amplifier
from .glossary import AMPLIFIER as MEANINGS
from .settings import AmplifierSettings

AMPLIFIER = System(
    name="trained_crossbar",
    kind="column_amplifier",
    pins=("in", "rest", "outn", "bias"),
    glossary=MEANINGS,
    bench=BenchOf[AmplifierSettings](AmplifierSettings, measure_amplifier),
    shown_first=FirstShown(
        change=("bandwidth",),
        sigma=("input_current",),
        headline=(Headline("input_current", "random current that it takes from its column, one sigma"),),
    ),
)
