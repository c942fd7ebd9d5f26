"""The flat conductors of a layout and what joins them to nets.

Connectivity is that of LVS: gates cut diffusion and resistor bodies cut wires, via3 on capm reaches the MIM top plate
and elsewhere met3, taps reach their well, the p-substrate is one net and each p-well that a deep n-well isolates
another. Everything is flat, for blocks of some ten thousand shapes.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.lvs.layout.bodies import bodies
from analoom.flows.lvs.layout.extract import SUBSTRATE
from analoom.flows.lvs.layout.implants import taps_drawn_as_diffusion
from analoom.pdk.devices import BODY_MARKS
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer, Marker

from .geometry import LEVEL_OF, PLATE_CUTS, PLATES, Level


class FlatConductors:
    """Flat klayout extraction; net 0 is the substrate's."""

    def __init__(self, source: LayoutSource) -> None:
        self.source = source
        self.l2n = kdb.LayoutToNetlist(source.top.name, source.layout.dbu)
        self.regions: dict[Level, kdb.Region] = {}
        self._layers()
        self._connect()
        self.l2n.extract_netlist()
        self.ids: dict[str, int] = {}

    def _layers(self) -> None:
        drawn = self.source.drawn
        diff, tap, poly, nwell = (drawn(x) for x in (Layer.DIFF, Layer.TAP, Layer.POLY, Layer.NWELL))
        self.nwell, self.deep = nwell, drawn(Layer.DNWELL)
        inside = self.deep - nwell
        self.pwell = inside - inside.interacting(self.deep.edges() - nwell)
        self.bulk_pins = drawn(Layer.PWELL_PIN) - self.pwell
        marked = [layer for layer, marks in BODY_MARKS.items() if any(map(self.source.has, marks))]
        self.bodies = {layer: self._between_wires(layer, bodies(self.source, layer).merged()) for layer in marked}
        lone = taps_drawn_as_diffusion(self.source)
        self.sd, self.tap = self._wire(Layer.DIFF, diff - poly - lone), tap + lone
        tap = self.tap.merge()
        self.ntap, self.ptap = (
            tap & nwell & drawn(Layer.NSDM),
            (tap - nwell) & drawn(Layer.PSDM),
        )
        self.inner_ptap, self.ptap = self.ptap & self.pwell, self.ptap - self.pwell
        self.wires = {x: self._wire(x, poly if x is Layer.POLY else drawn(x)) for x in CONDUCTORS}
        self.plates = {level: drawn(Layer[level.name]) for level in PLATES}
        self.cuts = {layer: drawn(layer) for layer in CUTS}
        self.plate_cuts = {}
        for cut, level in PLATE_CUTS.items():
            self.plate_cuts[cut] = self.cuts[cut] & self.plates[level]
            self.cuts[cut] -= self.plates[level]
        self.bulk = kdb.Region()

    def _wire(self, layer: Layer, region: kdb.Region) -> kdb.Region:
        """What is left of a conductor without resistor bodies."""
        return region - self.bodies[layer] if layer in self.bodies else region

    def _between_wires(self, layer: Layer, found: kdb.Region) -> kdb.Region:
        """The bodies that touch what is left of their conductor; one that is all of it stays a wire."""
        return found.interacting(self.source.drawn(layer) - found)

    def conductor(self, layer: Layer) -> kdb.Region:
        """The wires of a layer; for diffusion the sources and drains."""
        return self.sd if layer is Layer.DIFF else self.wires[layer]

    def on(self, layer: Layer | Marker, polygon: kdb.Polygon) -> bool:
        """Whether a shape of `layer` lies over or touches a polygon."""
        index = self.source.index(layer)
        return not self.source.top.begin_shapes_rec_touching(index, polygon.bbox()).at_end()

    def _connect(self) -> None:
        named = {"sd": self.sd, "tap": self.tap, "ntap": self.ntap, "ptap": self.ptap, "nwell": self.nwell}
        named |= {"bulk": self.bulk, "pwell": self.bulk_pins}
        named |= {level.name.lower(): region for level, region in self.plates.items()}
        named |= {f"{cut.name.lower()}_plate": region for cut, region in self.plate_cuts.items()}
        named |= {"dnwell": self.deep, "pwell_isolated": self.pwell, "ptap_isolated": self.inner_ptap}
        named |= {layer.name.lower(): region for layer, region in (*self.wires.items(), *self.cuts.items())}
        for name, region in named.items():
            self.l2n.register(region, name)
            self.l2n.connect(region)
        licon = self.cuts[Layer.LICON]
        pairs = [(self.wires[low], self.cuts[cut]) for cut, (low, _) in CUTS.items()]
        pairs += [(self.cuts[cut], self.wires[high]) for cut, (_, high) in CUTS.items()]
        pairs += [(self.sd, licon), (self.tap, licon), (self.ntap, self.tap), (self.ptap, self.tap)]
        pairs += [(self.nwell, self.deep), (self.pwell, self.inner_ptap), (self.inner_ptap, self.tap)]
        pairs += [(self.nwell, self.ntap)]
        pairs += [(self.plates[level], self.plate_cuts[cut]) for cut, level in PLATE_CUTS.items()]
        pairs += [(self.plate_cuts[cut], self.wires[CUTS[cut][1]]) for cut in PLATE_CUTS]
        for a, b in pairs:
            self.l2n.connect(a, b)
        for region in (self.bulk, self.ptap, self.bulk_pins):
            self.l2n.connect_global(region, SUBSTRATE)

    def polygons(self, whole: bool = False) -> Iterator[tuple[Level, int, kdb.Polygon]]:
        """Every conductor polygon with its level and net; `whole`: not split as klayout does with large ones."""
        levels = [(LEVEL_OF[layer], region) for layer, region in self.wires.items()]
        levels += [*self.plates.items(), (Level.DIFF, self.sd), (Level.DIFF, self.tap)]
        levels += [(Level.FIELD, self.nwell), (Level.FIELD, self.pwell)]
        for level, region in levels:
            found = region.nets(self.l2n, 0)
            for polygon in (found.merged() if whole else found).each():
                yield level, self.number(polygon.property(0)[0]), polygon

    def is_n(self, x_nm: float, y_nm: float) -> bool:
        """Whether the diffusion at a point is n-type, by its implant."""
        at = kdb.Box(round(x_nm) - 1, round(y_nm) - 1, round(x_nm) + 1, round(y_nm) + 1)
        index = self.source.index(Layer.NSDM)
        return not self.source.top.begin_shapes_rec_touching(index, at).at_end()

    def device_places(self) -> list[tuple[str, kdb.Region, Level]]:
        """Where devices meet conductors: gates on poly, sources and drains on diffusion, MIM plates on both levels."""
        gate = self.wires[Layer.POLY] & self.source.drawn(Layer.DIFF)
        plates = [("top", region, top) for top, region in self.plates.items()]
        plates += [("bottom", region, PLATES[top]) for top, region in self.plates.items()]
        return [("gate", gate.merged(), Level.POLY), ("diff", self.sd, Level.DIFF), *plates]

    def number(self, name: str) -> int:
        """A number for klayout's net name (unique in a flat netlist); the substrate's is 0."""
        return 0 if name == SUBSTRATE else self.ids.setdefault(name, len(self.ids) + 1)
