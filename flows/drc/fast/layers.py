"""The layers the fast design rule check looks at: as drawn, and derived (gates, plates), hierarchical."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker

from .areas import IN_AREAS
from .marked_layers import DERIVED, MARKED

DRAWN = tuple(
    layer for layer in Layer if layer is not Layer.PR_BOUNDARY and not layer.name.endswith(("_PIN", "_LABEL"))
)
"""The mask layers, which rules speak about."""

CHECKED: tuple[Layer | Marker, ...] = (*DRAWN, *MARKED)
"""The layers rules speak about: the mask layers and the markers of thick oxide and resistors."""

FLAT_SHAPES = 2_500
"""Layouts with fewer shapes, all instances counted, are checked flat."""


class DrcLayers:
    """Regions of a layout, each derived one made when a check first asks for it.

    Larger layouts are kept hierarchical (`deep`), so that equal blocks are checked once; small ones are flattened,
    which is faster there. The verdict is the same.
    """

    def __init__(self, source: LayoutSource, deep: bool | None = None) -> None:
        self._source = source
        self.deep = _is_large(source) if deep is None else deep
        self._store = _unthreaded() if self.deep else None
        self._drawn: dict[Layer | Marker, kdb.Region] = {}
        self._derived: dict[str, kdb.Region] = {}

    def drawn(self, layer: Layer | Marker) -> kdb.Region:
        """The shapes of a mask layer or a marker."""
        if layer not in self._drawn:
            shapes = kdb.RecursiveShapeIterator(self._source.layout, self._source.top, self._source.index(layer))
            self._drawn[layer] = kdb.Region(shapes, self._store) if self._store else kdb.Region(shapes).merged()
        return self._drawn[layer]

    def named(self, name: str) -> kdb.Region:
        """A drawn layer (`"met1"`) or a derived one (`"gate"`)."""
        for known in (Layer, Marker):
            if name.upper() in known.__members__:
                return self.drawn(known[name.upper()])
        make = DERIVED.get(name) or IN_AREAS.get(name)
        if make is None:
            region: kdb.Region = getattr(self, name)
            return region
        if name not in self._derived:
            self._derived[name] = make(self)
        return self._derived[name]

    def degenerate(self, layer: Layer | Marker) -> kdb.Edges:
        """Lines for the shapes of a layer that have no area, at their places in the cells that hold them."""
        lines = kdb.Edges()
        for cell in self._cells():
            for shape in cell.each_shape(self._source.index(layer)):
                if not shape.is_text() and shape.area() == 0:
                    box = shape.bbox()
                    lines.insert(kdb.Edge(box.p1, box.p2))
        return lines

    def _cells(self) -> list[kdb.Cell]:
        below = self._source.top.called_cells()
        return [self._source.top, *(self._source.layout.cell(index) for index in below)]

    @cached_property
    def difftap(self) -> kdb.Region:
        return self.drawn(Layer.DIFF) + self.drawn(Layer.TAP)

    @cached_property
    def gate(self) -> kdb.Region:
        return self.drawn(Layer.DIFF) & self.drawn(Layer.POLY)

    @cached_property
    def gate_widths(self) -> kdb.Edges:
        """The edges of gates that run along the channel's width (inside diffusion)."""
        return self.gate.edges().inside_part(self.drawn(Layer.DIFF))

    @cached_property
    def source_drain(self) -> kdb.Region:
        return self.drawn(Layer.DIFF) - self.drawn(Layer.POLY)

    @cached_property
    def ndiff(self) -> kdb.Region:
        return self.drawn(Layer.DIFF) & self.drawn(Layer.NSDM)

    @cached_property
    def pdiff(self) -> kdb.Region:
        return self.drawn(Layer.DIFF) & self.drawn(Layer.PSDM)

    @cached_property
    def ntap(self) -> kdb.Region:
        return self.drawn(Layer.TAP) & self.drawn(Layer.NSDM)

    @cached_property
    def ptap(self) -> kdb.Region:
        return self.drawn(Layer.TAP) & self.drawn(Layer.PSDM)

    @cached_property
    def n_active(self) -> kdb.Region:
        return self.difftap & self.drawn(Layer.NSDM)

    @cached_property
    def p_active(self) -> kdb.Region:
        return self.difftap & self.drawn(Layer.PSDM)

    @cached_property
    def butted_edges(self) -> kdb.Edges:
        """Edges of tap that diffusion butts."""
        return self.drawn(Layer.TAP).edges() & self.drawn(Layer.DIFF).edges()

    @cached_property
    def pgate(self) -> kdb.Region:
        return self.gate & self.drawn(Layer.PSDM)

    @cached_property
    def hvt_gate(self) -> kdb.Region:
        return self.pgate & self.drawn(Layer.HVTP)

    @cached_property
    def other_pgate(self) -> kdb.Region:
        return self.pgate - self.drawn(Layer.HVTP)

    @cached_property
    def lvt_gate(self) -> kdb.Region:
        return self.gate & self.drawn(Layer.LVTN)

    @cached_property
    def other_gate(self) -> kdb.Region:
        return self.gate - self.drawn(Layer.LVTN)

    @cached_property
    def lvt_pgate(self) -> kdb.Region:
        return self.pgate & self.drawn(Layer.LVTN)

    @cached_property
    def active_licon(self) -> kdb.Region:
        return self.drawn(Layer.LICON) & self.difftap

    @cached_property
    def diff_licon(self) -> kdb.Region:
        return self.drawn(Layer.LICON) & self.drawn(Layer.DIFF)

    @cached_property
    def tap_licon(self) -> kdb.Region:
        return self.drawn(Layer.LICON) & self.drawn(Layer.TAP)

    @cached_property
    def ntap_licon(self) -> kdb.Region:
        return self.tap_licon & self.drawn(Layer.NSDM)

    @cached_property
    def ptap_licon(self) -> kdb.Region:
        return self.tap_licon & self.drawn(Layer.PSDM)

    @cached_property
    def poly_licon(self) -> kdb.Region:
        return self.drawn(Layer.LICON) & self.drawn(Layer.POLY)

    @cached_property
    def capm_plate(self) -> kdb.Region:
        return self._plate(Layer.CAPM, Layer.MET3, rules.CAPM_ENCLOSED_BY_MET3)

    @cached_property
    def cap2m_plate(self) -> kdb.Region:
        return self._plate(Layer.CAP2M, Layer.MET4, rules.CAP2M_ENCLOSED_BY_MET4)

    def _plate(self, top: Layer, bottom: Layer, enclosure: rules.Rule) -> kdb.Region:
        """The bottom plate as the shuttle's deck takes it: the top plate grown by its enclosure."""
        return (self.drawn(top) & self.drawn(bottom)).sized(enclosure.value_nm)

    def wide(self, metal: str, width_nm: int) -> kdb.Region:
        """The parts of a metal at least `width_nm` wide both ways."""
        region = self.named(metal)
        narrowed = region.sized(-width_nm // 2)
        return narrowed if narrowed.is_empty() else narrowed.sized(width_nm // 2) & region


def _unthreaded() -> kdb.DeepShapeStore:
    """A store that works in the calling thread: klayout's worker waits spinning, 200 times slower on a busy machine."""
    store = kdb.DeepShapeStore()
    store.threads = 0
    return store


def _is_large(source: LayoutSource) -> bool:
    """Whether the layout holds at least FLAT_SHAPES shapes on mask layers, every instance counted."""
    found = 0
    for layer in CHECKED:
        shapes = source.top.begin_shapes_rec(source.index(layer))
        found += sum(1 for _ in islice(shapes.each(), FLAT_SHAPES - found))
        if found >= FLAT_SHAPES:
            return True
    return False
