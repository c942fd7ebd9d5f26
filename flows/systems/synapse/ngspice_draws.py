"""Factors of synapses drawn by the model file itself: many copies in one netlist, each with a stored voltage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.cells.model.reading import Reading
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import draws
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC

from .read_path import own_nets, read_transistors
from .reading import input_sources

Array = NDArray[np.float64]

COPIES = 100


@dataclass(frozen=True)
class CopiedSynapse:
    """A synapse, how it is read, its full input (V) and the family of models it is drawn from."""

    synapse: Cell
    reading: Reading
    v_read: float
    model: str


def draw_factors(copied: CopiedSynapse, stored_v: Array, seed: int) -> Array:
    """Column current over input of an independently drawn synapse at each of `stored_v` (count,) V, (count,) S."""
    column = copied.reading.column
    out: list[float] = []
    for count in draws(len(stored_v), COPIES, seed):
        held = stored_v[len(out) : len(out) + count]
        with circuit(_netlist(copied, held)) as loaded:
            op = loaded.op()
        out += [op[f"v_{column}_{c}#branch"] / copied.v_read for c in range(len(held))]
    return np.array(out)


def _netlist(copied: CopiedSynapse, stored_v: Array) -> str:
    """Read transistors that share every line but not the column, the stored node and nets inside."""
    synapse, reading = copied.synapse, copied.reading
    library = mismatch_library(sizes_of(synapse.circuit), copied.model, "drawn")
    column, node, rest = reading.column, reading.stored, reading.rest_v
    quiet = [p for p in synapse.circuit.ports if p not in reading.inputs and p != column]
    lines = [f"v_{p} {p} 0 {rest[p]}" for p in quiet]
    lines += [*input_sources(reading)[1:], f"vin in_vin 0 {copied.v_read}"]
    for c, held_v in enumerate(stored_v):
        lines += [f"vw_{c} {node}_{c} 0 {float(held_v)!r}", *_copy(copied, c)]
        lines += [f"v_{column}_{c} {column}_{c} 0 {reading.column_rest_v}", f".save v_{column}_{c}#branch"]
    return deck("synapses", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)


def _copy(copied: CopiedSynapse, copy: int) -> Iterator[str]:
    for flat in read_transistors(copied.synapse):
        if isinstance(flat.device, Mos):
            nets = dict(own_nets(copied.synapse, flat, copy, (copied.reading.stored,)))
            name = f"{flat.word}_{copy}"
            yield with_variants(replace(flat.device, name=name, nets=nets).spice())
