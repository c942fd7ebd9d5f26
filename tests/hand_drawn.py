"""Layouts drawn by hand, box by box in nm, for tests that need a known transistor, tap or plate and nothing else."""

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.layers import Layer

NFET = "sky130_fd_pr__nfet_01v8"
PFET = "sky130_fd_pr__pfet_01v8"
MIM = "sky130_fd_pr__cap_mim_m3_1"
END_NM = 290


class Hand:
    """A cell being drawn in a layout of its own, or in `layout`."""

    def __init__(self, name="top", layout=None):
        self.layout = layout or kdb.Layout()
        self.layout.dbu = 0.001
        self.cell = self.layout.create_cell(name)

    def box(self, layer, *corners):
        self.cell.shapes(self.layout.layer(*layer.value)).insert(kdb.Box(*corners))

    def text(self, layer, name, x, y):
        self.cell.shapes(self.layout.layer(*layer.value)).insert(kdb.Text(name, kdb.Trans(x, y)))

    def label(self, layer, name, x, y):
        self.text(layer.label, name, x, y)

    def pin(self, layer, name, x, y):
        self.box(layer.pin, x - 10, y - 10, x + 10, y + 10)
        self.label(layer, name, x, y)

    def place(self, child, x, y):
        self.cell.insert(kdb.CellInstArray(child.cell.cell_index(), kdb.Trans(x, y)))

    def source(self):
        return LayoutSource(self.cell.name, self.layout, self.cell)

    def transistor(self, w=1000, length=150, implant=Layer.NSDM, x=0):
        """One finger from (x, 0): source left, drain right, gate up; its wires start at y = 0 (s, d) and w (g)."""
        end = x + 2 * END_NM + length
        self.box(Layer.DIFF, x, 0, end, w)
        self.box(implant, x - 125, -125, end + 125, w + 125)
        self.box(Layer.POLY, x + END_NM, -130, x + END_NM + length, w + 400)
        for left in (x + 60, end - 230):
            self.box(Layer.LICON, left, 50, left + 170, 220)
            self.box(Layer.LI1, left, -30, left + 170, 300)

    def names(self, w=1000, length=150, x=0, source="s", drain="d", gate="g"):
        """Pins on the three wires of `transistor`; None leaves one out."""
        places = [(Layer.LI1, source, x + 145, 0), (Layer.LI1, drain, x + 2 * END_NM + length - 145, 0)]
        for layer, name, px, py in [*places, (Layer.POLY, gate, x + END_NM + length // 2, w + 300)]:
            if name:
                self.pin(layer, name, px, py)

    def tap(self, x, name="b", implant=Layer.PSDM):
        """A tap with its contact and li1, named when `name` is given."""
        self.box(Layer.TAP, x, 0, x + 500, 500)
        self.box(implant, x - 125, -125, x + 625, 625)
        self.box(Layer.LICON, x + 165, 165, x + 335, 335)
        self.box(Layer.LI1, x + 100, 100, x + 400, 400)
        if name:
            self.pin(Layer.LI1, name, x + 250, 250)

    def plate(self, w=2000):
        """A MIM capacitor: met3 below, capm, via3 and met4 on top; 2 um high."""
        self.box(Layer.MET3, -500, -140, w + 140, 2140)
        self.box(Layer.CAPM, 0, 0, w, 2000)
        self.box(Layer.VIA3, 200, 200, 400, 400)
        self.box(Layer.MET4, 100, 100, 500, 500)


def marked_transistor(marks, length, tap_x):
    """A transistor of `length` with its tap at `tap_x`, in nm, all under `marks`; p when a well is among them."""
    in_well = Layer.NWELL in marks
    hand = Hand()
    hand.transistor(length=length, implant=Layer.PSDM if in_well else Layer.NSDM)
    hand.names(length=length)
    hand.tap(tap_x, implant=Layer.NSDM if in_well else Layer.PSDM)
    for mark in marks:
        hand.box(mark, -500, -500, 4000, 2000)
    return hand


def subckt(ports, *lines, name="top"):
    """SPICE text of one subcircuit."""
    return "\n".join([f".subckt {name} {ports}", *lines, f".ends {name}", ""])
