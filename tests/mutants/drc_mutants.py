"""Mutants for the design rule checks: a flat copy of a cell with one seeded change somewhere on its checked layers.

The originals are the examples of all registered cells, and layouts drawn by hand with thick oxide and resistors.
"""

import random
from dataclasses import dataclass
from functools import cache

import klayout.db as kdb
from hand_marked import GOOD, flat

from analoom.cells.model import registry
from analoom.flows.drc.fast.layers import CHECKED
from analoom.pdk.layers import Layer, Marker

LARGE = 4000
"""Examples with more shapes than this get their mutants in smaller batches, and a third of the others' number."""
STEPS_NM = (5, 5, 10, 10, 20, 30, 50, 80, 120, 200, 400)
OFF_GRID_NM = (1, 2, 3, 4)
SWAPS = {Layer.NSDM: Layer.PSDM, Layer.PSDM: Layer.NSDM, Layer.DIFF: Layer.TAP, Layer.TAP: Layer.DIFF}
KINDS = ("move", "grow", "shrink", "edge", "delete", "drop layer", "off grid", "swap", "add", "notch")


@dataclass(frozen=True)
class Mutant:
    """A changed copy of an example: `shapes` by layer (flat, nm, lower left corner at the origin)."""

    cell: str
    kind: str
    layer: Layer | Marker | None
    where: kdb.Box
    shapes: dict[Layer | Marker, kdb.Region]

    @property
    def name(self):
        on = self.layer.name.lower() if self.layer else "-"
        return f"{self.cell} {self.kind} {on} {self.where}"

    def layout(self, name="mutant"):
        """A layout of its own."""
        out = kdb.Layout()
        out.dbu = 0.001
        top = out.create_cell(name)
        for layer, region in self.shapes.items():
            top.shapes(out.layer(*layer.value)).insert(region)
        return out


@cache
def originals():
    """{example name: its shapes by layer, flat} of every registered cell, and of the layouts drawn by hand."""
    found = {name: flat(shapes) for name, shapes in GOOD.items()}
    for name, entry in registry.entries().items():
        for fields in entry.examples:
            cell = registry.build(name, fields)
            found[cell.name] = flat_shapes(cell)
    return found


def is_large(shapes):
    """Whether an original is one of the large ones."""
    return sum(region.count() for region in shapes.values()) > LARGE


def flat_shapes(cell):
    """The shapes of a cell on checked layers, merged, moved to the origin."""
    layout, home = cell.layout.layout(), cell.layout.bbox().p1
    regions = {layer: kdb.Region(cell.layout.begin_shapes_rec(layout.layer(*layer.value))) for layer in CHECKED}
    return {
        layer: region.merged().moved(-home.x, -home.y) for layer, region in regions.items() if not region.is_empty()
    }


def mutants(count, seed=1, cells=None):
    """`count` mutants, shared out evenly over the examples (a large one has a third of the others' share)."""
    cells = cells or originals()
    turns = [name for name in sorted(cells) for _ in range(1 if is_large(cells[name]) else 3)]
    random.Random(f"turns {seed}").shuffle(turns)
    names = [turns[k % len(turns)] for k in range(count)]
    return [mutant(name, cells[name], f"{seed} {k}") for k, name in enumerate(names)]


def mutant(name, shapes, seed):
    """One mutant of an example; the same seed gives the same mutant."""
    rng = random.Random(f"{name} {seed}")
    while True:
        kind = rng.choice(KINDS)
        layer = rng.choice(sorted(shapes, key=lambda one: one.value))
        changed = CHANGES[kind](shapes, layer, rng)
        if changed is not None:
            where, edited = changed
            return Mutant(name, kind, layer, where, {**shapes, **edited})


def _polygon(region, rng):
    polygons = list(region.each())
    return polygons[rng.randrange(len(polygons))]


def _replaced(region, old, new):
    """The region with polygon `old` replaced by the shapes of `new`."""
    return (region - kdb.Region(old)) + new


def _way(rng, step):
    return rng.choice(((step, 0), (-step, 0), (0, step), (0, -step)))


def _moved(shapes, layer, rng, steps=STEPS_NM):
    one = _polygon(shapes[layer], rng)
    moved = one.moved(*_way(rng, rng.choice(steps)))
    return one.bbox(), {layer: _replaced(shapes[layer], one, kdb.Region(moved))}


def _sized(sign):
    def change(shapes, layer, rng):
        one = _polygon(shapes[layer], rng)
        step = sign * rng.choice(STEPS_NM)
        dx, dy = rng.choice(((step, 0), (0, step), (step, step)))
        return one.bbox(), {layer: _replaced(shapes[layer], one, kdb.Region(one).sized(dx, dy, 2))}

    return change


def _edge(shapes, layer, rng):
    """One edge of a polygon moved out or in."""
    one = _polygon(shapes[layer], rng)
    edges = list(one.each_edge())
    edge, step = edges[rng.randrange(len(edges))], rng.choice(STEPS_NM)
    if rng.random() < 0.5:
        new = kdb.Region(one) + kdb.Edges([edge]).extended_out(step)
    else:
        new = kdb.Region(one) - kdb.Edges([edge]).extended_in(step)
    return edge.bbox(), {layer: _replaced(shapes[layer], one, new)}


def _deleted(shapes, layer, rng):
    one = _polygon(shapes[layer], rng)
    return one.bbox(), {layer: _replaced(shapes[layer], one, kdb.Region())}


def _dropped(shapes, layer, rng):
    return shapes[layer].bbox(), {layer: kdb.Region()}


def _off_grid(shapes, layer, rng):
    return _moved(shapes, layer, rng, OFF_GRID_NM)


def _swapped(shapes, layer, rng):
    """A polygon changes over to the opposite layer; None on layers without one."""
    if layer not in SWAPS:
        return None
    one, other = _polygon(shapes[layer], rng), SWAPS[layer]
    rest = shapes.get(other, kdb.Region())
    return one.bbox(), {layer: _replaced(shapes[layer], one, kdb.Region()), other: rest + kdb.Region(one)}


def _added(shapes, layer, rng):
    """A copy of a polygon somewhere else on the layer."""
    whole, one = kdb.Region(), _polygon(shapes[layer], rng)
    for region in shapes.values():
        whole.insert(region.bbox())
    box = whole.bbox()
    x, y = (10 * rng.randrange(max(side // 10, 1)) for side in (box.width(), box.height()))
    new = one.moved(x - one.bbox().left, y - one.bbox().bottom)
    return new.bbox(), {layer: shapes[layer] + kdb.Region(new)}


def _notched(shapes, layer, rng):
    """A square bitten out of a polygon's corner or middle."""
    one, side = _polygon(shapes[layer], rng), rng.choice((50, 100, 200, 400))
    box = one.bbox()
    x, y = (5 * rng.randrange(max(length // 5, 1)) for length in (box.width(), box.height()))
    bite = kdb.Box(box.left + x, box.bottom + y, box.left + x + side, box.bottom + y + side)
    return bite, {layer: _replaced(shapes[layer], one, kdb.Region(one) - kdb.Region(bite))}


CHANGES = {
    "move": _moved,
    "grow": _sized(1),
    "shrink": _sized(-1),
    "edge": _edge,
    "delete": _deleted,
    "drop layer": _dropped,
    "off grid": _off_grid,
    "swap": _swapped,
    "add": _added,
    "notch": _notched,
}
