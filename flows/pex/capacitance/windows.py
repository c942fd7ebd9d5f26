"""Extraction window by window: equal windows, surroundings included, are worked out once.

The windows follow the pitch of the cell that is repeated most, so that the inside of an array costs a handful of
windows whatever its size. The sum over windows is exact for plates and neighbours, as a field or an edge belongs to one
window only; a wire crossing outside a window is not seen to draw fringe from edges more than NEAR_NM away inside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import klayout.db as kdb
import numpy as np

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.pex.shapes.geometry import Ints, Shapes, channels_of
from analoom.pdk.wires import WireTables

from .edges import halo_nm
from .grid import EMPTY, paint
from .pairs import Pairs
from .piece_map import PieceMap, Pieces
from .slants import NO_SLANTS, near, slants_of
from .window import window_pairs

WINDOW_NM = 80000
"""Size aimed at for a window: as many whole pitches as come nearest. Larger ones have less surroundings, smaller ones
are more often equal."""

MOST_FIELDS = 4_000_000
"""Windows whose grids have more fields are halved: a level of that many is 16 MB."""

LEAST_WINDOW_NM = 5000
"""Smaller windows would be surroundings for the most part."""

MARGIN_NM = 10
"""The windows begin this far outside the layout."""

Window = tuple[int, int, int, int]


def extract_pairs(source: LayoutSource, shapes: Shapes, tables: WireTables, pieces: Pieces | None = None) -> Pairs:
    """The capacitance of every pair of nets of a layout, by net number; of every pair of nodes, if `pieces` are given.

    Between nodes some may be below zero: see `window._hidden_plates`.
    """
    known: dict[bytes, Pairs] = {}
    found: list[Pairs] = []
    halo, channels = halo_nm(shapes.boxes), channels_of(source)
    slants = slants_of(source) if shapes.slanted else NO_SLANTS
    for window in _small_enough(_windows(source, shapes), shapes.boxes, halo):
        boxes = _inside(shapes.boxes, window, halo)
        if not len(boxes):
            continue
        local, nets = _renumbered(boxes, shapes.substrate)
        gates = _inside(channels, window, halo)
        slanted = near(slants, window, halo)
        key = local.tobytes() + gates.tobytes() + slanted.tobytes()
        by_place, numbers = (None, nets) if pieces is None else _pieces_of(pieces, nets, window, halo)
        key += by_place.key() if by_place else b""
        if key not in known:
            size = (0, 0, window[2] - window[0], window[3] - window[1])
            known[key] = window_pairs(paint(local, 0, size, halo, gates, slanted), tables, by_place)
        pairs = known[key]
        found.append(Pairs(numbers[pairs.a], numbers[pairs.b], pairs.c_f))
    whole = Pairs.join(found)
    return whole.positive() if pieces is None else whole


def _pieces_of(pieces: Pieces, nets: Ints, window: Window, halo: int) -> tuple[PieceMap, Ints]:
    """(the pieces in a window, the layout's node of each number there); `nets`: the layout's net of each there."""
    near = _inside(pieces.boxes, window, halo)
    lacking = np.setdiff1d(nets[1:], pieces.net[near[:, 1]])
    local, nodes = _renumbered(np.concatenate([near, pieces.first_of(lacking)]), 0)
    number = np.full(1 + max(int(pieces.net.max()), int(nets.max())), EMPTY)
    number[nets] = np.arange(len(nets))
    return PieceMap(local, number[pieces.net[nodes]][local[:, 1]]), nodes


def _windows(source: LayoutSource, shapes: Shapes) -> Iterator[Window]:
    left, bottom, right, top = shapes.bbox()
    steps = _window_size_nm(source)
    anchor = _anchor_nm(source)
    x0, y0 = (_start_nm(*x) for x in zip((left, bottom), anchor, steps, strict=True))
    for y in range(y0, top + MARGIN_NM, steps[1]):
        for x in range(x0, right + MARGIN_NM, steps[0]):
            yield x, y, x + steps[0], y + steps[1]


def _small_enough(windows: Iterable[Window], boxes: Ints, halo: int) -> Iterator[Window]:
    """The windows, those of too many fields in halves, again and again."""
    for window in windows:
        todo = [window]
        while todo:
            left, bottom, right, top = todo.pop()
            width, height = right - left, top - bottom
            if (
                max(width, height) < 2 * LEAST_WINDOW_NM
                or _fields(boxes, (left, bottom, right, top), halo) <= MOST_FIELDS
            ):
                yield left, bottom, right, top
            elif width >= height:
                middle = left + width // 2
                todo += [(middle, bottom, right, top), (left, bottom, middle, top)]
            else:
                middle = bottom + height // 2
                todo += [(left, middle, right, top), (left, bottom, right, middle)]


def _fields(boxes: Ints, window: Window, halo: int) -> int:
    """Fields of a window's grid, at most."""
    near = _inside(boxes, window, halo)
    if 4 * len(near) ** 2 <= MOST_FIELDS:
        return 4 * len(near) ** 2
    xs, ys = np.unique(near[:, [2, 4]]), np.unique(near[:, [3, 5]])
    return len(xs) * len(ys)


def _start_nm(low: int, anchor: int, step: int) -> int:
    """The last window edge of the raster through `anchor` that is MARGIN_NM or more below `low`."""
    return low - MARGIN_NM - (low - MARGIN_NM - anchor) % step


def _inside(boxes: Ints, window: Window, halo: int) -> Ints:
    """The boxes within the halo of a window, clipped, relative to its lower left corner, in a fixed order."""
    left, bottom, right, top = window
    x0, y0, x1, y1 = left - halo, bottom - halo, right + halo, top + halo
    near = (boxes[:, 2] < x1) & (boxes[:, 4] > x0) & (boxes[:, 3] < y1) & (boxes[:, 5] > y0)
    clipped = boxes[near].copy()
    clipped[:, [2, 4]] = np.clip(clipped[:, [2, 4]], x0, x1) - left
    clipped[:, [3, 5]] = np.clip(clipped[:, [3, 5]], y0, y1) - bottom
    return clipped[np.lexsort(clipped[:, [5, 4, 3, 2, 0]].T)]


def _renumbered(boxes: Ints, substrate: int) -> tuple[Ints, Ints]:
    """(boxes with nets numbered by first appearance, the net of each number); number 0 is the substrate."""
    numbers, first, inverse = np.unique(np.append(substrate, boxes[:, 1]), return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    local = boxes.copy()
    local[:, 1] = rank[inverse[1:]]
    return local, numbers[order]


def _window_size_nm(source: LayoutSource) -> tuple[int, int]:
    pitches = (_pitch_nm(values) for values in _repeats(source))
    return tuple(pitch * max(1, round(WINDOW_NM / pitch)) if pitch else WINDOW_NM for pitch in pitches)  # type: ignore[return-value]


def _anchor_nm(source: LayoutSource) -> tuple[int, int]:
    xs, ys = _repeats(source)
    return (xs[0] if xs else 0), (ys[0] if ys else 0)


def _pitch_nm(values: list[int]) -> int:
    """The commonest step between sorted positions, 0 when there is none."""
    steps, counts = np.unique(np.diff(values), return_counts=True)
    return int(steps[np.argmax(counts)]) if len(steps) else 0


def _repeats(source: LayoutSource) -> tuple[list[int], list[int]]:
    """The sorted x and y positions (nm) of the cell whose placements cover the most area; empty without repetition."""
    places: dict[int, list[kdb.Vector]] = defaultdict(list)
    for at in source.top.begin_instances_rec():
        places[at.inst_cell().cell_index()].append((at.trans() * at.inst_trans()).disp)
    often = {index: found for index, found in places.items() if len(found) > 3}
    if not often:
        return [], []
    best = max(often, key=lambda index: (len(often[index]) * source.layout.cell(index).bbox().area(), -index))
    return sorted({round(p.x) for p in often[best]}), sorted({round(p.y) for p in often[best]})
