"""Puts every mutant of every registered cell to LVS and writes the table of those found, by kind and cell.

python tests/mutants/lvs_campaign.py [MOST [SEED]] (4, 0): up to MOST layout mutants of a kind and layer. Exits 1 when
one is missed. Writes out/signoff-lvs-mutants/ and tests/mutants/lvs_mutants.md.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import klayout.db as kdb

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutants.lvs_mutants import circuit_mutants, layout_mutants
from mutants.one_in_a_million import leaf_damage, longer_gate, spot
from oracles.flat_circuit import devices
from oracles.wire_partition import partition

from analoom.cells.model import registry
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.layers import Layer
from broken import twin, with_box

OUT = Path("out/signoff-lvs-mutants")
TABLE = Path(__file__).with_name("lvs_mutants.md")
CHANGES_MORE = ("missing tap", "wrong l", "finger lost", "wrong capacitor size", "capacitor lost")
"""Kinds that change more than wires: never excused by equal wires."""

MILLION = {"rows": 512, "cols": 2048}


@dataclass
class Score:
    """Mutants by kind: how many were made, found, and shown to join the same terminals as before."""

    made: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    equal: Counter = field(default_factory=Counter)

    @property
    def missed(self):
        return {kind: n - self.found[kind] for kind, n in self.made.items() if n > self.found[kind]}

    def add(self, kind, was_found):
        self.made[kind] += 1
        self.found[kind] += was_found


def cells_with_devices():
    """The registered cells by name, but for taps, which hold no device: `tests/cells/ties/test_tap.py` damages them."""
    return sorted(name for name, entry in registry.entries().items() if entry.kind != "tap")


def smallest(name):
    """The example with the fewest devices, of those that have any (metal fingers have tests of their own)."""
    entry = registry.entries()[name]
    cells = [registry.build(name, fields) for fields in entry.examples]
    return min((c for c in cells if c.circuit.device_count()), key=lambda cell: cell.circuit.device_count())


def judge_circuits(cell, score, folder, seed=0):
    """The cell's layout against circuits that are not its own. One that LVS passes is no mutant if, flattened, it is
    the same devices on the same nets: a gate and a drain changed in a cell whose instances have them joined."""
    sound = devices(cell.spice(), cell.circuit.name)
    for kind, text in circuit_mutants(cell, seed):
        clean = run_lvs(of_cell(cell), text, cell.circuit.name, folder).clean
        if clean and devices(text, cell.circuit.name) == sound:
            score.equal[f"circuit: {kind}"] += 1
        else:
            score.add(f"circuit: {kind}", not clean)


def judge_layouts(cell, score, folder, seed=0, most=1):
    """Damaged layouts against the cell's circuit. One that LVS passes is no mutant if an independent union-find over
    the shapes says that the same terminals are joined as before."""
    sound = partition(cell.layout.layout(), cell.layout)
    for kind, source in layout_mutants(cell, seed, most):
        clean = run_lvs(source, cell.spice(), cell.circuit.name, folder).clean
        if clean and kind not in CHANGES_MORE and partition(source.layout, source.top) == sound:
            score.equal[f"layout: {kind}"] += 1
        else:
            score.add(f"layout: {kind}", not clean)


def faults_in_an_array(cell):
    """(kind, damage, what must be said) of faults at one place of a 2T1C crossbar. The place is that of the cell."""
    at = spot(cell)
    bar = kdb.Box(at.x, at.y, at.x + 20_000, at.y + 300)
    yield "gate 5 nm longer", longer_gate(at)
    yield "via3 left out", leaf_damage(at, Layer.VIA3)
    yield "capm left out", leaf_damage(at, Layer.CAPM)
    yield "met2 bar across columns", with_box(Layer.MET2, bar)


def judge_a_million(score, folder):
    """One place of 512 x 2048 cells changed; yields the kind, the time it took and what was said."""
    cell = registry.build("crossbar", MILLION)
    for kind, damage in faults_in_an_array(cell):
        started = time.perf_counter()
        report = run_lvs(twin(cell, damage), cell.spice(), cell.circuit.name, folder)
        score.add(f"one of 1,048,576 cells: {kind}", not report.clean)
        yield kind, time.perf_counter() - started, report.differences


def table(scores, million):
    """The scores as markdown: found of made, a dash where a cell has no such mutant."""
    names = sorted(scores)
    total = Score()
    for score in scores.values():
        for mine, all_ in ((score.made, total.made), (score.found, total.found), (score.equal, total.equal)):
            all_.update(mine)
    lines = ["# Mutants found by LVS", ""]
    numbers = f"{total.made.total()} mutants of {len(names)} layouts, {total.found.total()} found"
    lines += [f"`make signoff-lvs-mutants`: {numbers}.", ""]
    lines += ["Found / made. A circuit mutant is the netlist changed, a layout mutant the drawing.", ""]
    lines += [f"| kind | all | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for kind in sorted(total.made):
        cells = " | ".join(_ratio(scores[name], kind) for name in names)
        lines.append(f"| {kind} | {_ratio(total, kind)} | {cells} |")
    lines += [
        "",
        f"{total.equal.total()} more changed no circuit, by a union-find over the shapes or by flattening the netlist, "
        "which know nothing of LVS:",
    ]
    lines += [", ".join(f"{kind} {count}" for kind, count in sorted(total.equal.items())) + ".", ""]
    lines += ["One fault in a 512 x 2048 crossbar:", "", "| fault | said first |", "|---|---|"]
    lines += [f"| {kind} | {said[0] if said else 'nothing'} |" for kind, _, said in million]
    return "\n".join([*lines, ""])


def _ratio(score, kind):
    return f"{score.found[kind]}/{score.made[kind]}" if kind in score.made else "-"


def main(most=4, seed=0):
    OUT.mkdir(parents=True, exist_ok=True)
    scores = {}
    for name in cells_with_devices():
        cell, score = smallest(name), scores.setdefault(name, Score())
        judge_circuits(cell, score, OUT, seed)
        judge_layouts(cell, score, OUT, seed, most)
        print(f"{name}: {score.found.total()} of {score.made.total()} found", file=sys.stderr)
    array = scores.setdefault("512 x 2048", Score())
    million = []
    for kind, seconds, said in judge_a_million(array, OUT):
        million.append((kind, seconds, said))
        print(f"{kind}: {seconds:.1f} s: {said[:1]}", file=sys.stderr)
    TABLE.write_text(table(scores, million))
    missed = {name: score.missed for name, score in scores.items() if score.missed}
    print(f"missed: {missed or 'none'}; see {TABLE}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
