"""A search under way over the grid of the fields: candidates drawn and measured, and the moves between them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.registry import entry
from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.plan.axes import value_at_step
from analoom.flows.sweep.plan.job import Search, SweepJob
from analoom.flows.sweep.plan.points import Point, content_key, nested
from analoom.flows.sweep.table.table import sound
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.pdk.errors import InputError, SpecError

from .found import Found, fixed_fields
from .judged import error_lsb, with_room

_UNDRAWABLE, _UNMET = 2000.0, 1000.0
"""Costs above those of any layout that meets the target, whose cost is ln(area in um2)."""
_FOR_BELOW = 12
"""Layouts a field that may be drawn for its next smaller grid point, on top of the budget."""
_SLIDES = tuple(sign * 2**k for k in range(6) for sign in (-1, 1))
"""Steps by which a field is moved along the edge of the target."""


@dataclass(frozen=True)
class _Tried:
    """A candidate: its cost, its room needed in LSB with the sigmas that holds, what was drawn and measured."""

    cost: float
    error_lsb: float = math.inf
    sigmas: float = 0.0
    point: Point | None = None
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[float, float]:
        """Less area first, then less error."""
        return round(self.cost, 9), self.error_lsb

    @property
    def area_um2(self) -> float:
        """Drawn area; infinite where nothing was drawn."""
        return float(self.result.get("values", {}).get("area_um2", math.inf))


@dataclass
class Hunt:
    """A search under way, on grid coordinates: x[i] steps above the low end of the i-th field."""

    job: SweepJob
    campaign: Campaign
    bits: int
    tell: Callable[[int], None] = lambda drawn: None
    margin: float = 1.0
    known: dict[tuple[int, ...], _Tried] = field(default_factory=dict)
    below: dict[str, tuple[int, ...]] = field(default_factory=dict)
    budget: int = 0

    def __post_init__(self) -> None:
        self.search: Search = self.job.search  # type: ignore[assignment]
        self.fixed = fixed_fields(self.job, self.bits)

    @property
    def reach(self) -> list[int]:
        """Steps of each field."""
        return [math.floor((r.high - r.low) / r.step + 1e-9) for r in self.search.vary.values()]

    def fields(self, x: tuple[int, ...]) -> dict[str, Any]:
        """The searched fields at `x`."""
        values = (value_at_step(r.low, r.step, n) for r, n in zip(self.search.vary.values(), x, strict=True))
        return dict(zip(self.search.vary, values, strict=True))

    def map(self, function: Any, xs: Iterable[NDArray[np.float64]]) -> list[float]:
        """What scipy calls instead of `map(function, xs)`: a generation is measured by all workers at once."""
        return self.costs([tuple(round(v) for v in x) for x in xs])

    def costs(self, xs: Sequence[tuple[int, ...]]) -> list[float]:
        """The cost of each candidate; new ones are drawn and measured while the budget lasts."""
        fresh = [x for x in dict.fromkeys(xs) if x not in self.known][: max(self.budget - len(self.known), 0)]
        points = {x: self._point(x) for x in fresh}
        drawable = {x: p for x, p in points.items() if p is not None}
        results = self._measured(list(drawable.values())) if drawable else {}
        for x, p in points.items():
            self.known[x] = self._tried(p, results[p.key]) if p else _Tried(_UNDRAWABLE)
        self.tell(len(self.known))
        return [self.known[x].cost if x in self.known else _UNDRAWABLE for x in xs]

    def _measured(self, points: Sequence[Point]) -> dict[str, Any]:
        """Results by key, with the room that the criterion needs where a sigma alone does not tell it."""
        results = self.campaign.run([task_of(self.job, p) for p in points])
        return results if self.job.criterion.plain else with_room(self.job, points, results, self.campaign, self.bits)

    def walk(self) -> None:
        """From the best candidate, steps along each field and each pair of fields, halved down to the grid."""
        steps = [max(n // 8, 1) for n in self.reach]
        here = self.best
        while True:
            self.costs(self._around(here, steps))
            if self.known[self.best].rank < self.known[here].rank:
                here = self.best
            elif max(steps) == 1 or len(self.known) >= self.budget:
                return
            else:
                steps = [max(s // 2, 1) for s in steps]

    def slide(self) -> None:
        """From the best candidate along the edge of the target: one field moves, another shrinks as far as is met.

        Takes errors to fall with every field; where they don't, it finds nothing better.
        """
        for i, j in itertools.permutations(range(len(self.reach)), 2):
            here = self.best
            moved = [(*here[:i], here[i] + s, *here[i + 1 :]) for s in _SLIDES if 0 <= here[i] + s <= self.reach[i]]
            self._shrink(moved, j)

    def _shrink(self, xs: Sequence[tuple[int, ...]], j: int) -> None:
        """Halves the reach of the j-th field of each candidate down to the smallest value that meets the target."""
        spans = [(0, self.reach[j])] * len(xs)
        for _ in range(self.reach[j].bit_length() + 1):
            middles = [(low + high) // 2 for low, high in spans]
            costs = self.costs([(*x[:j], m, *x[j + 1 :]) for x, m in zip(xs, middles, strict=True)])
            met = [cost < _UNMET for cost in costs]
            spans = [
                (low, m) if good else (min(m + 1, high), high)
                for (low, high), m, good in zip(spans, middles, met, strict=True)
            ]

    @property
    def best(self) -> tuple[int, ...]:
        return min(self.known, key=lambda x: (*self.known[x].rank, x))

    def settle(self) -> None:
        """To the end: no neighbour is better, and of each field the next smaller grid point is known."""
        here, budget = None, self.budget
        while here != self.best:
            self.budget = budget
            self.walk()
            here, self.budget = self.best, len(self.known) + _FOR_BELOW * len(self.reach)
            self.below = {name: x for i, name in enumerate(self.search.vary) if (x := self._smaller(here, i))}

    def _smaller(self, here: tuple[int, ...], i: int) -> tuple[int, ...] | None:
        """The grid point of less area next below `here` along the i-th field, areas taken to rise with it."""

        def at(step: int) -> tuple[int, ...]:
            return (*here[:i], step, *here[i + 1 :])

        def less(step: int) -> bool:
            self.costs([at(step)])
            tried = self.known.get(at(step), _Tried(_UNDRAWABLE))
            return tried.area_um2 < self.known[here].area_um2 * (1 - 1e-9)

        high, reach = here[i], 1
        while (low := max(here[i] - reach, 0)) < high and not less(low):
            high, reach = low, 2 * reach
        while high - low > 1:
            low, high = (middle, high) if less(middle := (low + high) // 2) else (low, middle)
        return at(low) if low < high else None

    def outcome(self) -> Found:
        """The best candidate."""
        best = self.known[self.best]
        if best.point is None or "values" not in best.result:
            told = [t.result["error"]["message"] for t in self.known.values() if "error" in t.result]
            raise InputError(
                f"no candidate for {self.bits} bits could be drawn: {(told or ['see vary'])[0]}", field="search"
            )
        fields, values = {**self.search.fields, **best.point.shown}, best.result["values"]
        limits = tuple(
            name for name, n, most in zip(self.search.vary, self.best, self.reach, strict=True) if n in (0, most)
        )
        found = Found(self.bits, best.cost < _UNMET, fields, best.point.key, values, best.sigmas, best.error_lsb)
        return replace(found, evaluations=len(self.known), at_limit=limits, below=self._told_below())

    def _told_below(self) -> tuple[Mapping[str, Any], ...]:
        """The next smaller grid points that were measured."""
        tried = [self.known[x] for x in self.below.values() if x in self.known]
        return tuple(
            {"fields": {**self.search.fields, **t.point.shown}, "area_um2": t.area_um2, "error_lsb": t.error_lsb}
            for t in tried
            if t.point and math.isfinite(t.area_um2)
        )

    def _around(self, here: tuple[int, ...], steps: Sequence[int]) -> list[tuple[int, ...]]:
        """Neighbours one step away along one field, or up in one field and down in another."""
        moves = [_unit(i, sign * s, len(steps)) for i, s in enumerate(steps) for sign in (-1, 1)]
        trades = [
            tuple(a + b for a, b in zip(_unit(i, s, len(steps)), _unit(j, -t, len(steps)), strict=True))
            for i, s in enumerate(steps)
            for j, t in enumerate(steps)
            if i != j
        ]
        around = [tuple(a + b for a, b in zip(here, move, strict=True)) for move in (*moves, *trades)]
        return [x for x in around if all(0 <= v <= n for v, n in zip(x, self.reach, strict=True))]

    def _point(self, x: tuple[int, ...]) -> Point | None:
        shown = self.fields(x)
        try:
            spec = entry(self.job.cell).spec_type.parse(nested({**self.fixed, **shown})).model_dump(mode="json")
        except SpecError as error:
            if error.bound.startswith("one of the fields"):
                raise
            return None
        return Point(-1, shown, spec, content_key(self.job.cell, spec, self.job.measure))

    def _tried(self, found: Point, result: Mapping[str, Any]) -> _Tried:
        if "values" not in result or not sound(result["values"]):
            return _Tried(_UNDRAWABLE, point=found, result=result)
        z, error = error_lsb(self.job, result, self.bits)
        used = error * self.margin / 0.5
        cost = math.log(result["values"]["area_um2"]) if used <= 1 else _UNMET + math.log(used)
        return _Tried(cost, error, z, found, result)


def _unit(place: int, step: int, length: int) -> tuple[int, ...]:
    return tuple(step if k == place else 0 for k in range(length))
