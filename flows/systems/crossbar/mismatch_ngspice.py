"""Factors of synapses drawn by the model file itself: many copies in one netlist, each with a stored voltage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck, reseed
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.systems.synapse.read_path import own_nets, read_transistors
from analoom.flows.systems.synapse.reading import input_sources
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC

if TYPE_CHECKING:
    from .mismatch import CrossbarStatistics

Array = NDArray[np.float64]

COPIES = 100


def drawn_factors(statistics: CrossbarStatistics, stored_v: Array, seed: int) -> Array:
    """Column current over input of an independently drawn synapse at each of `stored_v` (count,) V, (count,) S."""
    batches, v_read, column = -(-len(stored_v) // COPIES), statistics.range_v[0], statistics.reading.column
    seeds = np.random.SeedSequence(seed).generate_state(batches) % (2**31 - 1) + 1
    out: list[float] = []
    for k, chunk in enumerate(seeds):
        held = stored_v[k * COPIES : (k + 1) * COPIES]
        reseed(int(chunk))
        with circuit(_netlist(statistics, held)) as loaded:
            op = loaded.op()
        out += [op[f"v_{column}_{c}#branch"] / v_read for c in range(len(held))]
    return np.array(out)


def _netlist(statistics: CrossbarStatistics, stored_v: Array) -> str:
    """Read transistors that share every line but not the column, the stored node and nets inside."""
    synapse, reading = statistics.synapse, statistics.reading
    library = mismatch_library(sizes_of(synapse.circuit), statistics.model, "drawn")
    column, node, rest = reading.column, reading.stored, reading.rest_v
    quiet = [p for p in synapse.circuit.ports if p not in reading.inputs and p != column]
    lines = [f"v_{p} {p} 0 {rest[p]}" for p in quiet]
    lines += [*input_sources(reading)[1:], f"vin in_vin 0 {statistics.range_v[0]}"]
    for c, held_v in enumerate(stored_v):
        lines += [f"vw_{c} {node}_{c} 0 {float(held_v)!r}", *_copy(statistics, c)]
        lines += [f"v_{column}_{c} {column}_{c} 0 {reading.column_rest_v}", f".save v_{column}_{c}#branch"]
    return deck("synapses", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)


def _copy(statistics: CrossbarStatistics, copy: int) -> Iterator[str]:
    synapse, stored = statistics.synapse, statistics.reading.stored
    for flat in read_transistors(synapse):
        if isinstance(flat.device, Mos):
            nets = dict(own_nets(synapse, flat, copy, (stored,)))
            name = "_".join([*flat.path, flat.device.name, str(copy)])
            yield with_variants(replace(flat.device, name=name, nets=nets).spice())
