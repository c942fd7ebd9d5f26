"""One strip of resistive poly as a cell: what an array of resistors repeats."""

from __future__ import annotations

from functools import cache

from analoom.cells.model.cell import Cell, Pin, Spec, draw_pin
from analoom.cells.model.circuit import Circuit, Res
from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.units import snap_up, to_um

from .strip import Strip


@cache
def resistor_unit(strip: Strip) -> Cell:
    """The cell of a strip: its lower end on `r0`, its upper one on `r1`, the silicon on `b` if its model has it."""
    name = f"{strip.device.name}_w{strip.w_nm}_l{strip.l_nm}"
    drawing = Drawing(name)
    _poly(drawing, strip)
    pins = tuple(_head(drawing, strip, pin, top=pin == "r1") for pin in ("r0", "r1"))
    ports = strip.device.terminals
    device = Res("r", strip.device, to_um(strip.w_nm), to_um(strip.l_nm), {port: port for port in ports})
    return Cell(name, "resistor", Spec(), drawing.cell, Circuit(name, ports, (device,)), pins, system="resistor")


def _poly(drawing: Drawing, strip: Strip) -> None:
    drawing.add(Layer.POLY, strip.poly)
    drawing.add(Marker.POLYRES, strip.body)
    if strip.device.implant is None:
        by = rules.NPC_ENCLOSES_LICON.value_nm
        for top in (False, True):
            drawing.add(Layer.NPC, hull(strip.contacts(top=top)).enlarged(by, by))
        return
    drawing.add(strip.device.implant, implant_box(strip, strip.poly))
    for layer, rule in ((Layer.PSDM, rules.PSDM_ENCLOSES_RESISTOR), (Layer.NPC, rules.NPC_ENCLOSES_RESISTOR)):
        drawing.add(layer, strip.poly.enlarged(rule.value_nm, rule.value_nm))


def implant_box(strip: Strip, around: Box) -> Box:
    """rpm or urpm around such strips (nm): past them by its enclosure, at the sides so that one is as wide as it has to
    be."""
    margin = rules.RPM_ENCLOSES_RESISTOR.value_nm
    wider = snap_up((rules.RPM_WIDTH.value_nm - strip.w_nm) / 2)
    return around.enlarged(max(margin, wider), margin)


def _head(drawing: Drawing, strip: Strip, pin: str, *, top: bool) -> Pin:
    for cut in strip.contacts(top=top):
        drawing.add(Layer.LICON, cut)
    drawing.add(Layer.LI1, strip.li1(top=top))
    for cut in strip.mcons(top=top):
        drawing.add(Layer.MCON, cut)
    return draw_pin(drawing, Pin(pin, Layer.MET1, drawing.add(Layer.MET1, strip.plate(top=top))))
