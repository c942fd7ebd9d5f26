"""Layouts for antenna ratios: a gate of 1 um2 with a wire of one level on it, a diode, a jumper or a second gate."""

from drc_cases import L, mos

PADS = {L.LI1: 170, L.MET1: 170, L.MET2: 170, L.MET3: 200}
CUTS = {L.MET1: (L.MCON, 85), L.MET2: (L.VIA, 75), L.MET3: (L.VIA2, 100)}
CONTACT_Y = 1400


def gate(*, x=0):
    """A transistor of 1 um by 1 um whose poly has room for a contact above."""
    return mos(w=1000, length=1000, cap=600, x=x)


def square(layer, half, x=0, y=CONTACT_Y):
    return (layer, x - half, y - half, x + half, y + half)


def stack(top):
    """Contacts from the gate's poly up to `top`, each level the least pad."""
    drawn = [square(L.LICON, 85), square(L.LI1, PADS[L.LI1])]
    for metal in (L.MET1, L.MET2, L.MET3)[: list(PADS).index(top)]:
        drawn += [square(*CUTS[metal]), square(metal, PADS[metal])]
    return drawn


def wired(top, length_nm):
    """The gate with a wire of `top`, up from its contact."""
    half = PADS[top] // 2
    return [*gate(), *stack(top), (top, -half, CONTACT_Y, half, CONTACT_Y + length_nm)]


def diode(side_nm):
    """An n-diffusion beside the gate, on its li1."""
    y = CONTACT_Y - 100
    diff = (L.DIFF, 3000, y, 3000 + side_nm, y + side_nm)
    implant = (L.NSDM, 2875, y - 125, 3125 + side_nm, y + side_nm + 125)
    return [diff, implant, (L.LICON, 3060, y + 60, 3230, y + 230), (L.LI1, -170, y + 60, 3300, y + 230)]


def jumped(length_nm):
    """As a wire of met1, but for a piece of met2 next to the gate: met1 meets the gate when met2 is made."""
    far = (L.MET1, 2000, CONTACT_Y - 170, length_nm, CONTACT_Y + 170)
    bridge = (L.MET2, -170, CONTACT_Y - 170, 3000, CONTACT_Y + 170)
    return [*gate(), *stack(L.MET2), far, bridge, square(L.VIA, 75, x=2600)]
