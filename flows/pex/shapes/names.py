"""Names of extracted nets: text labels, followed through the instances of a cell.

A label names its net; in a cell below it names `instance.label` unless the wiring of the instance says which net of the
parent it is. So the names are those of the cell's flattened circuit. A net without label is named by a place on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import klayout.db as kdb
import numpy as np

from analoom.cells.model.cell import Cell
from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer

from .geometry import LEVEL_OF, Level, Shapes

NO_GROUND = "0"
"""SPICE's ground: the substrate's name when neither a label nor a ground pin gives one."""


MOST_PLACES = 4
"""So many places of an unconnected net are named."""


@dataclass(frozen=True)
class Label:
    """A net name at a point (nm) of the top cell."""

    name: str
    level: Level
    x_nm: int
    y_nm: int


def net_names(source: LayoutSource, shapes: Shapes) -> list[str]:
    """The name of each net; parts of one net that conduct only outside the layout share their name.

    Of several names on one net of a file the first counts, see `other_names`. Raises InputError for a net of a cell
    drawn here that has two: a short.
    """
    named: dict[int, Label] = {}
    for label, net in _labelled(source, shapes):
        first = named.setdefault(net, label)
        if source.cell and first.name != label.name:
            raise InputError(
                f"{source.name}: nets {first.name} and {label.name} are shorted: {_place(first)}, {_place(label)}",
                field="file",
                remedy="analoom lvs shows where",
            )
    names = [named[net].name if net in named else "" for net in range(shapes.count)]
    names[shapes.substrate] = names[shapes.substrate] or _ground(source.cell)
    return _with_places(names, shapes)


def other_names(source: LayoutSource, shapes: Shapes, names: Sequence[str]) -> dict[str, str]:
    """The net, as `names` has it, by each further name on a net of a file: ports tied on one wire."""
    if source.cell:
        return {}
    found = {label.name: names[net] for label, net in _labelled(source, shapes)}
    return {name: net for name, net in sorted(found.items()) if name != net and name not in names}


def notes_on_names(source: LayoutSource, shapes: Shapes) -> tuple[str, ...]:
    """What a user should know of the names in a file: wires that share one, and nets that have several."""
    return _tied_nets(source, shapes) + _split_nets(source, shapes)


def _tied_nets(source: LayoutSource, shapes: Shapes) -> tuple[str, ...]:
    """A note on each net of a file that carries several names, with a place of each."""
    if source.cell:
        return ()
    places: dict[int, dict[str, Label]] = {}
    for label, net in _labelled(source, shapes):
        places.setdefault(net, {}).setdefault(label.name, label)
    return tuple(
        f"{' and '.join(labels)} are one net: {', '.join(map(_place, list(labels.values())[:MOST_PLACES]))}"
        for labels in places.values()
        if len(labels) > 1
    )


def _split_nets(source: LayoutSource, shapes: Shapes) -> tuple[str, ...]:
    """A note on each name that unconnected wires of a file share: they count as one net.

    In a cell drawn here such parts meet outside it, as its circuit says.
    """
    if source.cell:
        return ()
    places: dict[str, dict[int, Label]] = {}
    for label, net in _labelled(source, shapes):
        places.setdefault(label.name, {}).setdefault(net, label)
    return tuple(
        f"net {name} is {len(parts)} wires without a path between them, taken as one: "
        + ", ".join(_place(label) for label in list(parts.values())[:MOST_PLACES])
        for name, parts in sorted(places.items())
        if len(parts) > 1
    )


def _labelled(source: LayoutSource, shapes: Shapes) -> Iterator[tuple[Label, int]]:
    found = labels_of(source)
    by_level: dict[Level, list[Label]] = {}
    for label in found:
        by_level.setdefault(label.level, []).append(label)
    for level, labels in by_level.items():
        points = np.array([(x.x_nm, x.y_nm) for x in labels], dtype=np.int64)
        for label, net in zip(labels, shapes.nets_at(level, points), strict=True):
            if net >= 0:
                yield label, int(net)


def labels_of(source: LayoutSource) -> Iterator[Label]:
    """Every label that names a net: of the cells below too when analoom drew the layout, else of the top cell."""
    return _cell_labels(source, source.cell) if source.cell else top_labels(source)


def top_labels(source: LayoutSource) -> Iterator[Label]:
    for name, level, at in _texts(source, source.top):
        yield Label(name, level, at.x, at.y)


def _cell_labels(source: LayoutSource, cell: Cell) -> Iterator[Label]:
    """The labels of a cell and of every instance below, under the names of the flattened circuit."""
    known: dict[int, list[tuple[str, Level, kdb.Point]]] = {}
    work: list[tuple[Cell, kdb.Trans, str, Mapping[str, str]]] = [(cell, kdb.Trans(), "", {})]
    while work:
        here, trans, path, nets = work.pop()
        key = here.layout.cell_index()
        known.setdefault(key, [] if key in known else list(_texts(source, here.layout)))
        for name, level, at in known[key]:
            point = trans * at
            yield Label(nets.get(name, path + name), level, point.x, point.y)
        for instance in here.instances:
            inner = {port: nets.get(net, path + net) for port, net in instance.nets.items()}
            work.append((instance.cell, trans * instance.trans, f"{path}{instance.name}.", inner))


def _texts(source: LayoutSource, cell: kdb.Cell) -> Iterator[tuple[str, Level, kdb.Point]]:
    """(text, level, point) of a cell's own labels, on the label and on the pin purpose."""
    for layer in Layer:
        base, _, purpose = layer.name.rpartition("_")
        if purpose not in ("LABEL", "PIN"):
            continue
        level = Level.FIELD if base == "PWELL" else LEVEL_OF[Layer[base]]
        for shape in cell.shapes(source.index(layer)).each(kdb.Shapes.STexts):
            yield shape.text_string, level, kdb.Point(shape.text_pos.x, shape.text_pos.y)


def _ground(cell: Cell | None) -> str:
    pins = cell.pins if cell else ()
    return next((pin.name for pin in pins if pin.use == "ground"), NO_GROUND)


def _with_places(names: list[str], shapes: Shapes) -> list[str]:
    """Fills the gaps with `n_<x>_<y>`, the lower left corner in nm of the net's first box (m for minus)."""
    order = np.lexsort((shapes.boxes[:, 2], shapes.boxes[:, 3], shapes.boxes[:, 0]))
    for _, net, x, y, *_ in shapes.boxes[order].tolist():
        if not names[net]:
            names[net] = f"n_{x}_{y}".replace("-", "m")
    return names


def is_place(name: str) -> bool:
    """Whether a net that has no label is named so, by a place on it."""
    return re.fullmatch(r"n_m?\d+_m?\d+", name) is not None


def _place(label: Label) -> str:
    return f"{label.name} on {label.level.name.lower()} at ({label.x_nm / 1000:g}, {label.y_nm / 1000:g})"
