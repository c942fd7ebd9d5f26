"""The layers of a layout in klayout's hierarchical store, by name, registered for the result database."""

from __future__ import annotations

import klayout.db as kdb

from analoom.flows.files.layout_source import has_shapes
from analoom.pdk.devices import BODY_MARKS
from analoom.pdk.layers import Layer, Marker


class Layers:
    """Layers by name; drawn ones are made when first asked for, an empty one for a layer the layout lacks."""

    def __init__(self, layout: kdb.Layout, top: kdb.Cell) -> None:
        self.layout = layout
        self.top = top
        self.lvs = kdb.LayoutVsSchematic(kdb.RecursiveShapeIterator(layout, top, []))
        self.lvs.top_level_mode = True
        self.lvs.threads = 0  # klayout's worker waits spinning: many times slower on a busy machine
        self.layers: dict[str, kdb.Region] = {}

    def __getitem__(self, name: str) -> kdb.Region:
        return self.layers[name]

    def has(self, layer: Layer | Marker) -> bool:
        """Whether the top cell or one below holds a shape on `layer`."""
        return has_shapes(self.layout, self.top, layer)

    def is_resistor_somewhere(self, layer: Layer) -> bool:
        """Whether any mark of a resistor's body in this conductor is drawn."""
        return any(map(self.has, BODY_MARKS[layer]))

    def drawn(self, layer: Layer | Marker) -> kdb.Region:
        """The polygons of a layer; an empty region for a layer the layout lacks."""
        name = layer.name.lower()
        if name not in self.layers:
            index = self.layout.find_layer(*layer.value)
            found = self.lvs.make_layer(name) if index is None else self.lvs.make_polygon_layer(index, name)
            self.layers[name] = found
        return self.layers[name]

    def derived(self, name: str, region: kdb.Region) -> kdb.Region:
        self.lvs.register(region, name)
        self.layers[name] = region
        return region

    def empty(self, name: str) -> kdb.Region:
        """A new layer without shapes, such as the substrate."""
        self.layers[name] = self.lvs.make_layer(name)
        return self.layers[name]

    def texts(self, layer: Layer) -> kdb.Texts | None:
        index = self.layout.find_layer(*layer.value)
        return None if index is None else self.lvs.make_text_layer(index, f"{layer.name.lower()}_text")
