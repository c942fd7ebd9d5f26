"""The cheapest way from a net's wires to another of its pins: A* over the crossings of a lattice, compiled.

A step costs its length, more across the direction that a level prefers, more where wires of other nets are in the way
(they may be moved) and where many have quarrelled before. Source of the method: P. Hart, N. Nilsson, B. Raphael, "A
Formal Basis for the Heuristic Determination of Minimum Cost Paths", 1968; of the prices: L. McMurchie, C. Ebeling,
"PathFinder", 1995.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .lattice import Counted, Lattice
from .wire_kinds import ALONG, ROUTED

VIA_COST = 1000.0
"""What a cut costs, in nm of wire."""
ACROSS = 3.0
"""What a step across the preferred direction costs."""
EAGER = 1.2
"""By how much the distance left is overrated: the way found is at most so much dearer than the cheapest."""

FEW, EVER = 2000, 1 << 62
"""So many crossings are looked at to see that a pin is not shut in, and to find a way."""
SUSPECT = 50_000
"""After so many it is asked whether the pin is shut in: else all others would be looked at in vain."""
MARGIN_NM = 20_000
"""So far around the pin and the nearest place to start from a way is sought first, then everywhere."""

KEY = 1 << 32
"""More than there are crossings: the heap holds rated cost (whole nm) and crossing as one number."""

LEVELS = len(ROUTED)

STAY, X_UP, X_DOWN, Y_UP, Y_DOWN, UP_V, UP_H, DOWN_V, DOWN_H = range(9)
"""How a crossing was reached; `UP_H`: from the level below, by a cut whose pads are long in x."""
STEP = np.array([(0, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1), (1, 0, 0), (1, 0, 0), (-1, 0, 0), (-1, 0, 0)])
"""Levels and lines that each of these goes."""

Floats = NDArray[np.float64]
Nodes = NDArray[np.int64]
Places = tuple[Nodes, Floats]
"""Crossings, with what each costs."""
Way = list[tuple[int, int]]
"""Crossings, with how each was reached."""
Window = tuple[int, int, int, int]
"""The first of the lines along y and the one behind the last, then those along x."""


@dataclass
class Prices:
    """What stands in the way: fixed, movable, and `worn` (levels, nx, ny), what quarrels have left."""

    fixed: Counted
    moving: Counted
    worn: NDArray[np.float32]
    press: float = 1.0


class Search:
    """Finds ways on a lattice; keeps its tables from one to the next."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self._xs, self._ys = np.array(lattice.xs, np.float64), np.array(lattice.ys, np.float64)
        size = len(ROUTED) * lattice.nx * lattice.ny
        self._cost, self._seen = np.zeros(size, np.float32), np.zeros(size, np.int32)
        self._came = np.zeros(size, np.int8)
        self._goal_cost, self._goal_seen = np.zeros(size, np.float32), np.zeros(size, np.int32)
        self._across_x = np.array([ACROSS if along == "v" else 1.0 for along in ALONG])
        self._across_y = np.array([ACROSS if along == "h" else 1.0 for along in ALONG])
        self._turn, self._explored, self.effort, self._is_cut_off = 0, 0, 0, False

    def is_shut_in(self, prices: Prices, starts: Places, goals: Places) -> bool:
        """Whether a search from there ends after a few crossings and without a goal."""
        if not len(starts[0]) or not len(goals[0]):
            return not len(starts[0])
        return not self.way(prices, starts, goals, 2 * FEW) and self.explored() < FEW

    def way(self, prices: Prices, starts: Places, goals: Places, most: int = EVER) -> Way:
        """The crossings from a start to a goal with how each was reached; empty where there is no way, or none is
        found after looking at `most` crossings.

        `starts` and `goals`: crossings with what it costs to enter there; of a goal that stands twice, the last counts.
        """
        self._explored = 0
        if not len(starts[0]) or not len(goals[0]):
            return []
        everywhere = (0, self.lattice.nx, 0, self.lattice.ny)
        if most < EVER:
            return self._way_in(everywhere, prices, starts, goals, most)
        near = self._around(starts[0], goals[0])
        way = self._way_in(near, prices, starts, goals, SUSPECT)
        if self._is_cut_off or not way:
            explored = self._explored
            if self.is_shut_in(prices, goals, starts):
                self._explored = explored
                return []
            way = self._way_in(near, prices, starts, goals, most)
        return way if way or near == everywhere else self._way_in(everywhere, prices, starts, goals, most)

    def _around(self, starts: Nodes, goals: Nodes) -> Window:
        """The lines around the goals as far as the nearest start, and a margin."""
        box, (_, columns, rows) = self.lattice.outline(goals), self.lattice.places(starts)
        x, y = self._xs[columns], self._ys[rows]
        apart = np.maximum(np.maximum(box.left - x, x - box.right), 0)
        apart += np.maximum(np.maximum(box.bottom - y, y - box.top), 0)
        far = int(apart.min()) + MARGIN_NM
        columns_in, rows_in = self.lattice.within(box.enlarged(far, far))
        return columns_in.start, columns_in.stop, rows_in.start, rows_in.stop

    def _way_in(self, window: Window, prices: Prices, starts: Places, goals: Places, most: int) -> Way:
        """The way that crosses none but the lines of a window."""
        starts = self._inside(window, starts)
        self._turn += 1
        nodes, costs = goals
        self._goal_cost[nodes] = costs
        self._goal_seen[nodes] = self._turn
        tables = (
            *(self._xs, self._ys, self._across_x, self._across_y),
            *(prices.fixed.wires, prices.moving.wires, prices.worn, prices.fixed.pads, prices.moving.pads),
        )
        found = (self._cost, self._seen, self._came, self._goal_cost, self._goal_seen)
        way, self._explored, self._is_cut_off = _search(
            tables, prices.press, *starts, nodes, self._turn, found, window, most
        )
        self.effort += self._explored
        return [(int(node), int(how)) for node, how in way]

    def _inside(self, window: Window, places: Places) -> Places:
        left, right, bottom, top = window
        _, columns, rows = self.lattice.places(places[0])
        here = (columns >= left) & (columns < right) & (rows >= bottom) & (rows < top)
        return places[0][here], places[1][here]

    def explored(self) -> int:
        """How many crossings the last search came to."""
        return self._explored


@njit(cache=True)
def _search(tables, press, starts, start_costs, goals, turn, found, window, most):
    """The crossings of the way with how each was reached, the start first, to how many it came, and whether it ended
    with `most`.

    Steps and their prices stand here and in no function of their own: to hand the tables on takes half the time.
    """
    xs, ys, across_x, across_y, wire_fixed, wire_moving, worn, pad_fixed, pad_moving = tables
    cost, seen, came, goal_cost, goal_seen = found
    nx, ny, box = len(xs), len(ys), _outline(xs, ys, goals)
    left_most, right_end, bottom_most, top_end = window
    heap, count = _begun(starts, start_costs, turn, found)
    best, end = np.inf, np.int64(-1)
    while len(heap) > 0:
        rated, node = divmod(heapq.heappop(heap), KEY)
        most -= 1
        if rated >= best or most < 0:
            break
        (level, i, j), here = (node // ny // nx, node // ny % nx, node % ny), np.float64(cost[node])
        if rated > here + _left(xs, ys, across_x, across_y, box, (level, i, j)) + 1.0:
            continue  # reached more cheaply since
        if goal_seen[node] == turn and here + goal_cost[node] < best:
            best, end = here + goal_cost[node], node
        for how in range(X_UP, DOWN_H + 1):
            a, b, c = level + STEP[how, 0], i + STEP[how, 1], j + STEP[how, 2]
            if a < 0 or a == LEVELS or b < left_most or b >= right_end or c < bottom_most or c >= top_end:
                continue
            if wire_fixed[a, b, c] > 0:
                continue
            other = (a * nx + b) * ny + c
            if seen[other] == turn and cost[other] <= here:
                continue
            if how <= Y_DOWN:
                across = across_x[level] if how <= X_DOWN else across_y[level]
                there = across + press * wire_moving[a, b, c] + worn[a, b, c]
                there *= abs(xs[b] - xs[i]) + abs(ys[c] - ys[j])
            else:
                k, ends = min(a, level), (how - UP_V) % 2
                if pad_fixed[k, 0, ends, i, j] > 0 or pad_fixed[k, 1, ends, i, j] > 0:
                    continue
                in_way = press * (pad_moving[k, 0, ends, i, j] + pad_moving[k, 1, ends, i, j])
                there = VIA_COST * (1.0 + 0.5 * (in_way + worn[a, b, c] + worn[level, i, j])) + ends
            price = np.float32(here + there)  # as it is kept: else a tie that is rounded up were cheaper each time
            if seen[other] != turn or cost[other] > price:
                count += seen[other] != turn
                seen[other], cost[other], came[other] = turn, price, how
                left = _left(xs, ys, across_x, across_y, box, (a, b, c))
                heapq.heappush(heap, np.int64(cost[other] + left) * KEY + other)
    return _traced(nx, ny, came, end), count, most < 0


@njit(cache=True)
def _begun(starts, start_costs, turn, found):
    """The heap with the starts, the cheapest way into each, and how many these are."""
    (cost, seen, came, _, _), count = found, 0
    heap = [np.int64(0)]
    heap.pop()
    for k in range(len(starts)):
        node = starts[k]
        if seen[node] != turn or start_costs[k] < cost[node]:
            count += seen[node] != turn
            seen[node], cost[node], came[node] = turn, start_costs[k], STAY
            heapq.heappush(heap, np.int64(start_costs[k]) * KEY + node)
    return heap, count


@njit(cache=True)
def _outline(xs, ys, goals):
    """The least and largest x, y and level of the goals."""
    nx, ny = len(xs), len(ys)
    low, high = (np.inf, np.inf, LEVELS), (-np.inf, -np.inf, -1)
    for node in goals:
        x, y, level = xs[node // ny % nx], ys[node % ny], node // ny // nx
        low = min(low[0], x), min(low[1], y), min(low[2], level)
        high = max(high[0], x), max(high[1], y), max(high[2], level)
    return low, high


@njit(cache=True)
def _left(xs, ys, across_x, across_y, box, at):
    """What is left to the outline of the goals: the distance, overrated, and the cuts to a level of theirs or to one
    along which the rest can be gone."""
    (x_low, y_low, lowest), (x_high, y_high, highest) = box
    level, x, y = at[0], xs[at[1]], ys[at[2]]
    dx, dy = max(0.0, x_low - x, x - x_high), max(0.0, y_low - y, y - y_high)
    cuts = VIA_COST * max(0, lowest - level, level - highest)
    across = min(VIA_COST, (across_x[level] - 1.0) * dx + (across_y[level] - 1.0) * dy)
    return EAGER * (dx + dy) + max(cuts, across)


@njit(cache=True)
def _traced(nx, ny, came, end):
    """The way that led to `end`, from its start; empty for -1."""
    way = [(np.int64(0), np.int64(0))]
    way.pop()
    while end >= 0:
        how = np.int64(came[end])
        way.append((np.int64(end), how))
        if how == STAY:
            break
        end -= (STEP[how, 0] * nx + STEP[how, 1]) * ny + STEP[how, 2]
    return way[::-1]
