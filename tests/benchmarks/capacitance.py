"""Accuracy of extracted capacitances as a table: expected value and its source, found, error, and others' errors.

Writes `out/bench/capacitance.md`; `python tests/benchmarks/capacitance.py` from the project's root.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracles.capacitance_cases import (
    CASES,
    CROSSED,
    PLATES,
    Case,
    alone_af_per_um,
    bus_coupling_af_per_um,
    crossed,
    pair_af_per_um,
    plates_af,
)
from oracles.field_solver import Box, per_length_af_per_um

from analoom.pdk.layers import Layer
from analoom.pdk.wires import wire_tables

LEVELS = ((Layer.LI1, 0.17), (Layer.MET1, 0.14), (Layer.MET2, 0.14), (Layer.MET3, 0.3), (Layer.MET4, 0.3))
HEAD = "| case | expected A / B | found | error of the mean | Magic 8.3.677 | KLayout-PEX 0.6.12 | source |"


def row(name: str, expected: tuple[float, float], found: float, others: tuple[float | None, ...], source: str) -> str:
    mean = sum(expected) / 2
    rest = [f"{100 * (x / mean - 1):+.0f} %" if x is not None else "" for x in others]
    cells = [name, f"{expected[0]:.2f} / {expected[1]:.2f}", f"{found:.2f}", f"{100 * (found / mean - 1):+.1f} %"]
    return "| " + " | ".join([*cells, *rest, source]) + " |"


def golden(case: Case, folder: Path) -> str:
    others = case.magic_af, case.klayout_pex_af
    return row(case.name, case.expected_af, case.found(folder), others, case.source)


def solved(layer: Layer, least_um: float, folder: Path) -> Iterator[str]:
    level, source = layer.name.lower(), "own field solver"
    for w in (least_um, 4 * least_um):
        a, b = (float(per_length_af_per_um([Box(0, level, 0, 0, w, 1)], k)[0, 0]) for k in "AB")
        yield row(f"{level} {w:g} um alone", (a, b), alone_af_per_um(layer, w, folder), (None, None), source)
        for s in (2 * least_um, 4 * least_um, 8 * least_um):
            boxes = [Box(0, level, 0, 0, w, 1), Box(1, level, w + s, 0, w + s + w, 1)]
            a, b = (per_length_af_per_um(boxes, k) for k in "AB")
            coupling, ground = pair_af_per_um(layer, w, s, folder)
            name = f"{level} {w:g} um pair at {s:g} um"
            yield row(f"{name}, coupling", (-a[0, 1], -b[0, 1]), coupling, (None, None), source)
            yield row(f"{name}, ground", (a[0].sum(), b[0].sum()), ground, (None, None), source)


def crossings(folder: Path) -> Iterator[str]:
    for drawing, *expected in CROSSED:
        lower, upper = (layer.name.lower() for layer in drawing[:2])
        names = "coupling", f"{lower} to ground", f"{upper} to ground"
        for name, values, found in zip(names, expected, crossed(*drawing, folder), strict=True):
            yield row(f"{upper} x {lower} crossing, {name}", values, found, (None, None), "own field solver")


def plates(folder: Path) -> Iterator[str]:
    names = "inner to side", "across a corner", "corner to side"
    for gap_um, expected in PLATES.items():
        for name, value, found in zip(names, expected, plates_af(gap_um, folder), strict=True):
            text = f"met3 plates {gap_um:g} um apart, {name}"
            yield row(text, (value, value), found, (None, None), "own field solver, A only")


def buses(layer: Layer, folder: Path) -> str:
    """Largest and rms error at the nodes, over all widths."""
    table = wire_tables().table(layer, "field")
    errors = [
        bus_coupling_af_per_um(layer, float(w), float(s), folder) / (2e18 * cc) - 1
        for w, ccs in zip(table.w_um, table.cc_f_per_um, strict=True)
        for s, cc in zip(table.s_um, ccs, strict=True)
    ]
    worst, rms = np.abs(errors).max(), np.sqrt(np.mean(np.square(errors)))
    return f"| {layer.name.lower()} | {len(errors)} | {100 * worst:.2f} % | {100 * rms:.2f} % |"


def report(folder: Path) -> str:
    lines = [
        "Values in aF, of wires in aF/um; A and B: the field solution with the drawing's and with fitted oxides.",
        "",
    ]
    lines += [HEAD, "|---" * 7 + "|", *(golden(case, folder) for case in CASES)]
    lines += [text for layer, least in LEVELS for text in solved(layer, least, folder)]
    lines += [*crossings(folder), *plates(folder)]
    lines += ["", "Buses of nine wires, middle wire, all coupling, against the foundry's table at its nodes:", ""]
    lines += ["| level | nodes | largest error | rms |", "|---|---|---|---|"]
    lines += [buses(layer, folder) for layer in (Layer.POLY, *(layer for layer, _ in LEVELS), Layer.MET5)]
    return "\n".join(lines) + "\n"


def main() -> int:
    out = Path("out/bench/capacitance.md")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        out.write_text(report(Path(folder)))
    sys.stdout.write(out.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
