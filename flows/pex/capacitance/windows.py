"""Extraction window by window: equal windows, surroundings included, are worked out once.

The windows follow the pitch of the cell that is repeated most, so that the inside of an array costs a handful of
windows whatever its size. The sum over windows is exact for plates and neighbours, as a field or an edge belongs to one
window only; a wire crossing outside a window is not seen to draw fringe from edges more than NEAR_NM away inside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import klayout.db as kdb
import numpy as np

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.progress import tracked
from analoom.flows.pex.shapes.geometry import Ints, Shapes, channels_of
from analoom.pdk.errors import InputError
from analoom.pdk.wires import WireTables

from .edges import halos_nm
from .grid import EMPTY, Bools, paint
from .pairs import Pairs
from .piece_map import PieceMap, Pieces
from .slants import NO_SLANTS, near, slants_of
from .window import window_pairs

WINDOW_NM = 80000
"""Size aimed at for a window: as many whole pitches as come nearest. Larger ones have less surroundings, smaller ones
are more often equal."""

MOST_FIELDS = 4_000_000
"""Windows whose grids have more fields are halved: a level of that many is 16 MB."""

MOST_IN_ALL = 1_000_000_000
"""Layouts of more fields are refused. Measured on one core of a shared server, mode c: 0.55 to 1.2 million fields a CPU
second, so that this many take a quarter of an hour to half an hour; mode rc takes longer.
"""

LEAST_WINDOW_NM = 5000
"""Smaller windows would be surroundings for the most part."""

MARGIN_NM = 10
"""The windows begin this far outside the layout."""

Window = tuple[int, int, int, int]


def extract_pairs(source: LayoutSource, shapes: Shapes, tables: WireTables, pieces: Pieces | None = None) -> Pairs:
    """The capacitance of every pair of nets of a layout, by net number; of every pair of nodes, if `pieces` are given.

    Between nodes some may be below zero: see `window._hidden_plates`.
    Raises InputError, before the work begins, for a layout of more than MOST_IN_ALL fields.
    """
    known: dict[bytes, Pairs] = {}
    found: list[Pairs] = []
    channels = channels_of(source)
    slants = slants_of(source) if shapes.slanted else NO_SLANTS
    windows = [*_small_enough(_windows(source, shapes), shapes.boxes)]
    _not_too_many(source, windows, shapes)
    for window in tracked(windows):
        boxes, halo = _around(shapes.boxes, window)
        if not len(boxes):
            continue
        local, nets = _renumbered(boxes, shapes.substrate)
        gates = _inside(channels, window, halo)
        slanted = near(slants, window, halo)
        size = (0, 0, window[2] - window[0], window[3] - window[1])
        key = repr(size).encode() + local.tobytes() + gates.tobytes() + slanted.tobytes()
        by_place, numbers = (None, nets) if pieces is None else _pieces_of(pieces, nets, window, halo)
        key += by_place.key() if by_place else b""
        if key not in known:
            known[key] = window_pairs(paint(local, 0, size, int(halo.max()), gates, slanted), tables, by_place)
        pairs = known[key]
        found.append(Pairs(numbers[pairs.a], numbers[pairs.b], pairs.c_f))
    whole = Pairs.join(found)
    return whole.positive() if pieces is None else whole


def _pieces_of(pieces: Pieces, nets: Ints, window: Window, halo: Ints) -> tuple[PieceMap, Ints]:
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


def _small_enough(windows: Iterable[Window], boxes: Ints) -> Iterator[Window]:
    """The windows, those of too many fields in halves, again and again."""
    for window in windows:
        todo = [window]
        while todo:
            left, bottom, right, top = todo.pop()
            width, height = right - left, top - bottom
            if max(width, height) < 2 * LEAST_WINDOW_NM or _fields(boxes, (left, bottom, right, top)) <= MOST_FIELDS:
                yield left, bottom, right, top
            elif width >= height:
                middle = left + width // 2
                todo += [(middle, bottom, right, top), (left, bottom, middle, top)]
            else:
                middle = bottom + height // 2
                todo += [(left, middle, right, top), (left, bottom, right, middle)]


def _not_too_many(source: LayoutSource, windows: Sequence[Window], shapes: Shapes) -> None:
    """Raises InputError for too many fields; equal windows count once."""
    fields = [_fields(shapes.boxes, window) for window in windows]
    if sum(fields) <= MOST_IN_ALL:
        return
    near = (_renumbered(_around(shapes.boxes, window)[0], shapes.substrate)[0] for window in windows)
    found = sum(dict(zip((hash(boxes.tobytes()) for boxes in near), fields, strict=True)).values())
    if found > MOST_IN_ALL:
        millions = f"{found / 1e6:.0f} million fields between the edges of its shapes"
        said = f"{source.name}: {millions}; extraction takes up to {MOST_IN_ALL / 1e6:g} million"
        raise InputError(said, field="name", remedy="extract a part: --top CELL")


def _fields(boxes: Ints, window: Window) -> int:
    """Fields of a window's grid, at most."""
    near, _ = _around(boxes, window)
    if 4 * len(near) ** 2 <= MOST_FIELDS:
        return 4 * len(near) ** 2
    xs, ys = np.unique(near[:, [2, 4]]), np.unique(near[:, [3, 5]])
    return len(xs) * len(ys)


def _start_nm(low: int, anchor: int, step: int) -> int:
    """The last window edge of the raster through `anchor` that is MARGIN_NM or more below `low`."""
    return low - MARGIN_NM - (low - MARGIN_NM - anchor) % step


def _around(boxes: Ints, window: Window) -> tuple[Ints, Ints]:
    """(what must be known of `boxes` for a window, as `_inside`; how far around it by level, nm)."""
    halo = halos_nm(boxes[_near(boxes, window, halos_nm(boxes))])
    return _inside(boxes, window, halo), halo


def _near(boxes: Ints, window: Window, halo: Ints) -> Bools:
    """Which boxes are within the halo of their level around a window."""
    left, bottom, right, top = window
    far = halo[boxes[:, 0]]
    near: Bools = (boxes[:, 2] < right + far) & (boxes[:, 4] > left - far)
    return near & (boxes[:, 3] < top + far) & (boxes[:, 5] > bottom - far)


def _inside(boxes: Ints, window: Window, halo: Ints) -> Ints:
    """The boxes near a window, clipped, relative to its lower left corner, in a fixed order."""
    left, bottom, right, top = window
    clipped = boxes[_near(boxes, window, halo)]
    far = halo[clipped[:, 0]]
    for low, high, from_nm, to_nm in ((2, 4, left, right), (3, 5, bottom, top)):
        for k in (low, high):
            clipped[:, k] = np.clip(clipped[:, k], from_nm - far, to_nm + far) - from_nm
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
