"""A window of a layout on its own coordinate lines: which net each level holds in each field of the grid.

No rounding: the grid's lines are the edges of the boxes, so every field is wholly in or out of each conductor. Turned
and mirrored views let one routine look along +x only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk.wires import Array

Bools = NDArray[np.bool_]
Fields = tuple[NDArray[Any], ...]
"""An array (ny, nx) by level; levels without a conductor share theirs."""

Turn = Callable[[Ints], Ints]
EMPTY = -1
LEVELS = len(Level)
NEAR_NM = 3000
"""Edges this far outside the window are looked at too: a wire there draws fringe from edges inside."""


@dataclass(frozen=True)
class Mirrored:
    """Places along x of a grid, looked up as those of the grid that is its mirror image."""

    places: Ints

    def __getitem__(self, at: tuple[Ints, Ints]) -> Ints:
        row, col = at
        mirrored: Ints = self.places.shape[-1] - 1 - self.places[row, ~col]
        return mirrored


@dataclass(frozen=True)
class Nearest:
    """By field (ny, nx) the nearest fields along x, itself included: -1 or nx where there is none.

    The last one before and the first one after with a conductor (`low`, `high`), and the same without one.
    """

    low: Ints | Mirrored
    high: Ints | Mirrored
    empty_low: Ints | Mirrored
    empty_high: Ints | Mirrored


@dataclass(frozen=True)
class Grid:
    """`nets` by level, EMPTY where a level has no conductor; FIELD is filled everywhere.

    `xs` (nx + 1,), `ys` (ny + 1,) are the lines in nm. Fields of `own_x` (nx,) and `own_y` (ny,) belong to the window,
    the others are its surroundings; `near_x`, `near_y` are those within NEAR_NM of it. `slants`: see `slants`.
    `behind`: the grid that this one mirrors.
    """

    nets: Fields
    xs: Ints
    ys: Ints
    own_x: Bools
    own_y: Bools
    near_x: Bools
    near_y: Bools
    slants: Array
    behind: Grid | None = None
    known: dict[Level, Nearest] = field(default_factory=dict)

    @cached_property
    def changes(self) -> Ints:
        """(ny - 1, nx + 1): how many of the first fields of a row differ from those of the row above, on any level."""
        if self.behind is not None:
            before = self.behind.changes[:, ::-1]
            return before[:, :1] - before
        differ = np.zeros((len(self.ys) - 2, len(self.xs) - 1), dtype=bool)
        for nets, filled in zip(self.nets, self.filled, strict=True):
            if filled:
                differ |= nets[1:] != nets[:-1]
        out: NDArray[Any] = np.zeros((len(differ), differ.shape[1] + 1), dtype=np.int32)
        np.cumsum(differ, axis=1, out=out[:, 1:])
        return out

    @cached_property
    def filled(self) -> tuple[bool, ...]:
        """Whether each level has any conductor."""
        if self.behind is not None:
            return self.behind.filled
        return tuple(bool((nets != EMPTY).any()) for nets in self.nets)

    def nearest(self, level: Level) -> Nearest:
        """The nearest fields with and without conductors of a level; worked out once."""
        if level not in self.known:
            self.known[level] = self._nearest(level)
        return self.known[level]

    def _nearest(self, level: Level) -> Nearest:
        if self.behind is not None:
            near = self.behind.nearest(level)
            return Nearest(*(Mirrored(cast(Ints, x)) for x in (near.high, near.low, near.empty_high, near.empty_low)))
        full = self.nets[level] != EMPTY
        return Nearest(last_true(full), next_true(full), last_true(~full), next_true(~full))

    def mirrored(self) -> Grid:
        """The same seen from behind: x becomes -x."""
        x, near_x = self.own_x[::-1], self.near_x[::-1]
        slants = self.slants * np.array([1, -1, 1, -1, 1, -1, 1, 1, 1])
        nets = tuple(x[:, ::-1] for x in self.nets)
        return Grid(nets, -self.xs[::-1], self.ys, x, self.own_y, near_x, self.near_y, slants, self)

    def turned(self) -> Grid:
        """x and y exchanged."""
        nets = tuple(
            np.ascontiguousarray(x.T) if filled else x.T for x, filled in zip(self.nets, self.filled, strict=True)
        )
        slants = self.slants[:, [0, 2, 1, 4, 3, 6, 5, 7, 8]]
        return Grid(nets, self.ys, self.xs, self.own_y, self.own_x, self.near_y, self.near_x, slants)

    def views(self) -> Iterator[tuple[Grid, Turn]]:
        """Four grids whose +x is the drawing's +x, -x, +y and -y, each with how to turn an array (ny, nx) to it.

        One after the other: what a grid knows of `nearest` fields is forgotten when the next but one is asked for.
        """
        yield self, lambda field: field
        yield self.mirrored(), lambda field: field[:, ::-1]
        self.known.clear()
        turned = self.turned()
        yield turned, lambda field: field.T
        yield turned.mirrored(), lambda field: field.T[:, ::-1]

    def below(self) -> tuple[Fields, Fields]:
        """(level, net) by level: the first conductor under each level; FIELD at the lowest."""
        level: list[NDArray[Any]] = [np.zeros(self.nets[0].shape, dtype=np.int8)] * 2
        net = [self.nets[0]] * 2
        for k in range(1, LEVELS - 1):
            level.append(self._over(k, level[-1], np.int8(k)))
            net.append(self._over(k, net[-1], self.nets[k]))
        return tuple(level), tuple(net)

    def above(self) -> tuple[Fields, Fields]:
        """(level, net) of the first conductor over each level; level EMPTY where there is none."""
        level, net = [_empty(self.nets[0].shape, np.int8)], [_empty(self.nets[0].shape, np.int32)]
        for k in range(LEVELS - 1, 0, -1):
            level.append(self._over(k, level[-1], np.int8(k)))
            net.append(self._over(k, net[-1], self.nets[k]))
        return tuple(level[::-1]), tuple(net[::-1])

    def _over(self, level: int, before: NDArray[Any], there: NDArray[Any] | np.int8) -> NDArray[Any]:
        """`there` where a level has a conductor, else what was seen `before`: the same array where it has none."""
        return np.where(self.nets[level] != EMPTY, there, before) if self.filled[level] else before


def paint(
    boxes: Ints, substrate: int, window: tuple[int, int, int, int], halo_nm: int, channels: Ints, slants: Array
) -> Grid:
    """The grid of `boxes` (level, net, left, bottom, right, top) in `window` (nm) and `halo_nm` around it.

    `channels`, rows like those of `boxes`: there the silicon under a gate is diffusion too, of the well's net.
    """
    left, bottom, right, top = window
    xs = _lines(boxes[:, [2, 4]], left, right, halo_nm)
    ys = _lines(boxes[:, [3, 5]], bottom, top, halo_nm)
    shape = len(ys) - 1, len(xs) - 1
    drawn = {*boxes[:, 0].tolist(), Level.DIFF}
    nets: list[NDArray[Any]] = [
        np.full(shape, EMPTY, dtype=np.int32) if k in drawn else _empty(shape, np.int32) for k in range(LEVELS)
    ]
    nets[Level.FIELD] = np.full(shape, substrate, dtype=np.int32)
    x0, x1 = (np.searchsorted(xs, np.clip(boxes[:, k], xs[0], xs[-1])) for k in (2, 4))
    y0, y1 = (np.searchsorted(ys, np.clip(boxes[:, k], ys[0], ys[-1])) for k in (3, 5))
    for level, net, a, b, c, d in zip(boxes[:, 0], boxes[:, 1], y0, y1, x0, x1, strict=True):
        nets[level][a:b, c:d] = net
    for *_, left_nm, low_nm, right_nm, high_nm in channels.tolist():
        (c, d), (a, b) = np.searchsorted(xs, (left_nm, right_nm)), np.searchsorted(ys, (low_nm, high_nm))
        nets[Level.DIFF][a:b, c:d] = nets[Level.FIELD][a:b, c:d]
    own = _within(xs, left, right), _within(ys, bottom, top)
    near = _within(xs, left - NEAR_NM, right + NEAR_NM), _within(ys, bottom - NEAR_NM, top + NEAR_NM)
    return Grid(tuple(nets), xs, ys, *own, *near, slants)


def _empty(shape: tuple[int, ...], dtype: type[np.integer[Any]]) -> NDArray[Any]:
    """Fields without a conductor; takes no memory."""
    return np.broadcast_to(dtype(EMPTY), shape)


def _within(lines: Ints, low: int, high: int) -> Bools:
    return (lines[1:] > low) & (lines[:-1] < high)


def _lines(edges: Ints, low: int, high: int, halo_nm: int) -> Ints:
    lines = np.unique(np.concatenate([edges.ravel(), [low - halo_nm, low, high, high + halo_nm]]))
    return lines[(lines >= low - halo_nm) & (lines <= high + halo_nm)]


def last_true(flags: Bools) -> Ints:
    """Index along the last axis of the nearest True at or before each place, -1 where there is none."""
    return np.maximum.accumulate(np.where(flags, np.arange(flags.shape[-1], dtype=np.int32), np.int32(-1)), axis=-1)


def next_true(flags: Bools) -> Ints:
    """Index along the last axis of the nearest True at or after each place, the axis' length where there is none."""
    size = flags.shape[-1]
    return size - 1 - last_true(flags[..., ::-1])[..., ::-1]
