"""Accuracy of extracted capacitances as a table: expected value and its source, found, error, and others' errors.

Writes `out/bench/capacitance.md` and `.json`; `python tests/benchmarks/capacitance.py` from the project's root.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracles.capacitance_cases import (
    CASES,
    COLUMN_CELL_AF,
    CROSSED,
    CROSSED_UNSEEN,
    PLATES,
    Case,
    alone_af_per_um,
    bus_coupling_af_per_um,
    column_to_ground_af,
    crossed,
    pair_af_per_um,
    plates_af,
)
from oracles.field_solver import Box, per_length_af_per_um
from oracles.random_agreement import Error, errors, summary

from analoom.pdk.layers import Layer
from analoom.pdk.wires import wire_tables

LEVELS = ((Layer.LI1, 0.17), (Layer.MET1, 0.14), (Layer.MET2, 0.14), (Layer.MET3, 0.3), (Layer.MET4, 0.3))
HEAD = "| case | expected A / B | found | error of the mean | Magic 8.3.677 | KLayout-PEX 0.6.12 | source |"
SOLVER = "own field solver"
COLUMN = "golden; errors as shares of all the column sees"


@dataclass(frozen=True)
class Row:
    """One line: `expected_af` with stacks A and B, errors as fractions of their mean (or of `of_af`)."""

    name: str
    expected_af: tuple[float, float]
    found_af: float
    error_frac: float
    magic_error_frac: float | None
    klayout_pex_error_frac: float | None
    source: str

    def text(self) -> str:
        others = (self.magic_error_frac, self.klayout_pex_error_frac)
        errors = [f"{100 * self.error_frac:+.1f} %", *("" if x is None else f"{100 * x:+.0f} %" for x in others)]
        expected = f"{self.expected_af[0]:.2f} / {self.expected_af[1]:.2f}"
        return "| " + " | ".join([self.name, expected, f"{self.found_af:.2f}", *errors, self.source]) + " |"


def row(
    name: str,
    expected_af: tuple[float, float],
    found_af: float,
    source: str,
    others_af: tuple[float | None, float | None] = (None, None),
    of_af: float | None = None,
) -> Row:
    mean = sum(expected_af) / 2
    errors = [None if x is None else (x - mean) / (of_af or mean) for x in (found_af, *others_af)]
    return Row(name, (float(expected_af[0]), float(expected_af[1])), float(found_af), *errors, source)  # type: ignore[arg-type]


def golden(case: Case, folder: Path) -> Row:
    return row(case.name, case.expected_af, case.found(folder), case.source, (case.magic_af, case.klayout_pex_af))


def solved(layer: Layer, least_um: float, folder: Path) -> Iterator[Row]:
    level = layer.name.lower()
    for w in (least_um, 4 * least_um):
        a, b = (float(per_length_af_per_um([Box(0, level, 0, 0, w, 1)], k)[0, 0]) for k in "AB")
        yield row(f"{level} {w:g} um alone", (a, b), alone_af_per_um(layer, w, folder), SOLVER)
        for s in (2 * least_um, 4 * least_um, 8 * least_um):
            boxes = [Box(0, level, 0, 0, w, 1), Box(1, level, w + s, 0, w + s + w, 1)]
            a, b = (per_length_af_per_um(boxes, k) for k in "AB")
            coupling, ground = pair_af_per_um(layer, w, s, folder)
            name = f"{level} {w:g} um pair at {s:g} um"
            yield row(f"{name}, coupling", (-a[0, 1], -b[0, 1]), coupling, SOLVER)
            yield row(f"{name}, ground", (a[0].sum(), b[0].sum()), ground, SOLVER)


def crossings(folder: Path) -> Iterator[Row]:
    yield row(
        "crossbar cell, column to ground", (0.354, 0.318), column_to_ground_af(folder), COLUMN, of_af=COLUMN_CELL_AF
    )
    for drawings, use in ((CROSSED, "the constants are fitted to it"), (CROSSED_UNSEEN, "no constant is fitted to it")):
        for drawing, *expected in drawings:
            lower, upper = (layer.name.lower() for layer in drawing[:2])
            what = f"{upper} {drawing[3]} nm x {lower} {drawing[2]} nm crossing"
            names = "coupling", f"{lower} to ground", f"{upper} to ground"
            for name, values, found in zip(names, expected, crossed(*drawing, folder), strict=True):
                yield row(f"{what}, {name}", values, found, f"{SOLVER}; {use}")


def plates(folder: Path) -> Iterator[Row]:
    names = "inner to side", "across a corner", "corner to side"
    for gap_um, expected in PLATES.items():
        for name, values, found in zip(names, expected, plates_af(gap_um, folder), strict=True):
            yield row(f"met3 plates {gap_um:g} um apart, {name}", values, found, SOLVER)


def bus_errors(layer: Layer, folder: Path) -> list[float]:
    """Relative error at each node of the table, over all widths."""
    table = wire_tables().table(layer, "field")
    return [
        float(bus_coupling_af_per_um(layer, float(w), float(s), folder) / (2e18 * cc) - 1)
        for w, ccs in zip(table.w_um, table.cc_f_per_um, strict=True)
        for s, cc in zip(table.s_um, ccs, strict=True)
    ]


def all_rows(folder: Path) -> list[Row]:
    wires = [x for layer, least in LEVELS for x in solved(layer, least, folder)]
    return [*(golden(case, folder) for case in CASES), *wires, *crossings(folder), *plates(folder)]


def random_lines(found: dict[str, list[Error]]) -> list[str]:
    """Statistics of the wires drawn at random, then the worst of each sort."""
    lines = [
        "",
        "Wires drawn at random (`oracles/random_wires.json`), mean of both stacks; from a tenth of a total on:",
        "",
    ]
    lines += ["| wires | of | number | median error | 95 % within |", "|---|---|---|---|---|"]
    sorts = [(kind, what) for kind in found for what in ("total", "coupling", "ground")]
    for kind, what in sorts:
        count, median, most = summary(found[kind], what)
        lines.append(f"| {kind} | {what} | {count} | {100 * median:.1f} % | {100 * most:.1f} % |")
    lines += ["", "| wires | of | case | solved | error |", "|---|---|---|---|---|"]
    for kind, what in sorts:
        worst = sorted((x for x in found[kind] if x.what == what), key=lambda x: -abs(x.frac))[:5]
        levels = [" to ".join(f"{w.level} {w.width:g} um" for w in x.wires) for x in worst]
        lines += [
            f"| {kind} | {what}, {of} | {x.case} | {x.solved:.1f} | {100 * x.frac:+.0f} % |"
            for x, of in zip(worst, levels, strict=True)
        ]
    return lines


def report(rows: list[Row], buses: dict[str, list[float]], found: dict[str, list[Error]]) -> str:
    lines = ["Values in aF, of wires in aF/um; A and B: the field solution with the drawing's and with fitted oxides."]
    lines += ["", HEAD, "|---" * 7 + "|", *(x.text() for x in rows)]
    lines += ["", "Buses of nine wires, middle wire, all coupling, against the foundry's table at its nodes:", ""]
    lines += ["| level | nodes | largest error | rms |", "|---|---|---|---|"]
    for level, misses in buses.items():
        worst, rms = np.abs(misses).max(), np.sqrt(np.mean(np.square(misses)))
        lines.append(f"| {level} | {len(misses)} | {100 * worst:.2f} % | {100 * rms:.2f} % |")
    return "\n".join([*lines, *random_lines(found)]) + "\n"


def main() -> int:
    out = Path("out/bench/capacitance.md")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rows = all_rows(Path(folder))
        buses = {
            layer.name.lower(): bus_errors(layer, Path(folder))
            for layer in (Layer.POLY, *(layer for layer, _ in LEVELS), Layer.MET5)
        }
        found = {kind: errors(kind, Path(folder)) for kind in ("flat", "solid")}
    out.write_text(report(rows, buses, found))
    told = {"rows": [asdict(x) for x in rows], "bus_error_frac": buses}
    out.with_suffix(".json").write_text(json.dumps(told, indent=1))
    sys.stdout.write(out.read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
