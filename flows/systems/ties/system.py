"""Antenna diodes and taps as a system."""

from __future__ import annotations

from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import BenchOf

from . import diode_bench, glossary, tap_bench

ANTENNA_DIODE = System(
    name="ties",
    kind="diode",
    pins=("c", "a"),
    glossary=glossary.DIODE,
    bench=BenchOf[diode_bench.Settings](diode_bench.Settings, diode_bench.measure),
    shown_first=FirstShown(
        change=("c_c",), headline=(Headline("antenna_met1", "sidewall of each metal allowed, by the gate area"),)
    ),
)
TAP = System(
    name="ties",
    kind="tap",
    pins=("vdd", "vss"),
    glossary=glossary.TAP,
    bench=BenchOf[tap_bench.Settings](tap_bench.Settings, tap_bench.measure),
    shown_first=FirstShown(headline=(Headline("contacts_vdd", "contacts of the n-well's tap"),)),
)

RECORDS = {record.kind: record for record in (ANTENNA_DIODE, TAP)}
