"""The metal that a net has inside a placed cell: its wires there collect charge for the same gates as those outside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import Box, layer_index
from analoom.pdk.layers import CUTS, Layer

Shapes = Iterator[tuple[Layer, Box]]
TRACED = (Layer.MET1, Layer.VIA, Layer.MET2, Layer.VIA2, Layer.MET3, Layer.VIA3, Layer.MET4, Layer.VIA4, Layer.MET5)


def inner_metal(instance: Instance, net: str) -> Shapes:
    """Layer and box (nm) of all metals and cuts of the ports on `net`, where the cell is placed."""
    ports = {port for port, here in instance.nets.items() if here == net}
    layers = {layer_index(layer): layer for layer in TRACED}
    for pin in (pin for pin in instance.cell.pins if pin.name in ports and pin.layer in TRACED):
        tracer, layout = kdb.NetTracer(), instance.cell.layout.layout()
        tracer.trace(_connections(), layout, instance.cell.layout, pin.box.center(), layer_index(pin.layer))
        for element in tracer.each_element():
            polygon = element.shape().polygon.transformed(instance.trans * kdb.Trans(element.trans().s_trans()))
            for piece in kdb.Region(polygon).decompose_trapezoids_to_region().each():
                yield layers[element.layer()], piece.bbox()


@cache
def _connections() -> kdb.NetTracerConnectivity:
    found = kdb.NetTracerConnectivity()
    for cut, (below, above) in CUTS.items():
        if below in TRACED:
            found.connection(*("{}/{}".format(*layer.value) for layer in (below, cut, above)))
    return found
