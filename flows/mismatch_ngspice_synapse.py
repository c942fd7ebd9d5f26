"""Factors of synapses drawn by the model file itself: many copies in one netlist, each read at one stored voltage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.cell import Cell
from analoom.pdk.corners import corner

from .model_variants import with_variants
from .models import sizes_of, trimmed_library
from .ngspice import circuit, deck, reseed
from .synapse_bias import BIT, COLUMN, WORD, ReadStyle, input_sources, storage_node

COPIES = 100


def drawn_factors(
    synapse: Cell, style: ReadStyle, v_read: float, stored_v: float, count: int, seed: int
) -> NDArray[np.float64]:
    """Column current over input of `count` independently drawn synapses, (count,) S."""
    library = trimmed_library(sizes_of(synapse.circuit), corner("tt"), mismatch=True)
    batches = -(-count // COPIES)
    seeds = np.random.SeedSequence(seed).generate_state(batches) % (2**31 - 1) + 1
    out = []
    for k, chunk in enumerate(seeds):
        copies = min(COPIES, count - k * COPIES)
        reseed(int(chunk))
        with circuit(_netlist(synapse, style, library, v_read, stored_v, copies)) as loaded:
            op = loaded.op()
        out += [op[f"v_{COLUMN}_{c}#branch"] / v_read for c in range(copies)]
    return np.array(out)


def _netlist(synapse: Cell, style: ReadStyle, library: Path, v_read: float, stored_v: float, copies: int) -> str:
    """Copies that share every line but the column; each stored node is held by a source of its own."""
    node = storage_node(synapse)
    held = {**style.supplies_v, WORD: 0.0, BIT: 0.0}
    ports = synapse.circuit.ports
    lines = [f"v_{p} {p} 0 {held.get(p, 0.0)}" for p in ports if p not in style.inputs and p != COLUMN]
    lines += [*input_sources(style)[1:], f"vin in_vin 0 {v_read}"]
    for c in range(copies):
        nets = [f"{COLUMN}_{c}" if p == COLUMN else p for p in ports]
        lines += ["\n+ ".join([f"xdut{c}", *nets, synapse.circuit.name])]
        lines += [f"v_{COLUMN}_{c} {COLUMN}_{c} 0 {style.rest_v}", f"vw_{c} xdut{c}.{node} 0 {stored_v}"]
        lines.append(f".save v_{COLUMN}_{c}#branch")
    return deck("synapses", f'.include "{library}"', with_variants(synapse.spice()), *lines)
