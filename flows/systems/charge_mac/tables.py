"""Tables of a charge-domain multiplier's report: gain over code of both variants, area by part, energy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.measured import Metric, Table
from analoom.flows.files.quantity import quantity
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.pdk.corners import Corner

from .cycle import Settings
from .solver import load_of, parts_of, row_source
from .unit import switch_node, switches_of
from .weights import bits_of, spec_of

Values = NDArray[np.float64]

VARIANTS = ("complementary", "naive")
_MOST_CODES = 8

CHIPS = (
    (
        "Bankman, JSSC 54(1) 2019",
        "28 nm",
        "3.8 uJ a classification (CIFAR-10, 86 %), 0.9 mW at 237 frames/s: the whole processor with its memory",
    ),
    ("CAP-RAM, arXiv 2107.02388", "65 nm", "49.4 TOPS/W: the macro with its 7-bit converters"),
    (
        "ARCHON, doi 10.1109/ISSCC42614.2022.9731654",
        "28 nm",
        "332.7 TOPS/W: the analog datapath alone, 5 bits; the processor 19.9 TOPS/W",
    ),
    ("IMPACT, 2023", "22 nm FD-SOI", "813 TOPS/W: current-domain; the accelerator, normalised to 4 bits, at 64 MHz"),
)
"""The chips the lecture cites: source, process, and the figure with what it counts. Their definitions differ."""


def gain_over_code(cell: Cell, corner: Corner, temp_degc: float, settings: Settings) -> tuple[Values, Values, Values]:
    """Codes (codes,), gain and capacitance (F) of a sum whose weights are all that code, from the circuit.

    To first order: the switches by their capacitance at vcm.
    """
    spec = spec_of(cell)
    parts, dut = parts_of(cell, "schematic", corner, temp_degc, settings), switches_of(cell, corner, temp_degc)
    codes = np.unique(np.round(np.linspace(1, spec.largest, min(_MOST_CODES, spec.largest))))
    gains, farads = [], []
    for code in codes:
        stored = bits_of(np.full((1, spec.inputs), code), spec)[0]
        seen = row_source(parts, parts.wires[0], stored)
        node_f = switch_node(dut, settings, load_of(parts, seen, parts.wires[0], stored)).whole_f
        gains.append(seen.per_volt.sum() * seen.c_f / node_f * spec.largest / code)
        farads.append(node_f)
    return codes, np.array(gains), np.array(farads)


def tables(
    cell: Cell, corner: Corner, temp_degc: float, settings: Settings, metrics: Mapping[str, Metric]
) -> tuple[Table, ...]:
    """All tables of the report."""
    return (
        cure(cell, corner, temp_degc, settings),
        *areas(cell),
        energies(metrics["tops_per_w"].value, metrics["energy_mac"].value),
    )


def cure(cell: Cell, corner: Corner, temp_degc: float, settings: Settings) -> Table:
    """Both variants of the array side by side: the naive one's gain follows its total capacitance."""
    spec, found = spec_of(cell), {}
    for variant in VARIANTS:
        twin = cell if spec.variant == variant else charge_mac(spec.model_copy(update={"variant": variant}))
        found[variant] = gain_over_code(twin, corner, temp_degc, settings)
    codes = found[VARIANTS[0]][0]
    heads = ("all weights", *(f"{what}, {v}" for v in VARIANTS for what in ("capacitance", "gain")))
    rows = tuple(
        (f"{code:g}", *(word for v in VARIANTS for word in _words(found[v], k))) for k, code in enumerate(codes)
    )
    note = (
        "Gain: (V_out - V_cm) over the sum of w x by N w_max, from the circuit; the naive array lets unused units go."
    )
    return Table("Gain against code and total capacitance", heads, rows, note)


def areas(cell: Cell) -> tuple[Table, ...]:
    """Area by part; none of a cell that was not drawn."""
    parts = cell.areas_um2
    whole = sum(parts.values())
    rows = tuple((name, f"{area:.1f} um2", quantity(area / whole, "frac")) for name, area in parts.items())
    return (Table("Area by part", ("part", "area", "share"), rows, ""),) if rows else ()


def energies(tops_w: float, mac_j: float) -> Table:
    """This array beside the lecture's chips, each with what its figure counts."""
    ours = (
        "this array, simulated",
        "130 nm",
        f"{tops_w:.4g} TOPS/W, {quantity(mac_j, 'J')} a MAC: what inputs, common mode, switches and supply take up, "
        "weights at rest; no converters, no silicon",
    )
    note = "1 MAC is 2 operations. The definitions differ: no ranking follows."
    return Table("Energy", ("source", "process", "figure, and what it counts"), (ours, *CHIPS), note)


def _words(found: Sequence[Values], k: int) -> tuple[str, str]:
    _, gains, farads = found
    return quantity(float(farads[k]), "F"), f"{gains[k]:.4g}"
