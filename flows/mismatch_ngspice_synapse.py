"""Factors of synapses drawn by the model file itself: many copies in one netlist, each read at one stored voltage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analoom.cells.circuit import Mos

from .mismatch_library import mismatch_library
from .model_variants import with_variants
from .models import sizes_of
from .ngspice import circuit, deck, reseed
from .synapse_bias import BIT, COLUMN, WORD, input_sources, storage_node
from .synapse_response import read_transistors
from .transistor_response import TEMP_DEGC

if TYPE_CHECKING:
    from .mismatch_crossbar import CrossbarStatistics

COPIES = 100


def drawn_factors(statistics: CrossbarStatistics, stored_v: float, count: int, seed: int) -> NDArray[np.float64]:
    """Column current over input of `count` independently drawn synapses at `stored_v` (V), (count,) S."""
    batches, v_read = -(-count // COPIES), statistics.range_v[0]
    seeds = np.random.SeedSequence(seed).generate_state(batches) % (2**31 - 1) + 1
    out: list[float] = []
    for k, chunk in enumerate(seeds):
        copies = min(COPIES, count - k * COPIES)
        reseed(int(chunk))
        with circuit(_netlist(statistics, stored_v, copies)) as loaded:
            op = loaded.op()
        out += [op[f"v_{COLUMN}_{c}#branch"] / v_read for c in range(copies)]
    return np.array(out)


def _netlist(statistics: CrossbarStatistics, stored_v: float, copies: int) -> str:
    """Read transistors that share every line and the stored voltage but not the column."""
    synapse, style = statistics.synapse, statistics.style
    library = mismatch_library(sizes_of(synapse.circuit), statistics.model, "drawn")
    held = {**style.supplies_v, WORD: 0.0, BIT: 0.0}
    quiet = [p for p in synapse.circuit.ports if p not in style.inputs and p != COLUMN]
    lines = [f"v_{p} {p} 0 {held.get(p, 0.0)}" for p in quiet]
    lines += [*input_sources(style)[1:], f"vin in_vin 0 {statistics.range_v[0]}"]
    lines.append(f"vw {storage_node(synapse)} 0 {stored_v}")
    for c in range(copies):
        lines += _copy(statistics, c)
        lines += [f"v_{COLUMN}_{c} {COLUMN}_{c} 0 {style.rest_v}", f".save v_{COLUMN}_{c}#branch"]
    return deck("synapses", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)


def _copy(statistics: CrossbarStatistics, copy: int) -> Iterator[str]:
    for flat in read_transistors(statistics.synapse):
        if isinstance(flat.device, Mos):
            nets = {t: f"{n}_{copy}" if n == COLUMN else n for t, n in flat.nets.items()}
            name = "_".join([*flat.path, flat.device.name, str(copy)])
            yield with_variants(replace(flat.device, name=name, nets=nets).spice())
