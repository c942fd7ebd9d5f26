"""Somas and synapses of current-mode networks as systems."""

from __future__ import annotations

from analoom.flows.systems.record import System
from analoom.flows.systems.typed import BenchOf

from . import glossary, soma_bench, synapse_bench

SOMA = System(
    name="current_network",
    kind="current_soma",
    pins=("iin", "vp", "vn"),
    glossary=glossary.SOMA,
    bench=BenchOf[soma_bench.Settings](soma_bench.Settings, soma_bench.measure),
)

SYNAPSE = System(
    name="current_network",
    kind="current_synapse",
    pins=("vp", "vn", "wl", "iout"),
    glossary=glossary.SYNAPSE,
    bench=BenchOf[synapse_bench.Settings](synapse_bench.Settings, synapse_bench.measure),
)

RECORDS = {system.kind: system for system in (SOMA, SYNAPSE)}
