"""Drawings of devices that our own cells do not have: resistors of wires and diffusion, diodes, varactors, bipolars."""

from hand_drawn import Hand, marked_transistor

from analoom.pdk.layers import Layer, Marker


def wire_resistor(layer=Layer.MET1, mark=Marker.MET1RES, w=500, length=2000):
    """A wire from pin a to pin b with a body between."""
    hand = Hand()
    hand.box(layer, -1000, 0, length + 1000, w)
    hand.box(mark, 0, -50, length, w + 50)
    for name, x in (("a", -800), ("b", length + 800)):
        hand.pin(layer, name, x, w // 2)
    return hand


def contact(hand, x, y, name, margin=65):
    """A contact with its li1 and pin, centred at (x, y)."""
    hand.box(Layer.LICON, x - 85, y - 85, x + 85, y + 85)
    hand.box(Layer.LI1, x - 85 - margin, y - 165, x + 85 + margin, y + 165)
    if name:
        hand.pin(Layer.LI1, name, x, y)


def diffusion_resistor(*marks, w=420, length=4000):
    """Diffusion from pin a to pin b with a body between; p in a well when that is among the marks."""
    in_well = Layer.NWELL in marks
    hand = Hand()
    hand.box(Layer.DIFF, -1000, 0, length + 1000, w)
    hand.box(Marker.DIFFRES, 0, 0, length, w)
    hand.box(Layer.PSDM if in_well else Layer.NSDM, -1125, -125, length + 1125, w + 125)
    for name, x in (("a", -700), ("b", length + 700)):
        contact(hand, x, w // 2, name)
    hand.tap(length + 2000, name="s", implant=Layer.NSDM if in_well else Layer.PSDM)
    for mark in marks:
        hand.box(mark, -1500, -500, length + 3500, w + 1000)
    return hand


def diode(*marks, w=690, h=630, mark=Marker.DIODE):
    """A junction with its contact on pin k, and the tap of its well or the substrate on pin s."""
    in_well = Layer.NWELL in marks
    hand = Hand()
    hand.box(Layer.DIFF, 0, 0, w, h)
    hand.box(Layer.PSDM if in_well else Layer.NSDM, -125, -125, w + 125, h + 125)
    if mark:
        hand.box(mark, 0, 0, w, h)
    contact(hand, w // 2, h // 2, "k")
    hand.tap(3000, name="s", implant=Layer.NSDM if in_well else Layer.PSDM)
    for mark in marks:
        hand.box(mark, -500, -500, 4500, 2000)
    return hand


def varactor(*marks, w=1000, length=500):
    """Poly on pin g over n-taps on pin w in an n-well; the substrate's tap is pin s."""
    hand = Hand()
    hand.box(Layer.TAP, 0, 0, 600 + length, w)
    hand.box(Layer.NSDM, -125, -125, 725 + length, w + 125)
    hand.box(Layer.POLY, 300, -130, 300 + length, w + 400)
    hand.pin(Layer.POLY, "g", 300 + length // 2, w + 300)
    for name, x in (("w", 150), (None, 450 + length)):
        contact(hand, x, w // 2, name, margin=0)
    hand.box(Layer.LI1, 65, 100, 535 + length, 200)
    hand.box(Layer.NWELL, -400, -400, 1000 + length, w + 400)
    for mark in marks:
        hand.box(mark, -400, -400, 1000 + length, w + 400)
    hand.tap(5000, name="s")
    return hand


def esd_transistor(*marks, w=5400, length=550):
    """A transistor of the ESD models' size under the ESD mark."""
    hand = marked_transistor((Marker.ESDID, *marks), length=length, tap_x=2500)
    hand.cell.clear()
    in_well = Layer.NWELL in marks
    hand.transistor(w=w, length=length, implant=Layer.PSDM if in_well else Layer.NSDM)
    hand.names(w=w, length=length)
    hand.tap(2500, implant=Layer.NSDM if in_well else Layer.PSDM)
    for mark in (Marker.ESDID, *marks):
        hand.box(mark, -500, -500, 4000, w + 1000)
    return hand


def pnp(side=680, mark=Marker.PNPID):
    """A p-emitter on pin e in an n-well, the base, on pin b; the substrate, the collector, is pin c."""
    hand = Hand()
    hand.box(Layer.NWELL, -500, -500, 6000, 5000)
    if mark:
        hand.box(mark, -500, -500, 6000, 5000)
    hand.box(Layer.DIFF, 0, 0, side, side)
    hand.box(Layer.PSDM, -125, -125, side + 125, side + 125)
    contact(hand, side // 2, side // 2, "e")
    hand.tap(4500, name="b", implant=Layer.NSDM)
    hand.tap(8000, name="c")
    return hand


def npn(h=1000, mark=Marker.NPNID):
    """An n-emitter of 1 um by `h` on pin e in a p-well of its own, the base, on pin b; pins c, the ring, and s."""
    hand = Hand()
    hand.box(Layer.DNWELL, -2000, -2000, 6000, 6000)
    ring = [(-2500, -2500, -1000, 6500), (5000, -2500, 6500, 6500)]
    for box in (*ring, (-2500, 5000, 6500, 6500), (-2500, -2500, 6500, -1000)):
        hand.box(Layer.NWELL, *box)
    if mark:
        hand.box(mark, -2500, -2500, 6500, 6500)
    hand.box(Layer.DIFF, 0, 0, 1000, h)
    hand.box(Layer.NSDM, -125, -125, 1125, h + 125)
    contact(hand, 500, h // 2, "e")
    hand.tap(3000, name="b")
    hand.tap(5500, name="c", implant=Layer.NSDM)
    hand.tap(9000, name="s")
    return hand
