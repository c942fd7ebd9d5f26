"""How much room the wires of a block need before any of them is found: what has to cross each line, and what could.

A net crosses every line between its pins, one of many pins more than once. What a line has room for are the crossings
of it that nothing fixed bars. Lengths are in nm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box, hull
from analoom.generators.placing.arrange import Gap, Line
from analoom.generators.ways.lattice import STEP_NM, Counted, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.wire_kinds import ALONG, ROUTED, Ends
from analoom.pdk.units import snap_up

Floats = NDArray[np.float64]
MOST_USED = 0.14
"""The share of all room that nets may take by this measure. Blocks of 20 to 1,000 nets between near parts take 0.09 at
most, and find their ways; of parts joined at random those of 30 take 0.13, those of 100 take 0.17 and find none."""
MANY = 0.4
"""A net of n pins crosses a line MANY sqrt(n) times, but at least once. Fitted to table 1 of C.-L. E. Cheng, "RISA:
Accurate and Efficient Placement Routability Modeling", ICCAD 1994: 1.49 for 10 pins, 1.89 for 20, 2.79 for 50."""


def lacking(nets: Sequence[Net], fixed: Counted, gaps: Sequence[Gap]) -> dict[tuple[Line, int], int]:
    """By how much each gap is to grow (line and number of the gap); none where nets take little enough of the room."""
    found = dict[tuple[Line, int], int]()
    directions: tuple[tuple[Ends, str], ...] = (("v", "x"), ("h", "y"))
    for ends, across in directions:
        more_nm = _lacking_nm(nets, fixed, ends)
        beside = [gap for gap in gaps if gap.line.along == across] if more_nm > 0 else []
        for gap in beside:
            shared = sum(_in_line(gap, other, ends) for other in beside)
            found[gap.line, gap.index] = snap_up(more_nm / shared, 2 * STEP_NM)
    return found


def used(nets: Sequence[Net], fixed: Counted, ends: Ends) -> float:
    """The share of the room for wires that run `ends` that nets will take."""
    return float(needed(nets, fixed.lattice, ends).sum() / max(room(fixed, ends).sum(), 1.0))


def _lacking_nm(nets: Sequence[Net], fixed: Counted, ends: Ends) -> float:
    """How much wider all gaps that wires run along `ends` in are to be, together."""
    more = used(nets, fixed, ends) / MOST_USED - 1
    wires_a_nm = sum(1 / (STEP_NM * _lines_a_wire(level)) for level, along in enumerate(ALONG) if along == ends)
    return max(0.0, more * float(room(fixed, ends).mean()) / wires_a_nm)


def _in_line(one: Gap, other: Gap, ends: Ends) -> bool:
    """Whether a line that runs through the middle of one gap, across its wires, meets the other."""
    middle = one.box.center()
    if ends == "h":
        return bool(other.box.left <= middle.x <= other.box.right)
    return bool(other.box.bottom <= middle.y <= other.box.top)


def needed(nets: Sequence[Net], lattice: Lattice, ends: Ends) -> Floats:
    """How many wires that run `ends` have to cross each line across them."""
    lines = np.array(lattice.xs if ends == "h" else lattice.ys)
    change = np.zeros(len(lines) + 1)
    for span, pins in _spans(nets):
        low, high = (span.left, span.right) if ends == "h" else (span.bottom, span.top)
        times = max(1.0, MANY * sqrt(pins))
        change[np.searchsorted(lines, low)] += times
        change[np.searchsorted(lines, high)] -= times
    return np.asarray(np.cumsum(change)[:-1], np.float64)


def _spans(nets: Sequence[Net]) -> Iterator[tuple[Box, int]]:
    """What the middles of a net's pins inside the block span, and how many they are."""
    for net in nets:
        pins = [hull(joint.box for joint in t.joints).center() for t in net.terminals if t.joints]
        if len(pins) > 1:
            yield hull(Box(pin.x, pin.y, pin.x, pin.y) for pin in pins), len(pins)


def room(fixed: Counted, ends: Ends) -> Floats:
    """For how many wires that run `ends` there is room across each line."""
    axis = 1 if ends == "h" else 0
    free = ((fixed.wires[k] <= 0).sum(axis=axis) / _lines_a_wire(k) for k, along in enumerate(ALONG) if along == ends)
    return np.asarray(sum(free), np.float64)


def _lines_a_wire(level: int) -> int:
    """How many lines of a lattice are a wire and its space."""
    return ceil((ROUTED[level].width_nm + ROUTED[level].space_nm) / STEP_NM)
