"""A search over placements: mirrored pairs change hands while that lowers what the placement costs (`cost`), the wires
that it gives some weights more of than others (`wire_model`) included.

Each pair in turn is tried against many others at once, and takes the best exchange. The figures are kept up to date,
not computed anew: one trial costs a few operations per weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .cost import (
    DISPERSION_WEIGHT,
    GRADIENT_WEIGHT,
    ROUTING_WEIGHT,
    Array,
    Ints,
    bends,
    correlation,
    kernel,
    quadratic,
    shared_columns,
    spots,
)
from .wire_model import uneven

Site = tuple[int, int]

MOST_TURNS = 6000
"""Turns of pairs in all: about three for each in the largest arrays."""
MOST_TRIED = 400
"""Exchanges tried in one turn, drawn anew where there are more."""
FEW_PAIRS = 256
"""Up to so many pairs the search begins at every start, not at the cheapest alone."""
DIGITS = 9
"""Gains are compared to so many digits, so that rounding on another machine changes no placement."""
WIRES_WEIGHT = 64.0
"""Systematic, as a gradient's errors: weighed so high, wires come out even to the nearest pair, and the quadratic
figure stays below that of every fixed order (64 to 512 units)."""
SEED = 1


@dataclass(frozen=True)
class Board:
    """What an exchange does not change: `pairs` of sites, the units that have no mirror image of theirs (`alone`), and
    what wires add at each site (`added`, (rows, cols))."""

    rows: int
    cols: int
    aspect: float
    pairs: Sequence[tuple[Site, Site]]
    alone: Mapping[Site, int]
    added: Array


def improve(board: Board, starts: Sequence[Sequence[int]]) -> list[int]:
    """Owners of the pairs after the search from `starts`: the cheapest found. Each weight keeps its number of pairs."""
    states = sorted((_State(board, owners) for owners in starts), key=lambda s: round(s.cost(), DIGITS))
    for state in states if len(board.pairs) <= FEW_PAIRS else states[:1]:
        state.descend(np.random.default_rng(SEED))
    best = min(states, key=lambda s: round(s.cost(), DIGITS))
    return [int(k) for k in best.owner]


class _State:
    """Owners of the pairs with the sums their cost is made of; weights are numbered as in the placement."""

    def __init__(self, board: Board, owners: Sequence[int]) -> None:
        self.owner = np.array(owners, dtype=np.int64)
        alone = list(board.alone.values())
        self.weights = int(max([*owners, *alone])) + 1
        sites = [*(site for pair in board.pairs for site in pair), *board.alone]
        row, col = np.array(sites).T
        xy = spots(row, col, board.rows, board.cols, board.aspect)
        who = np.concatenate([np.repeat(self.owner, 2), np.array(alone, dtype=np.int64)])
        self._mix(xy, who)
        self._bend(xy, who)
        self._route(board, who)
        self._wire(board.added[row, col], who)

    def _mix(self, xy: Array, who: Ints) -> None:
        """`apart` (pairs, pairs): summed correlation of the units of two pairs; `near` (pairs, weights); S."""
        first, second, pairs = xy[: 2 * len(self.owner) : 2], xy[1 : 2 * len(self.owner) : 2], len(self.owner)
        self.apart = 2 * (kernel(first, first) + kernel(first, second))
        single = np.eye(self.weights)[who[2 * pairs :]]
        members, rest = np.eye(self.weights)[self.owner], xy[2 * pairs :]
        to_single = (kernel(first, rest) + kernel(second, rest)) @ single
        self.near = self.apart @ members + to_single
        across = members.T @ to_single
        self.mixed = members.T @ self.apart @ members + across + across.T + single.T @ kernel(rest, rest) @ single

    def _bend(self, xy: Array, who: Ints) -> None:
        each = bends(xy)
        self.bent = 2 * each[0 : 2 * len(self.owner) : 2]
        self.sums, self.count = np.zeros((self.weights, 3)), np.bincount(who, minlength=self.weights).astype(float)
        np.add.at(self.sums, who, each)

    def _route(self, board: Board, who: Ints) -> None:
        """`held` (columns, weights): units of a weight in a column; `left`, `right`: the columns of each pair."""
        column = np.array([site[1] for site in [*(site for pair in board.pairs for site in pair), *board.alone]])
        one, other = column[: 2 * len(self.owner) : 2], column[1 : 2 * len(self.owner) : 2]
        self.left, self.right = np.minimum(one, other), np.maximum(one, other)
        self.held = np.zeros((board.cols, self.weights), dtype=np.int64)
        np.add.at(self.held, (column, who), 1)
        self.sharing = shared_columns(self.count.astype(int).tolist(), board.cols)

    def _wire(self, added: Array, who: Ints) -> None:
        """`extra` (pairs,): what wires add to a pair; `wired` (weights,): to a weight, beyond an even share."""
        each = added - added.mean()
        self.extra = each[: 2 * len(self.owner)].reshape(-1, 2).sum(axis=1)
        self.wired = np.bincount(who, each, minlength=self.weights).astype(np.float64)

    def cost(self) -> float:
        """Of the placement, but for the linear figure, which exchanges of mirrored pairs do not change."""
        routing = np.count_nonzero(self.held) / self.sharing
        gradient = quadratic(self.sums[self.count > 0], self.count[self.count > 0])
        dispersion = 1 - correlation(self.mixed)
        wires = uneven(self.wired, float(self.count.sum()))
        told = GRADIENT_WEIGHT * gradient + DISPERSION_WEIGHT * dispersion + ROUTING_WEIGHT * routing
        return told + WIRES_WEIGHT * wires

    def descend(self, rng: np.random.Generator) -> None:
        """Turn after turn until no pair finds anything, or MOST_TURNS."""
        turns, still = 0, 0
        while turns < MOST_TURNS and still < len(self.owner):
            for a in rng.permutation(len(self.owner)).tolist():
                turns, still = turns + 1, 0 if self.exchange_best(a, rng) else still + 1

    def exchange_best(self, a: int, rng: np.random.Generator) -> bool:
        """Exchanges pair `a` with the one where that is cheapest; False where it lowers nothing."""
        others = np.nonzero(self.owner != self.owner[a])[0]
        if len(others) > MOST_TRIED:
            others = np.sort(rng.choice(others, MOST_TRIED, replace=False))
        if not len(others):
            return False
        gain = self._gradient_gain(a, others) + self._mixing_gain(a, others) + self._routing_gain(a, others)
        gain += self._wires_gain(a, others)
        best = int(np.round(gain, DIGITS).argmax())
        if round(float(gain[best]), DIGITS) <= 0:
            return False
        self._exchange(a, int(others[best]))
        return True

    def _gradient_gain(self, a: int, b: Ints) -> Array:
        p, q, shift = self.owner[a], self.owner[b], self.bent[b] - self.bent[a]
        now = (self.sums**2).sum(axis=1) / self.count
        after = ((self.sums[p] + shift) ** 2).sum(axis=1) / self.count[p]
        after += ((self.sums[q] - shift) ** 2).sum(axis=1) / self.count[q]
        rest = now.sum() - now[p] - now[q]
        units = self.count.sum()
        gain: Array = GRADIENT_WEIGHT * (np.sqrt(now.sum() / units) - np.sqrt(np.maximum(rest + after, 0.0) / units))
        return gain

    def _mixing_gain(self, a: int, b: Ints) -> Array:
        """From the rows p and q of R alone: the others stay."""
        p, q, k = self.owner[a], self.owner[b], np.arange(len(b))
        change = self.near[b] - self.near[a]
        both = self.apart[b, b] + self.apart[a, a] - 2 * self.apart[a, b]
        scale = np.sqrt(np.diag(self.mixed))
        own_p = np.sqrt(self.mixed[p, p] + 2 * change[:, p] + both)
        own_q = np.sqrt(self.mixed[q, q] - 2 * change[k, q] + both)
        to_p, to_q = (self.mixed[p] + change) / scale, (self.mixed[q] - change) / scale
        row_p = (to_p.sum(axis=1) - to_p[:, p] - to_p[k, q]) / own_p
        row_q = (to_q.sum(axis=1) - to_q[:, p] - to_q[k, q]) / own_q
        pair = (self.mixed[p, q] + change[k, q] - change[:, p] - both) / own_p / own_q
        ratios = self.mixed / scale[:, None] / scale
        rows = ratios.sum(axis=1) - 1
        before = rows[p] + rows[q] - ratios[p, q]
        pairs = self.weights * (self.weights - 1) / 2
        gain: Array = DISPERSION_WEIGHT * (row_p + row_q + pair - before) / pairs
        return gain

    def _routing_gain(self, a: int, b: Ints) -> Array:
        """Columns that the two weights leave less those they enter."""
        p, q = self.owner[a], self.owner[b]
        fewer = self._alone(a, p) - self._absent(a, q) + self._alone(b, q) - self._absent(b, p)
        gain: Array = np.where(self.left[a] == self.left[b], 0.0, ROUTING_WEIGHT / self.sharing * fewer)
        return gain

    def _wires_gain(self, a: int, b: Ints) -> Array:
        p, q, shift = self.owner[a], self.owner[b], self.extra[b] - self.extra[a]
        now = (self.wired**2).sum()
        change = (self.wired[p] + shift) ** 2 - self.wired[p] ** 2 + (self.wired[q] - shift) ** 2 - self.wired[q] ** 2
        units = self.count.sum()
        gain: Array = WIRES_WEIGHT * (np.sqrt(now / units) - np.sqrt(np.maximum(now + change, 0.0) / units))
        return gain

    def _alone(self, pair: int | Ints, weight: int | Ints) -> Ints:
        """In how many of its columns a pair of the weight has no other unit of it beside its own."""
        return self._columns(pair, weight, np.where(self.left[pair] == self.right[pair], 2, 1))

    def _absent(self, pair: int | Ints, weight: int | Ints) -> Ints:
        """In how many of a pair's columns the weight has no unit."""
        return self._columns(pair, weight, 0)

    def _columns(self, pair: int | Ints, weight: int | Ints, units: int | Ints) -> Ints:
        """In how many of a pair's columns, one or two, the weight has so many units."""
        left, right = self.left[pair], self.right[pair]
        on_left, on_right = self.held[left, weight] == units, self.held[right, weight] == units
        return np.add(on_left, on_right & (left != right), dtype=np.int64)

    def _exchange(self, a: int, b: int) -> None:
        p, q = int(self.owner[a]), int(self.owner[b])
        change, both = self.near[b] - self.near[a], self.apart[b, b] + self.apart[a, a] - 2 * self.apart[a, b]
        self.mixed[p] += change
        self.mixed[q] -= change
        self.mixed[:, p] += change
        self.mixed[:, q] -= change
        self.mixed[p, p] += both
        self.mixed[q, q] += both
        self.mixed[p, q] -= both
        self.mixed[q, p] -= both
        moved = self.apart[:, b] - self.apart[:, a]
        self.near[:, p] += moved
        self.near[:, q] -= moved
        shift = self.bent[b] - self.bent[a]
        self.sums[p] += shift
        self.sums[q] -= shift
        more = self.extra[b] - self.extra[a]
        self.wired[p] += more
        self.wired[q] -= more
        for pair, old, new in ((a, p, q), (b, q, p)):
            for column in (self.left[pair], self.right[pair]):
                self.held[column, old] -= 1
                self.held[column, new] += 1
        self.owner[a], self.owner[b] = q, p
