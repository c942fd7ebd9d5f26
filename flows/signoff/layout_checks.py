"""What a shuttle asks of a layout file beside design rules: one top cell, names, layers, boundary, labelled pins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.drc.fast.layers import CHECKED
from analoom.flows.lvs.layout.ports import Label, labels
from analoom.pdk.layers import CONDUCTORS, REMARKS, Layer, Marker
from analoom.pdk.official_layers import HARMLESS, RULED_ELSEWHERE
from analoom.pdk.units import to_um

from .outcome import Outcome, judged, not_applicable
from .subject import Subject

KNOWN = {layer.value for layer in (*Layer, *Marker, *CHECKED)} | RULED_ELSEWHERE.keys() | HARMLESS.keys() | {REMARKS}
"""Every layer that the process's decks, its layer table or the shuttle's scripts know."""

ILLEGAL = "#/"
"""In no cell name. Source: the shuttle's precheck, illegal_cellname_check."""


def one_top(subject: Subject) -> Outcome:
    """The file holds one top cell, which has the file's name."""
    layout, stem = subject.source.layout, subject.layout.name.split(".")[0]
    tops = sorted(cell.name for cell in layout.top_cells())
    problems = [f"{len(tops)} top cells: {', '.join(tops)}"] if len(tops) != 1 else []
    problems += [] if subject.name == stem else [f"top cell {subject.name} in a file called {subject.layout.name}"]
    return judged(problems, f"{subject.name} alone of {layout.cells()} cells, and the file's name", 2)


def cell_names(subject: Subject) -> Outcome:
    """No name holds what the shuttle refuses, blanks or controls, nor differs from another by case alone."""
    layout = subject.source.layout
    names = [layout.cell(k).name for k in (subject.source.top.cell_index(), *subject.source.top.called_cells())]
    problems = [f"{name!r} holds {bad!r}" for name in names for bad in name if bad in ILLEGAL or not "!" <= bad <= "~"]
    by_case = defaultdict(list)
    for name in names:
        by_case[name.lower()].append(name)
    problems += [f"{' and '.join(group)} differ by case alone" for group in by_case.values() if len(group) > 1]
    return judged(problems, f"{len(names)} names", len(names))


def layers(subject: Subject) -> Outcome:
    """Every layer with something on it is known to the process, and none is one that the shuttle forbids."""
    top, found = subject.source.top, subject.source.layers()
    drawn = [gds for gds, index in sorted(found.items()) if not top.begin_shapes_rec(index).at_end()]
    kept = {purpose.value: layer for layer in subject.forbidden for purpose in (layer, layer.pin, layer.label)}
    problems = [f"{n}/{d} is no layer of the process" for n, d in drawn if (n, d) not in KNOWN]
    problems += [f"{kept[gds].name.lower()} {gds[0]}/{gds[1]} is the shuttle's own" for gds in drawn if gds in kept]
    words = ", ".join(layer.name.lower() for layer in subject.forbidden)
    return judged(problems, f"{len(drawn)} layers{f', none of them {words}' if words else ''}", len(drawn))


def boundary(subject: Subject) -> Outcome:
    """The boundary that the top cell draws is one rectangle; only pins reach out of it."""
    top, index = subject.source.top, subject.source.index(Layer.PR_BOUNDARY)
    drawn = kdb.Region(top.shapes(index)).merged()
    if drawn.is_empty():
        return not_applicable("the top cell draws no 235/4 boundary; the shuttle's wrapper brings it")
    box = drawn.bbox()
    problems = [] if drawn.count() == 1 and drawn.is_box() else [f"{drawn.count()} polygons on 235/4, no rectangle"]
    problems += [f"{n}/{d} reaches out of {_um(box)}" for n, d in _outside(subject, box)]
    return judged(problems, f"{_um(box)} um holds everything but pins", 2)


def _outside(subject: Subject, box: kdb.Box) -> Iterator[tuple[int, int]]:
    """The layers with something outside that touches no pin of its own conductor."""
    of_pins = {purpose.value: layer for layer in CONDUCTORS for purpose in (layer, layer.pin, layer.label)}
    for gds, layer_index in sorted(subject.source.layers().items()):
        if subject.source.top.bbox_per_layer(layer_index).inside(box):
            continue
        outside = (kdb.Region(subject.source.top.begin_shapes_rec(layer_index)) - kdb.Region(box)).merged()
        if gds in of_pins:
            pins = kdb.Region(subject.source.top.shapes(subject.source.index(of_pins[gds].pin)))
            outside = outside.not_interacting(pins)
        if not outside.is_empty():
            yield gds


def pin_labels(subject: Subject) -> Outcome:
    """In the top cell itself each port has a labelled pin shape on its wire, and each pin shape one name of a port."""
    found, shapes = labels(subject.source.layout, subject.source.top), list(_pin_shapes(subject))
    named = [(layer, shape, _names_on(layer, shape, found)) for layer, shape in shapes]
    problems = [problem for one in named for problem in _of_pin(subject, *one)]
    problems += [] if shapes else ["the top cell holds no pin shape (purpose 16): its pins cannot be found"]
    if subject.ports is None:
        return judged([*problems, "no netlist to compare the names of the pins with"], "", len(shapes))
    have = {name.upper(): name for _, _, names in named for name in names}
    want = {name.upper() for name in subject.ports}
    problems += [f"port {key.lower()} has no labelled pin shape" for key in sorted(want - have.keys())]
    problems += [f"{have[key]} labels a pin shape and is no port" for key in sorted(have.keys() - want)]
    return judged(problems, f"{len(want)} ports on {len(shapes)} pin shapes", len(shapes))


def _pin_shapes(subject: Subject) -> Iterator[tuple[Layer, kdb.Polygon]]:
    """Those of the top cell itself; what touches is one."""
    for layer in CONDUCTORS:
        own = kdb.Region(subject.source.top.shapes(subject.source.index(layer.pin))).merged()
        yield from ((layer, polygon) for polygon in own.each())


def _names_on(layer: Layer, shape: kdb.Polygon, found: list[Label]) -> set[str]:
    on_layer = [label for label in found if label.conductor == layer.name.lower()]
    return {label.name for label in on_layer if shape.bbox().contains(label.at) and shape.inside(label.at)}


def _of_pin(subject: Subject, layer: Layer, shape: kdb.Polygon, names: set[str]) -> Iterator[str]:
    where = f"{layer.name.lower()} pin shape at {_um(shape.bbox())}"
    if len(names) != 1:
        yield f"{where}: {' and '.join(sorted(names)) if names else 'no label'}"
    near = subject.source.top.begin_shapes_rec_touching(subject.source.index(layer), shape.bbox())
    if not (kdb.Region(shape) - kdb.Region(near)).is_empty():
        yield f"{where} is not all wire"


def _um(box: kdb.Box) -> str:
    return f"({to_um(box.left):g}, {to_um(box.bottom):g}) to ({to_um(box.right):g}, {to_um(box.top):g})"
