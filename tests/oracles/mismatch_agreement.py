"""Closed form and Monte Carlo against ngspice: geometries x inversion levels x pair, mirror, synapse, column.

`python tests/oracles/mismatch_agreement.py [--draws 1000] [--model continuous]` prints the table in
markdown; exit 1 when more cells disagree than chance allows. A cell agrees when the closed form and a Monte Carlo of
ten times the draws lie within ngspice's 95 % interval. With 95 % intervals one in twenty may miss by chance: of N cells
as many are allowed as a binomial with 5 % exceeds in 1 of 1,000 cases; each cell has a seed of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binom

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bare_cells import pair

from analoom.cells.model.registry import build
from analoom.flows.statistics.spread import estimated
from analoom.flows.systems.crossbar.mismatch import CrossbarStatistics
from analoom.flows.systems.synapse.settings import ReadAnalysis
from analoom.flows.systems.transistor.mismatch import TransistorStatistics
from analoom.flows.systems.transistor.settings import TransistorAnalysis

GEOMETRIES = ((1.0, 0.15), (1.0, 0.5), (1.0, 1.0), (2.0, 2.0), (4.0, 1.0))
"""W, L in um of nfet_01v8."""
LEVELS_A = {"weak": 1e-9, "moderate": 2e-7, "strong": 1e-5}
"""Drain current by W/L."""
WEIGHTS_V = {"weak": (0.45, 0.5), "moderate": (0.65, 0.7), "strong": (1.1, 1.2)}
"""Range of stored voltages of the synapse; the upper end is judged."""
COLUMN_ROWS = 4


@dataclass(frozen=True)
class Row:
    """One cell of the table."""

    what: str
    w_um: float
    l_um: float
    level: str
    metric: str
    closed: float
    drawn: float
    judged: float
    ci95: tuple[float, float]
    draws: int
    noted: bool

    @property
    def agrees(self) -> bool:
        return all(self.ci95[0] <= value <= self.ci95[1] for value in (self.closed, self.drawn))


def rows(draws: int, model: str) -> Iterator[Row]:
    """Every cell of the table."""
    seed = 100
    for w, l in GEOMETRIES:  # noqa: E741
        for level in LEVELS_A:
            seed += 7
            yield from transistor_rows(w, l, level, draws, seed, model)
            yield from synapse_rows(w, l, level, draws, seed, model)


def transistor_rows(w: float, l: float, level: str, draws: int, seed: int, model: str) -> Iterator[Row]:  # noqa: E741
    """A pair's gain error and offset, and the mirror's gain error."""
    statistics = TransistorStatistics(pair(w=w, l=l), model, TransistorAnalysis(i_square=LEVELS_A[level]))
    for metric, row in _compared(statistics, draws, seed).items():
        what = {"gain_error": "pair", "offset": "pair", "mirror_gain_error": "mirror"}.get(metric)
        if what:
            yield Row(what, w, l, level, metric, *row, bool(statistics.notes))


def synapse_rows(w: float, l: float, level: str, draws: int, seed: int, model: str) -> Iterator[Row]:  # noqa: E741
    """One synapse, and a column of a few."""
    low, high = WEIGHTS_V[level]
    fields = {"rows": COLUMN_ROWS, "cols": 1, "synapse": {"cell": "synapse_2t1c", "w_read": w, "l_read": l}}
    settings = ReadAnalysis(weight_low=low, weight_high=high, ir_drop=False)
    statistics = CrossbarStatistics(build("crossbar", fields), None, model, settings)
    for metric, row in _compared(statistics, draws, seed).items():
        what = {"cell_gain_error": "synapse", "column_gain_error": f"column of {COLUMN_ROWS}"}.get(metric)
        if what:
            yield Row(what, w, l, level, metric, *row, bool(statistics.notes))


def _compared(statistics: TransistorStatistics | CrossbarStatistics, draws: int, seed: int) -> dict[str, tuple]:
    closed = statistics.closed()
    drawn = statistics.drawn(np.random.default_rng(seed), 10 * draws)
    judged = statistics.drawn_by_ngspice(draws, seed)
    found = {}
    for name in [n for n in closed if n in judged]:
        spread = estimated(judged[name][0], "")
        own = float(drawn[name][0].std(ddof=1))
        found[name] = (closed[name].sigma, own, spread.sigma, spread.ci95, spread.draws)
    return found


def allowed_misses(cells: int) -> int:
    """Most misses of `cells` 95 % intervals that chance gives but once in 1,000."""
    return int(binom.ppf(0.999, cells, 0.05))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--model", default="continuous")
    arguments = parser.parse_args()
    found = []
    print("| what | W/L um | inversion | metric | closed | MC | ngspice | 95 % interval | draws | agrees |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for row in rows(arguments.draws, arguments.model):
        found.append(row)
        mark = ("yes" if row.agrees else "NO") + (", out of range said" if row.noted else "")
        values = f"{row.closed:.4g} | {row.drawn:.4g} | {row.judged:.4g} | {row.ci95[0]:.4g} .. {row.ci95[1]:.4g}"
        print(
            f"| {row.what} | {row.w_um:g}/{row.l_um:g} | {row.level} | {row.metric} "
            f"| {values} | {row.draws} | {mark} |",
            flush=True,
        )
    judged = [row for row in found if not row.noted]
    misses, most = sum(not row.agrees for row in judged), allowed_misses(len(judged))
    print(f"\n{len(found)} cells, {len(judged)} in range: {misses} outside the interval, {most} by chance allowed")
    return int(misses > most)


if __name__ == "__main__":
    sys.exit(main())
