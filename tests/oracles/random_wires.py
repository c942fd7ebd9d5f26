"""Wires drawn at random, with the capacitances that the field solver finds for them, kept in `random_wires.json`.

`python tests/oracles/random_wires.py flat|solid` works them out anew (flat: minutes; solid: an hour or two). Flat ones
are endless parallel wires, solid ones a few um long, along x, y or at 45 degrees. Spacings on a level are at least
twice the least allowed: closer, the process departs from the ideal stack (see `analoom.flows.pex.extract`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import NamedTuple

import klayout.db as kdb
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracles.field_solver import Box, Mesh, per_length_af_per_um, solid_af

FILE = Path(__file__).with_suffix(".json")
LEVELS = ("poly", "li1", "met1", "met2", "met3", "met4", "met5")
LEAST_UM = {
    "poly": (0.15, 0.21),
    "li1": (0.17, 0.17),
    "met1": (0.14, 0.14),
    "met2": (0.14, 0.14),
    "met3": (0.3, 0.3),
    "met4": (0.3, 0.3),
    "met5": (1.6, 1.6),
}
"""Least width and spacing (rules poly.1a, poly.2, li.1, li.3, m1.1 to m5.2)."""

FLAT, SOLID, TRIES = 250, 30, 60
FLAT_MESH = Mesh(h_um=0.01, growth=1.15, far_um=25.0, top_um=30.0)
SOLID_MESH = Mesh(h_um=0.02, growth=1.35, far_um=10.0, top_um=16.0)
STAIR_UM = 0.1


class Wire(NamedTuple):
    """A straight wire: middle, length and width in um, and its angle to x; in two dimensions x and width count."""

    level: str
    x: float
    y: float
    length: float
    width: float
    angle_deg: int = 90

    def corners_um(self) -> list[tuple[float, float]]:
        c, s = cos(radians(self.angle_deg)), sin(radians(self.angle_deg))
        ends = ((a * self.length / 2, b * self.width / 2) for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1)))
        return [(round(self.x + c * u - s * v, 3), round(self.y + s * u + c * v, 3)) for u, v in ends]

    def boxes(self, net: int) -> list[Box]:
        """The wire for the solver; a slanted one as stairs."""
        xs, ys = zip(*self.corners_um(), strict=True)
        if self.angle_deg % 90 == 0:
            return [Box(net, self.level, min(xs), min(ys), max(xs), max(ys))]
        polygon = kdb.DPolygon([kdb.DPoint(*p) for p in self.corners_um()])
        cuts = np.append(np.arange(min(ys), max(ys) - STAIR_UM / 2, STAIR_UM), max(ys)).tolist()
        spans = [(low, high, _across(polygon, (low + high) / 2)) for low, high in pairwise(cuts)]
        return [Box(net, self.level, x0, low, x1, high) for low, high, (x0, x1) in spans]


def _across(polygon: kdb.DPolygon, y: float) -> tuple[float, float]:
    crossed = (e for e in polygon.each_edge() if min(e.y1, e.y2) <= y < max(e.y1, e.y2))
    xs = sorted(e.x1 + (e.x2 - e.x1) * (y - e.y1) / (e.y2 - e.y1) for e in crossed)
    return round(xs[0], 3), round(xs[-1], 3)


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return round(float(np.exp(rng.uniform(np.log(low), np.log(high)))), 2)


def _levels(rng: np.random.Generator, first: int, last: int) -> list[str]:
    """One to three levels, mostly neighbours, with one left out at times."""
    count = int(rng.choice((1, 2, 3), p=(0.2, 0.45, 0.35)))
    levels = list(LEVELS[first : last + 1])
    start = int(rng.integers(0, len(levels) - count + 1))
    step = 2 if count == 2 and start + 2 < len(levels) and rng.random() < 0.3 else 1
    return levels[start : start + step * (count - 1) + 1 : step]


def flat_wires(seed: int) -> list[Wire]:
    """Two to six endless wires along y."""
    rng = np.random.default_rng(seed)
    levels = _levels(rng, 0, 6)
    wanted = rng.choice(levels, max(int(rng.integers(2, 7)), len(levels)))
    wanted[: len(levels)] = levels
    wires = []
    for level in levels:
        least_w, least_s = LEAST_UM[level]
        most = 8 if level != "met5" else 2
        left = round(float(rng.uniform(-2, 0)), 2)
        for _ in range(int((wanted == level).sum())):
            width = _log_uniform(rng, least_w, most * least_w)
            wires.append(Wire(level, round(left + width / 2, 3), 0, 1, width))
            left = round(left + width + _log_uniform(rng, 2 * least_s, 12 * least_s), 2)
    return wires


def solid_wires(seed: int) -> list[Wire]:
    """Two to five wires of 2 to 6 um, as many as find room; in every sixth drawing the first one is slanted."""
    rng = np.random.default_rng(10_000 + seed)
    levels = _levels(rng, 1, 5)
    count = max(int(rng.integers(2, 6)), len(levels))
    wires: list[Wire] = []
    for _ in range(TRIES):
        if len(wires) == count:
            break
        level = levels[len(wires) % len(levels)]
        angle = 45 if seed % 6 == 5 and not wires else int(rng.choice((0, 90)))
        at = (round(float(v), 2) for v in rng.uniform(-1.5, 1.5, 2))
        length = round(float(rng.uniform(2, 6)), 2)
        wire = Wire(level, *at, length, _log_uniform(rng, LEAST_UM[level][0], 4 * LEAST_UM[level][0]), angle)
        if all(_apart(wire, other) for other in wires if other.level == level):
            wires.append(wire)
    return wires


def _apart(one: Wire, other: Wire) -> bool:
    least = 2 * LEAST_UM[one.level][1]
    gaps = (max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1) for a in one.boxes(0) for b in other.boxes(0))
    return min(gaps) >= least


def matrices_af(wires: list[Wire], flat: bool, mesh: Mesh | None = None) -> list[list[list[float]]]:
    """The Maxwell matrices of stacks A and B, aF (flat: aF/um)."""
    boxes = [box for net, wire in enumerate(wires) for box in wire.boxes(net)]
    solve, own = (per_length_af_per_um, FLAT_MESH) if flat else (solid_af, SOLID_MESH)
    return [np.round(solve(boxes, stack, mesh or own), 3).tolist() for stack in "AB"]


def kept(kind: str) -> list[tuple[list[Wire], np.ndarray]]:
    """(wires, mean Maxwell matrix of both stacks) of every case in the file; kind "flat" or "solid"."""
    cases = json.loads(FILE.read_text())[kind]
    return [([Wire(*w) for w in case["wires"]], np.mean(case["ab_af"], axis=0)) for case in cases]


def worked_out(kind: str, known: dict[str, list]) -> Iterator[dict[str, object]]:
    """Every case of a kind; drawings that are `known`, by their text, are not solved again."""
    draw, count = (flat_wires, FLAT) if kind == "flat" else (solid_wires, SOLID)
    for seed in range(count):
        wires = draw(seed)
        yield {"wires": wires, "ab_af": known.get(json.dumps(wires)) or matrices_af(wires, kind == "flat")}


def main(kind: str) -> None:
    """Writes the cases of one kind, one a line, after each; those of the other stay."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    solved = {json.dumps(case["wires"]): case["ab_af"] for case in known.pop(kind, [])}
    known[kind] = []
    for case in worked_out(kind, solved):
        known[kind].append(case)
        parts = [f'"{k}": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]" for k, cases in known.items()]
        FILE.write_text("{" + ",\n".join(parts) + "}\n")
        print(kind, len(known[kind]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
