"""A tap ring: tap, contacts, li1, mcon and met1 around a box, with its implant and, for n-taps, the n-well."""

from __future__ import annotations

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull, spread
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MCON

from .spacings import THIN, Spacings

RING_NM = MCON.above.long_nm
"""Width of the ring's tap, li1 and met1: a contact with met1's larger enclosure on both sides."""


def guard_ring(drawing: Drawing, inner: Box, *, n_tap: bool, within: Spacings = THIN) -> Box:
    """Draws the ring around `inner` (nm) and returns its outer box. An n-tap ring brings the n-well over all of it."""
    outer = tap_ring(drawing, inner, n_tap=n_tap)
    if n_tap:
        drawing.add(Layer.NWELL, _enlarged(outer, within.tap_in_nwell))
    return outer


def tap_ring(drawing: Drawing, inner: Box, *, n_tap: bool) -> Box:
    """The ring without a well. Returns its outer box."""
    for bar in bars(inner):
        _bar(drawing, bar, n_tap)
    _contacts(drawing, inner)
    return hull(bars(inner))


def tap_wall(drawing: Drawing, bar: Box, *, n_tap: bool) -> None:
    """A straight tap between two bars of a ring which its ends meet, contacted as closely as theirs allow."""
    _bar(drawing, bar, n_tap)
    size, space = rules.LICON_SIZE.value_nm, MCON.space_nm
    margin = (RING_NM - size) // 2
    along = space - margin
    x_in, y_in = (along, margin) if bar.width() > bar.height() else (margin, along)
    for x in spread(bar.left + x_in, bar.right - x_in, size, space):
        for y in spread(bar.bottom + y_in, bar.top - y_in, size, space):
            _stack(drawing, x, y)


def _bar(drawing: Drawing, bar: Box, n_tap: bool) -> None:
    for layer in (Layer.TAP, Layer.LI1, Layer.MET1):
        drawing.add(layer, bar)
    drawing.add(Layer.NSDM if n_tap else Layer.PSDM, _enlarged(bar, rules.IMPLANT_ENCLOSES_DIFF.value_nm))


def bars(inner: Box) -> tuple[Box, Box, Box, Box]:
    """Left, right, bottom and top bar, `inner` widened to the cut grid; bottom and top run the whole width."""
    inner = Box(*(-snap_up(-v, CUT_GRID_NM) for v in (inner.left, inner.bottom)), *_up(inner.right, inner.top))
    o = inner.enlarged(RING_NM, RING_NM)
    return (
        Box(o.left, inner.bottom, inner.left, inner.top),
        Box(inner.right, inner.bottom, o.right, inner.top),
        Box(o.left, o.bottom, o.right, inner.bottom),
        Box(o.left, inner.top, o.right, o.top),
    )


def _up(*values_nm: int) -> tuple[int, ...]:
    return tuple(snap_up(v, CUT_GRID_NM) for v in values_nm)


def _contacts(drawing: Drawing, inner: Box) -> None:
    left, right, bottom, top = bars(inner)
    size, pitch_space = rules.LICON_SIZE.value_nm, MCON.space_nm
    margin = (RING_NM - size) // 2
    corner = RING_NM - margin + pitch_space
    for bar in (bottom, top):
        for x in spread(bar.left + corner, bar.right - corner, size, pitch_space):
            _stack(drawing, x, bar.bottom + margin)
    for bar in (left, right):
        for y in spread(bar.bottom + margin, bar.top - margin, size, pitch_space):
            _stack(drawing, bar.left + margin, y)


def _stack(drawing: Drawing, x: int, y: int) -> None:
    for layer in (Layer.LICON, Layer.MCON):
        drawing.box(layer, x, y, x + rules.LICON_SIZE.value_nm, y + rules.LICON_SIZE.value_nm)


def _enlarged(box: Box, by_nm: int) -> Box:
    return box.enlarged(by_nm, by_nm)
