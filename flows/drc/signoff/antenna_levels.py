"""The wiring of a layout as it is made: level by level, each conductor and cut with what connects it so far."""

from __future__ import annotations

from collections.abc import Mapping

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.layers import CONDUCTORS, Layer

from .antenna_nets import AntennaNets, whole

LEVELS: Mapping[str, Layer] = {
    "poly": Layer.POLY,
    "allcont": Layer.LICON,
    "li": Layer.LI1,
    "mcon": Layer.MCON,
    "m1": Layer.MET1,
    "v1": Layer.VIA,
    "m2": Layer.MET2,
    "v2": Layer.VIA2,
    "m3": Layer.MET3,
    "v3": Layer.VIA3,
    "m4": Layer.MET4,
    "v4": Layer.VIA4,
    "m5": Layer.MET5,
}
"""The tech file's names from the bottom up."""


class Wiring:
    """The nets of a layout as they grow, level by level."""

    def __init__(self, source: LayoutSource) -> None:
        self._net = kdb.LayoutToNetlist(kdb.RecursiveShapeIterator(source.layout, source.top, []))
        self._net.threads = 0
        self._layers = {
            layer: self._net.make_polygon_layer(source.index(layer), layer.name.lower())
            for layer in (*LEVELS.values(), Layer.DIFF, Layer.TAP, Layer.CAPM, Layer.CAP2M)
        }
        poly, diff = self._layers[Layer.POLY], self._layers[Layer.DIFF]
        self.gate = self._registered(poly & diff, "gate")
        self._diode = self._registered((diff + self._layers[Layer.TAP]) - poly, "diode")
        for layer in (poly, self.gate, self._diode):
            self._net.connect(layer)
        self._net.connect(poly, self.gate)
        self._labels = {layer: self._texts(source, layer) for layer in CONDUCTORS}
        self._top = source.top.name
        self._gates, self._diodes = whole(self.gate, self._top), whole(self._diode, self._top)

    def up_to(self, layer: Layer) -> AntennaNets:
        """Adds the next level, which is `layer`; its nets with their sums."""
        self._grow(layer)
        return AntennaNets(self._net, self._gates, self._diodes, whole(self._layers[layer], self._top))

    def net_at(self, layer: Layer, point: kdb.Point) -> str:
        """The name that labels give the net of what is drawn there; "" for none."""
        if self._labels:
            self._name()
        net = self._net.probe_net(self._layers[layer], point)
        return net.name if net is not None else ""

    def _name(self) -> None:
        """Finds the nets once more with their labels, which would make each level's search longer."""
        self._net.reset_extracted()
        for layer, labels in self._labels.items():
            for texts in labels:
                self._net.connect(self._layers[layer], texts)
        self._labels = {}
        self._net.extract_netlist()

    def _grow(self, layer: Layer) -> None:
        """Connects one more level to those below, and finds the nets again."""
        here = self._layers[layer]
        self._net.reset_extracted()
        self._net.connect(here)
        order = list(LEVELS.values())
        if layer is not Layer.POLY:
            below = self._layers[order[order.index(layer) - 1]]
            for lower in [below, self._diode] if layer is Layer.LICON else [self._outside_plates(layer, below)]:
                self._net.connect(lower, here)
        self._net.extract_netlist()

    def _outside_plates(self, cut: Layer, below: kdb.Region) -> kdb.Region:
        """The metal below a cut, without what a MIM plate covers: there the cut ends on the plate."""
        plate = {Layer.VIA3: Layer.CAPM, Layer.VIA4: Layer.CAP2M}.get(cut)
        if plate is None:
            return below
        bare = self._registered(below - self._layers[plate], f"{cut.name.lower()}_landing")
        self._net.connect(bare)
        self._net.connect(below, bare)
        return bare

    def _texts(self, source: LayoutSource, layer: Layer) -> list[kdb.Texts]:
        """The labels of a conductor: those on the label and on the pin purpose both count."""
        indexes = {purpose: source.index(purpose) for purpose in (layer.label, layer.pin)}
        return [self._net.make_text_layer(index, f"{x.name.lower()}_text") for x, index in indexes.items()]

    def _registered(self, region: kdb.Region, name: str) -> kdb.Region:
        self._net.register(region, name)
        return region
