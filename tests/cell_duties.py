"""What every cell owes to those who place and route it: asked of the examples and of random specs alike."""

import router_view

from analoom.flows.export.lef import write_lef
from analoom.flows.export.verilog_stub import verilog_text
from analoom.pdk.layers import Layer
from drawn import region


def honest_lef(cell, folder):
    """The LEF holds the pins and the size; its blockages keep wires off the layout and leave each pin within reach."""
    abstract = router_view.read(write_lef(cell, folder / "cell.lef"))
    assert abstract.size_nm == (cell.bbox_nm.width(), cell.bbox_nm.height())
    assert list(abstract.pins) == list(cell.circuit.ports)
    assert touched(cell, abstract) == []
    assert [pin for pin in abstract.pins if not router_view.within_reach(abstract, pin, cell.bbox_nm)] == []
    return abstract


def touched(cell, abstract):
    """Layers where a foreign wire that keeps what the LEF asks for comes too close to something drawn."""
    return [
        layer
        for layer in router_view.RULES
        if not (
            router_view.wires(abstract, layer, cell.bbox_nm)
            & router_view.kept_clear(region(cell, Layer[layer.upper()]), layer, less_nm=1)
        ).is_empty()
    ]


def wired(abstract, cell):
    """Damage for a twin: a wire of least width to each pin along a way that the LEF leaves open."""
    wires = {pin: router_view.straight_wire(abstract, pin, cell.bbox_nm) for pin in abstract.pins}
    assert None not in wires.values(), wires

    def damage(copy, top):
        for layer, box in wires.values():
            top.shapes(copy.layer(*Layer[layer.upper()].value)).insert(box)

    return damage


def same_ports(cell):
    """The Verilog stub has the ports of the circuit, and no other; a word of the language (ref) bears a backslash."""
    ways = ("  inout ", "  input ", "  output ")
    lines = [line.split()[1] for line in verilog_text(cell).splitlines() if line.startswith(ways)]
    words = [line.rstrip(",").lstrip("\\") for line in lines]
    assert sorted(words) == sorted(cell.circuit.ports)
