"""How often the 95 % interval of a drawn sigma holds the closed form's, over many seeds: run it to print the table.

Transistors of five sizes, from heavy tails (sigma of ln I 1.3) to none, at the draws a user asks for. The truth is the
closed form, which integrates the currents' moments and draws nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch_settings, statistics_of

SEEDS = 400


@dataclass(frozen=True)
class Case:
    """A cell, its operating point and the metric whose interval is judged."""

    cell: str
    w: float
    l: float  # noqa: E741
    nf: int
    gm_id: float
    metric: str = "gain_error"


CASES = (
    Case("matched_pair", 0.84, 0.15, 2, 24.0),
    Case("matched_pair", 0.84, 0.15, 2, 24.0, "mirror_gain_error"),
    Case("matched_pair", 2.0, 0.15, 2, 24.0),
    Case("matched_pair", 0.84, 0.5, 2, 24.0),
    Case("matched_pair", 2.0, 0.5, 2, 20.0),
    Case("matched_pair", 4.0, 1.0, 2, 16.0),
    Case("matched_pair", 4.0, 1.0, 2, 16.0, "delta_vth"),
)


def coverage(case: Case, samples: int, seeds: int = SEEDS) -> tuple[float, float, float]:
    """Share of the seeds whose interval holds the closed form's sigma, the median width by sigma, and that sigma."""
    cell = build(case.cell, {"w": case.w, "l": case.l, "nf": case.nf})
    statistics = statistics_of(cell, "continuous", mismatch_settings(cell).parse({"gm_id": case.gm_id}))
    sigma, hits, widths = statistics.closed()[case.metric].sigma, 0, []
    for seed in range(seeds):
        values, unit = statistics.drawn(np.random.default_rng(seed), samples)[case.metric]
        low, high = statistics.estimate(case.metric, values, unit).ci95
        hits += low <= sigma <= high
        widths.append((high - low) / sigma)
    return hits / seeds, float(np.median(widths)), sigma


def main() -> None:
    """Prints the table; the number of seeds may be given."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    print(f"coverage of the 95 % interval over {seeds} seeds (median width by sigma)\n")
    print("| w | l | gm/ID | metric | sigma | 50 draws | 200 | 1000 |\n|---|---|---|---|---|---|---|---|")
    for case in CASES:
        found = [coverage(case, n, seeds) for n in (50, 200, 1000)]
        cells = " | ".join(f"{share:.1%} ({width:.2f})" for share, width, _ in found)
        print(f"| {case.w} | {case.l} | {case.gm_id:g} | {case.metric} | {found[0][2]:.4g} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
