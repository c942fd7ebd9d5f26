"""Which terminals of a flat layout one wire joins, by union-find over shapes: no klayout netlist, no hierarchy.

Written apart from the LVS flow, to tell a mutant that changes the circuit from one that does not.
"""

from itertools import count

import klayout.db as kdb

from analoom.pdk.layers import CONDUCTORS, CUTS, Layer


def partition(layout, top):
    """The terminals (gates, diffusions, plates, labels of the top cell) as a set of sets, by kind and place."""
    return frozenset(map(frozenset, _wires(layout, top).values()))


def labels_by_wire(layout, top):
    """For each wire (layer, polygon): its number and the number of terminals; used to draw real shorts."""
    return _Wires(layout, top)


class _Wires:
    def __init__(self, layout, top):
        self.layout, self.top = layout, top
        self.parent, self.polygons, self.number = [], {}, count()
        for layer in (*CONDUCTORS, Layer.CAPM):
            self._add(layer.name, self.region(layer))
        self._add("SD", self.region(Layer.DIFF) - self.region(Layer.POLY))
        for cut, (below, above) in CUTS.items():
            self._join(cut, below.name, above.name)

    def region(self, layer):
        return kdb.Region(self.top.begin_shapes_rec(self.layout.layer(*layer.value))).merged()

    def _add(self, name, region):
        self.polygons[name] = kdb.Shapes()
        for polygon in region.each_merged():
            self.parent.append(len(self.parent))
            self.polygons[name].insert(polygon, self.parent[-1] + 1)

    def _join(self, cut, below, above):
        for polygon in self.region(cut).each_merged():
            box = polygon.bbox()
            on = ["SD", below] if cut is Layer.LICON else [below]
            if cut is Layer.VIA3 and list(self.touching("CAPM", box)):
                on = ["CAPM"]
            ids = [n for name in (*on, above) for n in self.touching(name, box)]
            for other in ids[1:]:
                self.parent[self.find(other)] = self.find(ids[0])

    def touching(self, name, box):
        for shape in self.polygons[name].each_touching(box):
            if not (kdb.Region(shape.polygon) & kdb.Region(box)).is_empty():
                yield shape.prop_id - 1

    def find(self, n):
        while self.parent[n] != n:
            self.parent[n] = self.parent[self.parent[n]]
            n = self.parent[n]
        return n


def _wires(layout, top):
    wires = _Wires(layout, top)
    found = {}

    def terminal(name, kind, box):
        for n in wires.touching(name, box):
            found.setdefault(wires.find(n), set()).add((kind, box.center().x, box.center().y))

    for gate in (wires.region(Layer.DIFF) & wires.region(Layer.POLY)).each_merged():
        terminal("POLY", "gate", gate.bbox())
    for diffusion in wires.polygons["SD"].each():
        n = diffusion.prop_id - 1
        at = diffusion.polygon.bbox().center()
        found.setdefault(wires.find(n), set()).add(("sd", at.x, at.y))
    for plate in wires.region(Layer.CAPM).each_merged():
        terminal("CAPM", "top plate", plate.bbox())
        terminal("MET3", "bottom plate", plate.bbox())
    for layer in CONDUCTORS:
        for text in top.shapes(layout.layer(*layer.label.value)).each():
            if text.is_text():
                at = text.text_pos
                terminal(layer.name, text.text_string, kdb.Box(at.x - 1, at.y - 1, at.x + 1, at.y + 1))
    return found
