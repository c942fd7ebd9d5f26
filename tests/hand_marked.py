"""Layouts drawn by hand that keep every rule of thick oxide and of poly resistors: originals for mutants."""

import klayout.db as kdb
from drc_cases import around, bar, contact, mos, ndiff, pdiff, tap

from analoom.pdk.layers import Layer as L
from analoom.pdk.layers import Marker as M


def hv_nfet():
    """A 5 V n-type transistor with contacts, beside a contacted p-tap, in one hvi."""
    shapes = mos(w=1000, length=500, past=400)
    for x in (-575, 405):
        shapes = contact(shapes, x, 400)
    shapes = contact([*shapes, *tap(1100, 300, 410, 410)], 1220, 420)
    return [*shapes, (M.HVI, -900, -300, 1800, 1300)]


def hv_pfet():
    """A 5 V p-type transistor with contacts and its n-tap, in an n-well in hvi."""
    shapes = mos(w=1000, length=500, past=400, implant=L.PSDM)
    for x in (-575, 405):
        shapes = contact(shapes, x, 400)
    shapes = contact([*shapes, *tap(1100, 300, 410, 410, L.NSDM)], 1220, 420)
    return [*shapes, (L.NWELL, -1000, -400, 1900, 1400), (M.HVI, -1200, -600, 2100, 1600)]


def hv_neighbours():
    """N-diffusion in hvi beside such diffusion outside, each with a p-tap."""
    low = [*contact(ndiff(-1500, 0, 500, 500), -1340, 160), *contact(tap(-2600, 0, 500, 500), -2440, 160)]
    high = [*contact(ndiff(0, 0, 500, 500), 160, 160), *contact(tap(900, 0, 500, 500), 1060, 160)]
    return [*low, *high, (M.HVI, -300, -300, 1700, 800)]


def wells():
    """An n-well in hvi beside one outside, both with p-diffusion and n-tap."""
    well = [*contact(pdiff(0, 0, 500, 500), 160, 160), *contact(tap(900, 0, 500, 500, L.NSDM), 1060, 160)]
    well = [*well, (L.NWELL, -400, -400, 1800, 900)]
    other = [(shape[0], shape[1] + 4500, shape[2], shape[3] + 4500, shape[4]) for shape in well]
    return [*well, *other, (M.HVI, -400, -400, 1800, 900)]


def precision_resistor(w=350, marker=M.RPM):
    """A precision resistor with a bar contact in each head, beside a contacted p-tap."""
    poly = (L.POLY, 0, 0, w, 6320)
    shapes = [poly, (M.POLYRES, 0, 2160, w, 4160), around(L.PSDM, poly, 110), around(L.NPC, poly, 95)]
    for x in range((w - 190 - (w - 350) // 700 * 700) // 10 * 5, w - 190, 700):
        shapes += [*bar(x, 80), *bar(x, 4240)]
    margin = max(200, (1270 - w) // 2)
    return [
        *shapes,
        around(marker, poly, margin, 200, margin, 200),
        *contact(tap(w + 1100, 0, 500, 500), w + 1260, 160),
    ]


def plain_resistor():
    """A generic poly resistor, contacted, beside a contacted p-tap."""
    shapes = [(L.POLY, 0, -400, 330, 2400), (M.POLYRES, 0, 0, 330, 2000)]
    for y in (-320, 2150):
        shapes = contact(shapes, 80, y)
        shapes.append(around(L.NPC, shapes[-2], 100))
    return [*shapes, *contact(tap(900, 0, 500, 500), 1060, 160)]


def li_resistor():
    """A wire of li1 with the resistor marker."""
    return [(L.LI1, 0, 0, 290, 3000), (M.LIRES, 0, 500, 290, 2500)]


GOOD = {
    "hv_nfet": hv_nfet(),
    "hv_pfet": hv_pfet(),
    "hv_neighbours": hv_neighbours(),
    "wells": wells(),
    "res_high_po": precision_resistor(),
    "res_high_po_wide": precision_resistor(w=1410),
    "res_xhigh_po": precision_resistor(marker=M.URPM),
    "res_generic_po": plain_resistor(),
    "res_li": li_resistor(),
}
"""Shapes by name."""


def flat(shapes):
    """The shapes by layer, merged, lower left corner at the origin."""
    regions = {}
    for layer, *box in shapes:
        regions.setdefault(layer, kdb.Region()).insert(kdb.Box(*box))
    whole = sum((region.bbox() for region in regions.values()), kdb.Box())
    return {layer: region.merged().moved(-whole.left, -whole.bottom) for layer, region in regions.items()}
