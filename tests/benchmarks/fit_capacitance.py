"""Fits the constants of `analoom.pdk.wires` for unequal neighbours and for wires of other levels, to field solutions.

`python tests/benchmarks/fit_capacitance.py neighbours|beside` from the project's root: some ten minutes each. Prints
the constants and what is left. `neighbours` solves pairs of wires with other wires behind them or not, and arrays of
equal wires of either width and the pair's spacing: the law is the ratio. `beside` solves wires drawn at random as those
of `oracles/random_wires.json`, from other seeds, and tries constants on the extraction by Nelder and Mead's method.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares, minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracles.field_solver import Box, Mesh, per_length_af_per_um
from oracles.random_agreement import COUNTS_FRAC, per_length
from oracles.random_wires import LEAST_UM, LEVELS, Wire, flat_wires, matrices_af

from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer

SAMPLES, SEED = 40, 7
FIT_SEEDS = range(1000, 1260)
MESH = Mesh(h_um=0.02, growth=1.25, far_um=20.0, top_um=24.0)
LOST = ("LOST", "LOST_BY_SPACING", "LOST_BY_WIDTH", "LOST_BY_BACK")
BESIDE = ("WIDENED_FRAC", "WIDENED_OWN_FRAC", "WIDENED_FAR_FRAC", "DRAWN_FRAC", "DRAWN_COUPLING_FRAC")
CAP_FRAC = 0.4
"""An error larger than this counts as this."""


def row_of_wires(level: str, widths_and_gaps: list[float]) -> np.ndarray:
    """The Maxwell matrix of wires of one level, stack B, aF/um; width, gap, width, ..."""
    edges = np.cumsum([0.0, *widths_and_gaps]).round(3)
    boxes = [Box(k, level, edges[2 * k], 0, edges[2 * k + 1], 1) for k in range((len(edges)) // 2)]
    return per_length_af_per_um(boxes, "B", MESH)


def sample(rng: np.random.Generator, level: str) -> tuple[list[float], list[float], list[float], float, list[float]]:
    """(both widths, their spacing twice, spacings behind, coupling, that of arrays of either width) of a pair."""
    least_w, least_s = LEAST_UM[level]
    most = 3 if level == "met5" else 8
    w = [round(float(np.exp(rng.uniform(np.log(least_w), np.log(most * least_w)))), 2) for _ in range(4)]
    s = [round(float(np.exp(rng.uniform(np.log(2 * least_s), np.log(14 * least_s)))), 2) for _ in range(3)]
    behind = rng.random(2) < 0.6
    row = [*([w[2], s[1]] if behind[0] else []), w[0], s[0], w[1], *([s[2], w[3]] if behind[1] else [])]
    first = int(behind[0])
    coupling = -row_of_wires(level, row)[first, first + 1]
    arrays = [row_of_wires(level, ([x, s[0]] * 9)[:-1])[4] for x in w[:2]]
    lumped = [(x[4] - x.sum()) / 2 for x in arrays]
    return (
        w[:2],
        s[:1] * 2,
        [s[k] if there else np.inf for k, there in zip((1, 2), behind, strict=True)],
        coupling,
        lumped,
    )


def neighbours() -> None:
    rng = np.random.default_rng(SEED)
    levels = [level for _ in range(SAMPLES) for level in LEVELS]
    w, s, back, coupling, lumped = (np.array(x) for x in zip(*(sample(rng, level) for level in levels), strict=True))
    height = np.array([[stack.gap_um(Layer[level.upper()], None)] for level in levels])

    def errors(constants: np.ndarray) -> np.ndarray:
        for name, value in zip(LOST, constants, strict=True):
            setattr(wires, name, float(value))
        return (lumped * (1 - wires.lost_share(w, s, back, height))).mean(axis=1) / coupling - 1

    start = np.array([getattr(wires, name) for name in LOST])
    found = least_squares(errors, start, loss="soft_l1", f_scale=0.1).x
    left = np.abs(errors(found))
    print(dict(zip(LOST, found.round(4).tolist(), strict=True)))
    print(f"rms {100 * np.sqrt(np.mean(left**2)):.1f} %, 95 % within {100 * np.quantile(left, 0.95):.1f} %")


def cost(cases: list[tuple[list[Wire], np.ndarray]], folder: Path) -> float:
    """Mean error of totals twice, and of couplings and grounds that count; large ones capped."""
    sorts: list[list[float]] = [[], [], []]
    for drawn, solved in cases:
        found, total = per_length(drawn, folder), np.diag(solved)
        low = np.minimum.outer(total, total) * COUNTS_FRAC
        sorts[0] += (np.diag(found) / total - 1).tolist()
        for k in range(len(drawn)):
            sorts[1] += [found[k, j] / solved[k, j] - 1 for j in range(k) if -solved[k, j] >= low[k, j]]
            if solved[k].sum() >= COUNTS_FRAC * total[k]:
                sorts[2].append(found[k].sum() / solved[k].sum() - 1)
    means = [np.minimum(np.abs(x), CAP_FRAC).mean() for x in sorts]
    return float(2 * means[0] + means[1] + means[2])


def beside() -> None:
    drawings = [flat_wires(seed) for seed in FIT_SEEDS]
    several = [drawn for drawn in drawings if len({wire.level for wire in drawn}) > 1][:120]
    cases = [(drawn, np.mean(matrices_af(drawn, True, MESH), axis=0)) for drawn in several]
    with tempfile.TemporaryDirectory() as folder:

        def tried(constants: np.ndarray) -> float:
            for name, value in zip(BESIDE, constants, strict=True):
                setattr(wires, name, float(value))
            found = cost(cases, Path(folder))
            print(constants.round(3).tolist(), round(found, 4), flush=True)
            return found

        start = np.array([getattr(wires, name) for name in BESIDE])
        minimize(tried, start, method="Nelder-Mead", options={"maxfev": 40})


if __name__ == "__main__":
    {"neighbours": neighbours, "beside": beside}[sys.argv[1]]()
