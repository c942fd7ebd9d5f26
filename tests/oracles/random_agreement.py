"""The extraction of wires drawn at random beside what the field solver found for them (`random_wires`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import klayout.db as kdb
import numpy as np
from hand_drawn import Hand
from oracles.capacitance_cases import LENGTH_NM, nets_of
from oracles.random_wires import Wire, kept

from analoom.pdk.layers import Layer

COUNTS_FRAC = 0.1
"""A coupling counts from this part of either net's total on."""


@dataclass(frozen=True)
class Error:
    """One capacitance: the case's number, total, coupling or ground, the wires it is of, aF or aF/um."""

    case: int
    what: str
    wires: tuple[Wire, ...]
    solved: float
    found: float

    @property
    def frac(self) -> float:
        return self.found / self.solved - 1


def errors(kind: str, folder: Path, cases: slice = slice(None)) -> list[Error]:
    """Every total, and every coupling and ground that counts; kind "flat" or "solid"."""
    every = list(enumerate(kept(kind)))[cases]
    return [x for number, (wires, solved) in every for x in _of_case(number, wires, solved, kind == "flat", folder)]


def summary(found: Sequence[Error], what: str) -> tuple[int, float, float]:
    """(how many, median, 95th percentile) of the errors of one sort, as fractions."""
    sizes = np.abs([x.frac for x in found if x.what == what])
    return len(sizes), float(np.median(sizes)), float(np.quantile(sizes, 0.95))


def _of_case(number: int, wires: list[Wire], solved: np.ndarray, flat: bool, folder: Path) -> Iterator[Error]:
    found = per_length(wires, folder) if flat else extracted(wires, folder)
    total, own = np.diag(solved), np.diag(found)
    for k, wire in enumerate(wires):
        yield Error(number, "total", (wire,), total[k], own[k])
        if solved[k].sum() >= COUNTS_FRAC * total[k]:
            yield Error(number, "ground", (wire,), solved[k].sum(), found[k].sum())
        for j in range(k):
            if -solved[k, j] >= COUNTS_FRAC * min(total[k], total[j]):
                yield Error(number, "coupling", (wires[j], wire), -solved[k, j], -found[k, j])


def per_length(wires: list[Wire], folder: Path) -> np.ndarray:
    """The Maxwell matrix of endless wires that the extraction finds, aF/um: two lengths subtracted."""
    short, long = (extracted([w._replace(length=n * LENGTH_NM / 1e3) for w in wires], folder) for n in (1, 2))
    return (long - short) * 1e3 / LENGTH_NM


def extracted(wires: list[Wire], folder: Path) -> np.ndarray:
    """The Maxwell matrix that the extraction finds, aF."""
    hand = Hand("random")
    for k, wire in enumerate(wires):
        layer, points = (
            Layer[wire.level.upper()],
            [kdb.Point(round(1e3 * x), round(1e3 * y)) for x, y in wire.corners_um()],
        )
        hand.cell.shapes(hand.layout.layer(*layer.value)).insert(kdb.Polygon(points))
        hand.label(layer, f"w{k}", round(1e3 * wire.x), round(1e3 * wire.y))
    nets = nets_of(hand, folder)
    names = [f"w{k}" for k in range(len(wires))]
    out = np.array([[-nets[a].coupling_f.get(b, 0.0) for b in names] for a in names]) * 1e18
    np.fill_diagonal(out, [nets[name].total_f * 1e18 for name in names])
    return out
