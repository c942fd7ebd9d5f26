"""From a layout to its conductors as boxes with nets, resistor bodies among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analoom.flows.files.layout_source import LayoutSource

from .bodies import bodies_of
from .conductors import FlatConductors
from .geometry import Body, Ints, Shapes, boxes_of, not_too_large


def shapes_of(source: LayoutSource) -> Shapes:
    """The conductors of a layout with their nets. Raises InputError when there are none or too many."""
    not_too_large(source)
    flat = FlatConductors(source)
    bodies = tuple(bodies_of(flat))
    boxes, slanted = boxes_with_bodies(flat, bodies)
    nets, inverse = np.unique(np.append(boxes[:, 1], 0), return_inverse=True)
    boxes[:, 1] = inverse[:-1]
    number = {int(net): k for k, net in enumerate(nets)}
    return Shapes(boxes, int(inverse[-1]), len(nets), slanted, tuple(_renumbered(body, number) for body in bodies))


def _renumbered(body: Body, number: Mapping[int, int]) -> Body:
    return replace(body, ends=tuple(replace(end, net=number[end.net]) for end in body.ends))


def boxes_with_bodies(flat: FlatConductors, bodies: Sequence[Body]) -> tuple[Ints, bool]:
    """(rows as in `Shapes`, whether an edge is slanted): wires, then each half of a body with the net at its end."""
    rows: list[tuple[int, ...]] = []
    slanted = False
    for level, net, polygon in flat.polygons():
        slanted |= not polygon.is_rectilinear()
        rows += [(level, net, *box) for box in boxes_of(polygon)]
    rows += [(body.level, body.ends[end].net, *box) for body in bodies for box, end in body.boxes]
    return np.array(rows, dtype=np.int64).reshape(-1, 6), slanted
