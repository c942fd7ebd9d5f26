"""Where nets that should be apart meet: the shortest chain of shapes from a label of one to a label of the other."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.files.layout_source import has_shapes
from analoom.flows.lvs.layout.ports import Label
from analoom.pdk.devices import BODY_MARKS, MIM_M3, MIM_M4
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer, Marker

MOST_STEPS = 100_000
"""Shapes looked at before giving up: a supply of a million cells has more."""

MOST_SHAPES = 6


def bridge(layout: kdb.Layout, top: kdb.Cell, one: Label, other: Label) -> str:
    """The shapes between the labels, those drawn in the top cell itself where there are any; empty if none was found,
    as where only a well joins them.

    A shape drawn across finished cells is such a shape; in a flat layout the chain is given as a whole.
    """
    chain = list(_chain(layout, top, one, other))
    own = [element for element in chain if element.cell_index() == top.cell_index()]
    shown = own or chain
    words = [_words(layout, top, element) for element in shown[:MOST_SHAPES]]
    more = f" and {len(shown) - MOST_SHAPES} more" if len(shown) > MOST_SHAPES else ""
    return " > ".join(dict.fromkeys(words)) + more


def _chain(layout: kdb.Layout, top: kdb.Cell, one: Label, other: Label) -> Iterator[kdb.NetElement]:
    tracer = kdb.NetTracer()
    tracer.trace_depth = MOST_STEPS
    start, stop = (_index(layout, label) for label in (one, other))
    try:
        tracer.trace(_connections(layout), layout, top, one.at, start, other.at, stop)
    except RuntimeError:  # klayout's word for labels on no common wire: the substrate joins them, or one is open
        return
    if not tracer.incomplete():
        yield from tracer.each_element()


def _index(layout: kdb.Layout, label: Label) -> int:
    return layout.layer(*Layer[label.conductor.upper()].value)


def _connections(layout: kdb.Layout) -> kdb.NetTracerConnectivity:
    made = kdb.NetTracerConnectivity()
    for cut, (below, above) in CUTS.items():
        made.connection(_expression(layout, below), _cut(cut), _expression(layout, above))
    for active in (f"{_gds(Layer.DIFF)}-{_gds(Layer.POLY)}", _gds(Layer.TAP)):
        made.connection(active, _gds(Layer.LICON), _expression(layout, Layer.LI1))
    for cut, device, metal in ((Layer.VIA3, MIM_M3, Layer.MET4), (Layer.VIA4, MIM_M4, Layer.MET5)):
        made.connection(_gds(device.plate), f"{_gds(cut)}*{_gds(device.plate)}", _expression(layout, metal))
    return made


def _cut(cut: Layer) -> str:
    plate = {Layer.VIA3: MIM_M3.plate, Layer.VIA4: MIM_M4.plate}.get(cut)
    return _gds(cut) if plate is None else f"{_gds(cut)}-{_gds(plate)}"


def _expression(layout: kdb.Layout, layer: Layer) -> str:
    """The conductor without the resistor bodies of this layout."""
    return "-".join([_gds(layer), *map(_gds, _marks(layout, layer))])


def _marks(layout: kdb.Layout, layer: Layer) -> list[Marker]:
    """Those drawn in this layout; a layer without a shape would make every wire a computed one, of no cell."""
    tops = layout.top_cells()
    return [mark for mark in BODY_MARKS[layer] if any(has_shapes(layout, top, mark) for top in tops)]


def _gds(layer: Layer | Marker) -> str:
    return f"{layer.value[0]}/{layer.value[1]}"


def _words(layout: kdb.Layout, top: kdb.Cell, element: kdb.NetElement) -> str:
    info = layout.get_info(element.layer()) if layout.is_valid_layer(element.layer()) else kdb.LayerInfo()
    names = {layer.value: layer.name.lower() for layer in Layer}
    box = element.bbox().to_dtype(0.001)
    name = names.get((info.layer, info.datatype)) or _cut_layer(layout, top, element.bbox())
    return f"{name} ({box.left:g}, {box.bottom:g}; {box.right:g}, {box.top:g})"


def _cut_layer(layout: kdb.Layout, top: kdb.Cell, box: kdb.Box) -> str:
    """Of a shape that is what marks leave of a conductor: the one that fills its box; diffusion is cut by gates."""
    for layer in (x for x in CONDUCTORS if _marks(layout, x)):
        drawn = kdb.Region(top.begin_shapes_rec_overlapping(layout.layer(*layer.value), box))
        if (drawn & kdb.Region(box)).bbox() == box:
            return layer.name.lower()
    return "diff"
