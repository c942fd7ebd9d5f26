"""Antenna ratios by klayout's own antenna check on flat shapes: what the hierarchical check must agree with."""

import klayout.db as kdb

from analoom.pdk.layers import Layer as L

STACK = (L.POLY, L.LICON, L.LI1, L.MCON, L.MET1, L.VIA, L.MET2, L.VIA2, L.MET3, L.VIA3, L.MET4, L.VIA4, L.MET5)
PLATES = {L.VIA3: L.CAPM, L.VIA4: L.CAP2M}


def flat_findings(source, ratios):
    """The area (nm2) of what is marked on each level, by layer; nothing for a level that keeps its ratio."""
    flat = kdb.Layout()
    flat.dbu = source.layout.dbu
    top = flat.create_cell("flat")
    for layer in (*STACK, L.DIFF, L.TAP, L.CAPM, L.CAP2M):
        shapes = kdb.Region(source.top.begin_shapes_rec(source.index(layer))).merged()
        top.shapes(flat.layer(*layer.value)).insert(shapes)
    areas = {ratio.layer: _marked_nm2(flat, top, ratio) for ratio in ratios}
    return {layer: area for layer, area in areas.items() if area}


def _marked_nm2(flat, top, ratio):
    """The area klayout marks on one level, wired up to that level and no further."""
    net = kdb.LayoutToNetlist(kdb.RecursiveShapeIterator(flat, top, []))
    net.threads = 0
    drawn = {
        layer: net.make_polygon_layer(flat.layer(*layer.value), layer.name)
        for layer in (*STACK, L.DIFF, L.TAP, L.CAPM, L.CAP2M)
    }
    gate, diode = drawn[L.POLY] & drawn[L.DIFF], (drawn[L.DIFF] + drawn[L.TAP]) - drawn[L.POLY]
    net.register(gate, "gate")
    net.register(diode, "diode")
    for region in (gate, diode):
        net.connect(region)
    wired = STACK[: STACK.index(ratio.layer) + 1]
    for below, layer in zip((None, *wired), wired, strict=False):
        _connect(net, drawn, diode, below, layer)
    net.connect(drawn[L.POLY], gate)
    net.extract_netlist()
    return _over(net, gate, diode, drawn[ratio.layer], ratio).merged().area()


def _connect(net, drawn, diode, below, layer):
    net.connect(drawn[layer])
    if layer is L.LICON:
        net.connect(drawn[layer], diode)
    if layer in PLATES:
        landing = drawn[below] - drawn[PLATES[layer]]
        net.register(landing, f"{layer.name}_landing")
        net.connect(landing)
        net.connect(drawn[below], landing)
        net.connect(landing, drawn[layer])
    elif below is not None:
        net.connect(drawn[below], drawn[layer])


def _over(net, gate, diode, metal, ratio):
    area, edge = (0.0, ratio.thickness_um) if ratio.thickness_um else (1.0, 0.0)

    def over(largest, diodes):
        return net.antenna_check(gate, 1.0, 0.0, metal, area, edge, largest, diodes).merged()

    bare = over(ratio.largest, [[diode, 0.0]])  # a factor of 0 leaves out nets with a diode
    if ratio.with_diode is None:
        return bare
    return bare + (over(ratio.with_diode, [[diode, ratio.per_um2]]) & over(ratio.largest, []))
