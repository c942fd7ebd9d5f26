"""Small layouts for design rules: each exactly at a rule's limit (`step=0`) or one 5 nm step past it (`step=5`).

Shapes are `(layer, left, bottom, right, top)` in nm or `(layer, polygon)`. `deck` and `magic` say whether that engine
is asked about the case too: it checks the rule, and can see this shape.
"""

from collections.abc import Callable
from dataclasses import dataclass

import klayout.db as kdb

from analoom.pdk import rules as r
from analoom.pdk.layers import Layer as L
from analoom.pdk.layers import Marker as M
from analoom.pdk.rules import Rule

STEP = 5


@dataclass(frozen=True)
class Case:
    """A rule and how to draw it at, or a step past, its limit."""

    rule: Rule
    draw: Callable[[int], list]
    label: str = ""
    deck: bool = True
    magic: bool = True

    @property
    def id(self):
        return f"{self.rule.id}{'-' + self.label if self.label else ''}"


def layout_of(shapes, name="case"):
    """A layout with one cell of these shapes."""
    layout = kdb.Layout()
    layout.dbu = 0.001
    cell = layout.create_cell(name)
    for layer, *where in shapes:
        shape = where[0] if len(where) == 1 else kdb.Box(*where)
        cell.shapes(layout.layer(*layer.value)).insert(shape)
    return layout


def around(layer, box, *margins):
    """A box of `layer` about `box` (a shape): margins left, bottom, right, top, or one for all."""
    left, bottom, right, top = margins if len(margins) == 4 else margins * 4
    return (layer, box[1] - left, box[2] - bottom, box[3] + right, box[4] + top)


def ndiff(x, y, w, h):
    box = (L.DIFF, x, y, x + w, y + h)
    return [box, around(L.NSDM, box, 125)]


def pdiff(x, y, w, h):
    box = (L.DIFF, x, y, x + w, y + h)
    return [box, around(L.PSDM, box, 125)]


def tap(x, y, w, h, implant=L.PSDM):
    box = (L.TAP, x, y, x + w, y + h)
    return [box, around(implant, box, 125)]


def mos(w=420, length=150, past=250, cap=130, implant=L.NSDM, x=0, y=0):
    """A gate across diffusion: the channel's centre at (x, y)."""
    half = length // 2
    diff = (L.DIFF, x - half - past, y, x + length - half + past, y + w)
    return [diff, around(implant, diff, 125), (L.POLY, x - half, y - cap, x + length - half, y + w + cap)]


def pmos(**sizes):
    """A p-type transistor in a well."""
    shapes = mos(**{"implant": L.PSDM, **sizes})
    return [*shapes, around(L.NWELL, shapes[0], 1000)]


def contact(bottom, x=0, y=0, side=170):
    """A licon with li1 about it, on `bottom` (shapes)."""
    cut = (L.LICON, x, y, x + side, y + side)
    return [*bottom, cut, around(L.LI1, cut, 80)]


def narrow(rule, layer, length=2000, other=lambda box: [], **engines):
    def draw(step):
        box = (layer, 0, 0, rule.value_nm - step, length)
        return [box, *other(box)]

    return Case(rule, draw, layer.name.lower(), **engines)


def gap(rule, layer, size=2000, other=lambda box: [], **engines):
    def draw(step):
        one = (layer, 0, 0, size, size)
        two = (layer, size + rule.value_nm - step, 0, 2 * size + rule.value_nm - step, size)
        return [one, two, *other(one), *other(two)]

    return Case(rule, draw, layer.name.lower(), **engines)


def small(rule, layer, w, h, other=lambda box: [], **engines):
    """A polygon of exactly the rule's area (or the next on the grid)."""

    def draw(step):
        box = (layer, 0, 0, w, h - step)
        return [box, *other(box)]

    return Case(rule, draw, layer.name.lower(), **engines)


def hole(rule, layer, w, h, rim, **engines):
    def draw(step):
        outer = kdb.Region(kdb.Box(-rim, -rim, w + rim, h + rim))
        return [(layer, p) for p in (outer - kdb.Region(kdb.Box(0, 0, w, h - step))).each()]

    return Case(rule, draw, layer.name.lower(), **engines)


CUT_SIDES = {L.MCON: 170, L.VIA: 150, L.VIA2: 200, L.VIA3: 200, L.VIA4: 800}
CUT_METALS = {
    L.MCON: (L.LI1, L.MET1),
    L.VIA: (L.MET1, L.MET2),
    L.VIA2: (L.MET2, L.MET3),
    L.VIA3: (L.MET3, L.MET4),
    L.VIA4: (L.MET4, L.MET5),
}
ROOM = 800


def cut(layer, lower=(ROOM,), upper=(ROOM,), side=None, x=0):
    """A cut with both its metals, margins given."""
    side = side or CUT_SIDES[layer]
    box = (layer, x, 0, x + side, side)
    below, above = CUT_METALS[layer]
    return [box, around(below, box, *lower), around(above, box, *upper)]


def wrong_cut(rule, layer):
    side = CUT_SIDES[layer]
    yield Case(rule, lambda step: cut(layer, side=side - step), f"{layer.name.lower()}-small")
    yield Case(rule, lambda step: cut(layer, side=side + step), f"{layer.name.lower()}-large", deck=False, magic=False)


def ring(layer, width):
    """A ring of a cut with both its metals, in the seal ring."""
    shape = kdb.Region(kdb.Box(-5000, -5000, 5000, 5000)) - kdb.Region(kdb.Box(-5000, -5000, 5000, 5000)).sized(-width)
    metals = [(metal, -6000, -6000, 6000, 6000) for metal in CUT_METALS[layer]]
    return [*((layer, p) for p in shape.each()), *metals, (M.SEALID, -7000, -7000, 7000, 7000)]


def rings(rule, layer):
    """Too narrow, and too wide by a step, which the deck counts under a name of its own."""
    yield Case(rule, lambda step: ring(layer, rule.value_nm - step), f"{layer.name.lower()}-narrow", magic=False)
    yield Case(rule, lambda step: ring(layer, rule.value_nm + step), f"{layer.name.lower()}-wide", False, False)


def within(marker, shapes):
    """Shapes in the middle of a marker that reaches beyond everything a rule asks about."""
    return [*shapes, (marker, -40_000, -40_000, 40_000, 40_000)]


def cut_gap(rule, layer, **engines):
    side = CUT_SIDES[layer]
    return Case(
        rule,
        lambda step: cut(layer) + cut(layer, x=side + rule.value_nm - step),
        layer.name.lower(),
        **engines,
    )


def lower_margin(rule, layer, **engines):
    return Case(rule, lambda step: cut(layer, lower=(rule.value_nm - step, ROOM, ROOM, ROOM)), "lower", **engines)


def upper_margin(rule, layer, **engines):
    return Case(rule, lambda step: cut(layer, upper=(rule.value_nm - step, ROOM, ROOM, ROOM)), "upper", **engines)


def lower_ends(rule, layer, least):
    """Two opposite sides at the rule, the other two at the smallest margin allowed."""
    return Case(rule, lambda step: cut(layer, lower=(rule.value_nm - step, least, rule.value_nm, least)), "lower")


def upper_ends(rule, layer, least):
    return Case(rule, lambda step: cut(layer, upper=(rule.value_nm - step, least, rule.value_nm, least)), "upper")


def wide_gap(rule, layer):
    v = rule.value_nm
    return Case(rule, lambda step: [(layer, 0, 0, 4000, 4000), (layer, 4000 + v - step, 0, 5000 + v, 4000)])


def arms(rule, layer):
    """Two arms of a wide plate, as far apart as the rule asks near the plate."""
    v = rule.value_nm

    def draw(step):
        plate, low = (layer, 0, 0, 4000, 4000), (layer, 4000, 1000, 6000, 1500)
        return [plate, low, (layer, 4000, 1500 + v - step, 6000, 2500 + v)]

    return Case(rule, draw, deck=False)


def mim(plate, bottom, side=2000, margin=200, x=0):
    box = (plate, x, 0, x + side, 2000)
    return [box, around(bottom, box, margin)]


def dnwell_ring(past=400, into=1030):
    """Deep n-well with its n-well ring."""
    outer = kdb.Region(kdb.Box(-past, -past, 9000 + past, 9000 + past))
    ring = outer - kdb.Region(kdb.Box(into, into, 9000 - into, 9000 - into))
    return [(L.DNWELL, 0, 0, 9000, 9000), *((L.NWELL, p) for p in ring.each())]


def two_pwells(wall):
    """Two p-taps in one deep n-well, parted by n-well with an n-tap in its middle."""
    well = kdb.Region(kdb.Box(-5000, -4000, wall + 5000, 5000))
    for left in (-2000, wall):
        well -= kdb.Region(kdb.Box(left, -1000, left + 2000, 2000))
    middle = wall // 2
    taps = [tap(x, 0, 410, 1000) for x in (-540, wall + 130)] + [tap(middle - 145, 0, 290, 1000, L.NSDM)]
    taps = [contact(t, t[0][1] + 60, 120) for t in taps]
    return [
        (L.DNWELL, -4600, -3600, wall + 4600, 4600),
        *((L.NWELL, p) for p in well.each()),
        *(shape for one in taps for shape in one),
    ]


def tapped(well_margin=500, step=0):
    """An n-well with a contacted n-tap; past the limit, without the contact."""
    shapes = tap(0, 0, 410, 410, L.NSDM)
    shapes = shapes if step else contact(shapes, 120, 120)
    return [*shapes, around(L.NWELL, shapes[0], well_margin)]


def straddling(layer, well, step):
    """`layer` inside `well`, or sticking out by the step."""
    return [(layer, 0, 0, 3000 + step, 500), (well, -3000, -3000, 3000, 4000)]


def butted(tap_length, step=0, gate_at=None, both=False):
    """p-tap butting n-diffusion (on both sides of it when `both`)."""
    right = 500 + tap_length - step
    shapes = [(L.DIFF, -500, 0, 500, 500), (L.TAP, 500, 0, right, 500)]
    shapes += [(L.NSDM, -625, -125, 500, 625), (L.PSDM, 500, -125, right + (0 if both else 125), 625)]
    if both:
        shapes += [(L.DIFF, right, 0, right + 1000, 500), (L.NSDM, right, -125, right + 1125, 625)]
    if gate_at is not None:
        shapes.append((L.POLY, gate_at - 150, -130, gate_at, 630))
    return shapes


def reach_of_ptap(step):
    """A p-tap contact whose centre is 15 um from the far edge of n-diffusion."""
    return [*contact(tap(-205, -205, 410, 410), -85, -85), *ndiff(14000, -200, 1000 + step, 400)]


def reach_of_ntap(step):
    shapes = contact(tap(-205, -205, 410, 410, L.NSDM), -85, -85)
    return [*shapes, *pdiff(14000, -200, 1000 + step, 400), (L.NWELL, -1000, -1000, 16000, 1000)]


def lvt(gate, left=180, right=180, bottom=180, top=180, layer=L.LVTN):
    """A threshold marker about the gate of a transistor at the origin (150 by 420)."""
    return (layer, -75 - left, -bottom, 75 + right, 420 + top)


def above(shapes, dy):
    """Boxes shifted upwards."""
    return [(layer, left, bottom + dy, right, top + dy) for layer, left, bottom, right, top in shapes]


def two_gates(step, layer, device, length=150):
    """Two transistors over one another, 360 nm apart, the upper one's gate in `layer` with 180 nm to spare."""
    half = length // 2
    marked = (layer, -half - 180, -180, length - half + 180, 600)
    return [*device(length=length), *above([*device(length=length), marked], 780 - step)]


def two_gates_along(step):
    """Two gates on one diffusion, 415 nm apart, the right one low-threshold with 180 nm to spare."""
    right = 490 - step
    diff = (L.DIFF, -500, 0, 1200, 420)
    gates = [(L.POLY, x, -130, x + 150, 550) for x in (-75, right)]
    return [diff, around(L.NSDM, diff, 125), *gates, (L.LVTN, right - 180, -180, right + 330, 600)]


def low_and_high(step):
    """A low-threshold p-type gate 740 nm below a high-threshold one."""
    low = [*pmos(length=350), (L.LVTN, -400, -180, 400, 600)]
    return [*low, *above([*pmos(length=350), (L.HVTP, -400, -180, 400, 600)], 1160 - step)]


def triangle(layer, dx, dy):
    return [(layer, kdb.Polygon([kdb.Point(0, 0), kdb.Point(0, dy), kdb.Point(dx, 0)]))]


def poly_contact(margins=(200, 200, 200, 200), extra=()):
    """A licon on poly, npc about it."""
    box = (L.LICON, 0, 0, 170, 170)
    return [*contact([around(L.POLY, box, *margins)]), around(L.NPC, box, 100), *extra]


def diff_contact(margins=(200, 200, 200, 200), extra=()):
    """A licon on n-diffusion."""
    diff = around(L.DIFF, (L.LICON, 0, 0, 170, 170), *margins)
    return [*contact([diff, around(L.NSDM, diff, 125)]), *extra]


def tap_contact(margins):
    diff = around(L.TAP, (L.LICON, 0, 0, 170, 170), *margins)
    return contact([diff, around(L.PSDM, diff, 125)])


def via2_at(x, y):
    box = (L.VIA2, x, y, x + 200, y + 200)
    return [box, around(L.MET2, box, 85)]


def via3_at(x, y):
    box = (L.VIA3, x, y, x + 200, y + 200)
    return [box, around(L.MET4, box, 200)]


def via4_at(x, y):
    box = (L.VIA4, x, y, x + 800, y + 800)
    return [box, around(L.MET5, box, 500)]


WELLS = [
    narrow(r.DNWELL_WIDTH, L.DNWELL, 5000),
    gap(r.DNWELL_SPACE, L.DNWELL, 5000),
    Case(r.DNWELL_PDIFF, lambda s: [*straddling(L.DIFF, L.DNWELL, s), (L.PSDM, -125, -125, 3200, 625)]),
    Case(r.NWELL_PAST_DNWELL, lambda s: dnwell_ring(past=400 - s)),
    Case(r.NWELL_INTO_DNWELL, lambda s: dnwell_ring(into=1030 - s)),
    Case(r.NWELL_TO_DNWELL, lambda s: [*dnwell_ring(), (L.NWELL, 9000 + 4500 - s, 0, 15000, 3000)]),
    Case(r.NWELL_BETWEEN_PWELLS, lambda s: two_pwells(845 - s)),
    narrow(r.NWELL_WIDTH, L.NWELL),
    gap(r.NWELL_SPACE, L.NWELL),
    Case(r.NWELL_TAP, lambda s: tapped(step=s)),
    narrow(r.HVTP_WIDTH, L.HVTP),
    gap(r.HVTP_SPACE, L.HVTP),
    Case(r.HVTP_ENCLOSES_GATE, lambda s: [*pmos(), lvt(0, left=180 - s, layer=L.HVTP)]),
    Case(r.HVTP_TO_OTHER_GATE, lambda s: [*pmos(), (L.HVTP, 75 + 180 - s, 0, 1000, 1000)], magic=False),
    small(r.HVTP_AREA, L.HVTP, 500, 530),
    narrow(r.LVTN_WIDTH, L.LVTN),
    gap(r.LVTN_SPACE, L.LVTN),
    Case(r.LVTN_ENCLOSES_GATE, lambda s: [*mos(), lvt(0, top=180 - s)]),
    Case(r.LVTN_TO_OTHER_GATE, lambda s: [*mos(), (L.LVTN, -500, 420 + 180 - s, 500, 1000)], magic=False),
    Case(r.LVTN_TO_OTHER_GATE_ALONG, lambda s: [*mos(), (L.LVTN, 75 + 235 - s, 0, 1000, 420)], magic=False),
    Case(r.LVTN_TO_HVTP, lambda s: [(L.LVTN, 0, 0, 500, 600), (L.HVTP, 880 - s, 0, 1400, 600)], magic=False),
    Case(r.LVTN_STRADDLE, lambda s: straddling(L.LVTN, L.NWELL, s)),
    small(r.LVTN_AREA, L.LVTN, 500, 530),
    Case(r.HVTP_TO_OTHER_GATE, lambda s: two_gates(s, L.HVTP, pmos), "gates"),
    Case(r.LVTN_TO_OTHER_GATE, lambda s: two_gates(s, L.LVTN, mos), "gates"),
    Case(r.LVTN_TO_OTHER_GATE_ALONG, two_gates_along, "gates"),
    Case(r.LVTN_TO_HVTP, low_and_high, "gates"),
]

ACTIVE = [
    narrow(r.DIFF_WIDTH, L.DIFF, other=lambda box: [around(L.NSDM, box, 125)]),
    narrow(r.DIFF_WIDTH, L.TAP, other=lambda box: [around(L.PSDM, box, 125)], deck=False, magic=False),
    Case(r.MOS_WIDTH, lambda s: mos(w=420 - s)),
    Case(r.STDCELL_MOS_WIDTH, lambda s: within(M.STDCELL, mos(w=360 - s))),
    Case(r.DIFF_SPACE, lambda s: [*ndiff(0, 0, 500, 500), *ndiff(770 - s, 0, 500, 500)]),
    Case(r.BUTTED_TAP_LENGTH, lambda s: butted(290, s)),
    Case(r.SANDWICHED_TAP_LENGTH, lambda s: butted(400, s, both=True)),
    Case(r.NWELL_ENCLOSES_PDIFF, lambda s: [*pdiff(0, 0, 500, 500), (L.NWELL, -180 + s, -500, 1000, 1000)]),
    Case(r.NDIFF_TO_NWELL, lambda s: [*ndiff(0, 0, 500, 500), (L.NWELL, 840 - s, 0, 2000, 1000)]),
    Case(r.NWELL_ENCLOSES_NTAP, lambda s: [*tap(0, 0, 500, 500, L.NSDM), (L.NWELL, -180 + s, -500, 1000, 1000)]),
    Case(r.PTAP_TO_NWELL, lambda s: [*tap(0, 0, 500, 500), (L.NWELL, 630 - s, 0, 2000, 1000)], magic=False),
    Case(r.PTAP_TO_NWELL, lambda s: [*tap(0, 0, 500, 500), (L.NWELL, 430 if s else 630, -2000, 5000, 2000)], "over"),
    Case(r.TAP_AREA, lambda s: tap(0, 0, 265, 265 - s)),
    Case(r.TAP_REACH, reach_of_ptap),
    Case(r.NTAP_REACH, reach_of_ntap),
]

POLY = [
    narrow(r.POLY_WIDTH, L.POLY),
    Case(r.PFET_LVT_LENGTH, lambda s: [*pmos(length=350 - s), (L.LVTN, -500, -300, 500, 720)]),
    gap(r.POLY_SPACE, L.POLY),
    Case(r.POLY_TO_DIFF, lambda s: [*ndiff(0, 0, 500, 500), (L.POLY, 575 - s, 0, 775, 500)]),
    Case(r.POLY_TO_TAP, lambda s: [*tap(0, 0, 500, 500), (L.POLY, 555 - s, 0, 755, 500)]),
    Case(r.GATE_TO_BUTTED_TAP, lambda s: butted(500, gate_at=200 + s)),
    Case(r.DIFF_PAST_POLY, lambda s: mos(past=250 - s)),
    Case(r.DIFF_PAST_POLY, lambda s: mos(past=0) if s else mos(), "one-sided", magic=False),
    Case(r.POLY_PAST_DIFF, lambda s: mos(cap=130 - s)),
    Case(r.GATE_BEND, lambda s: [*mos(), *([(L.POLY, 0, 100, 130, 200)] if s else [])]),
    Case(r.POLY_ON_TAP, lambda s: [*tap(0, 0, 500, 500), (L.POLY, 500 - s, 0, 700, 500)]),
]

IMPLANTS = [
    narrow(r.IMPLANT_WIDTH, L.NSDM),
    gap(r.IMPLANT_SPACE, L.NSDM),
    narrow(r.PSDM_WIDTH, L.PSDM),
    gap(r.PSDM_SPACE, L.PSDM),
    Case(
        r.IMPLANT_ENCLOSES_DIFF, lambda s: [(L.DIFF, 0, 0, 500, 500), (L.NSDM, -125 + s, -200, 700, 700)], magic=False
    ),
    Case(r.BUTTED_FLUSH, lambda s: [*butted(500), *([(L.TAP, 500, 500, 1000, 500 + s)] if s else [])], "tap"),
    Case(
        r.BUTTED_FLUSH,
        lambda s: [*butted(500), *([(L.DIFF, 0, 500, 500, 500 + s)] if s else [])],
        "diffusion",
        magic=False,
    ),
    Case(r.IMPLANT_TO_OPPOSITE_DIFF, lambda s: [*ndiff(0, 0, 500, 500), (L.PSDM, 630 - s, 0, 1200, 500)]),
    Case(r.IMPLANT_OVERLAP, lambda s: [*ndiff(0, 0, 500, 500), (L.PSDM, 500 - s, 0, 1200, 500)]),
    Case(r.IMPLANT_MISSING, lambda s: [(L.DIFF, 0, 0, 500 + s, 500), (L.NSDM, -200, -200, 500, 700)]),
    small(r.IMPLANT_AREA, L.NSDM, 500, 530),
    small(r.PSDM_AREA, L.PSDM, 500, 510),
    narrow(r.NPC_WIDTH, L.NPC),
    gap(r.NPC_SPACE, L.NPC),
    Case(r.NPC_TO_GATE, lambda s: [*mos(), (L.NPC, -500, 420 + 90 - s, 500, 1000)]),
]

CONTACTS = [
    Case(r.LICON_SIZE, lambda s: contact(ndiff(-300, -300, 800, 800), side=170 - s), "small"),
    Case(r.LICON_SIZE, lambda s: contact(ndiff(-300, -300, 800, 800), side=170 + s), "large", magic=False),
    Case(r.LICON_SPACE, lambda s: contact(contact(ndiff(-300, -300, 1000, 800)), x=340 - s)),
    Case(r.LICON_LANDS, lambda s: [*ndiff(-200, -200, 600, 600), (L.LICON, 0, 0, 170, 170), (L.LI1, -80, s, 250, 170)]),
    Case(r.DIFF_ENCLOSES_LICON, lambda s: diff_contact((40 - s, 200, 200, 200))),
    Case(r.DIFF_ENCLOSES_LICON_ENDS, lambda s: diff_contact((60 - s, 40, 60, 40))),
    Case(r.TAP_LICON_TO_DIFF, lambda s: contact(butted(500), x=560 - s, y=150)),
    Case(r.TAP_ENCLOSES_LICON_ENDS, lambda s: tap_contact((120 - s, 60, 120, 60))),
    Case(r.POLY_ENCLOSES_LICON, lambda s: poly_contact((50 - s, 200, 200, 200))),
    Case(r.POLY_ENCLOSES_LICON_ENDS, lambda s: poly_contact((80 - s, 50, 80, 50))),
    Case(r.POLY_LICON_TO_PSDM, lambda s: poly_contact(extra=[(L.PSDM, 280 - s, 0, 900, 600)]), magic=False),
    Case(r.POLY_LICON_TO_PSDM, lambda s: poly_contact((50, 80, 50, 80), pdiff(405 - s, 0, 500, 500)), "diffusion"),
    Case(r.DIFF_LICON_TO_GATE, lambda s: contact(mos(w=800, past=600), x=75 + 55 - s, y=300)),
    Case(
        r.STDCELL_LICON_TO_GATE,
        lambda s: within(M.STDCELL, contact(mos(w=800, past=600), x=75 + 50 - s, y=300)),
    ),
    Case(r.DIFF_LICON_TO_NPC, lambda s: diff_contact(extra=[(L.NPC, 260 - s, -200, 700, 400)])),
    Case(r.POLY_LICON_TO_DIFF, lambda s: poly_contact((50, 80, 50, 80), ndiff(360 - s, 0, 500, 500))),
    Case(r.NPC_ENCLOSES_LICON, lambda s: [*poly_contact()[:3], (L.NPC, -100 + s, -200, 400, 400)]),
    Case(r.TAP_CONTACTED, lambda s: tapped(step=s)),
    Case(
        r.LICON_ON_BOTH, lambda s: contact([*ndiff(-300, -300, 300 + s, 500), (L.POLY, 0, -500, 500, 500)]), magic=False
    ),
    narrow(r.LI_WIDTH, L.LI1),
    gap(r.LI_SPACE, L.LI1),
    Case(
        r.LI_ENCLOSES_LICON_ENDS,
        lambda s: [*ndiff(-300, -300, 800, 800), (L.LICON, 0, 0, 170, 170), (L.LI1, -80 + s, 0, 250, 170)],
    ),
    small(r.LI_AREA, L.LI1, 170, 330),
    *wrong_cut(r.MCON_SIZE, L.MCON),
    *rings(r.MCON_RING, L.MCON),
    cut_gap(r.MCON_SPACE, L.MCON),
    Case(r.MCON_IN_LI, lambda s: cut(L.MCON, lower=(-s, ROOM, ROOM, ROOM)), magic=False),
]

METALS = [
    narrow(r.MET1_WIDTH, L.MET1),
    gap(r.MET1_SPACE, L.MET1),
    arms(r.MET1_HALO_SPACE, L.MET1),
    wide_gap(r.MET1_WIDE_SPACE, L.MET1),
    upper_margin(r.MET1_ENCLOSES_MCON, L.MCON),
    upper_ends(r.MET1_ENCLOSES_MCON_ENDS, L.MCON, 30),
    small(r.MET1_AREA, L.MET1, 200, 415),
    hole(r.MET1_HOLE_AREA, L.MET1, 350, 400, 300),
    *wrong_cut(r.VIA_SIZE, L.VIA),
    *rings(r.VIA_RING, L.VIA),
    cut_gap(r.VIA_SPACE, L.VIA),
    lower_margin(r.MET1_ENCLOSES_VIA, L.VIA),
    lower_ends(r.MET1_ENCLOSES_VIA_ENDS, L.VIA, 55),
    narrow(r.MET2_WIDTH, L.MET2),
    gap(r.MET2_SPACE, L.MET2),
    arms(r.MET2_HALO_SPACE, L.MET2),
    wide_gap(r.MET2_WIDE_SPACE, L.MET2),
    upper_margin(r.MET2_ENCLOSES_VIA, L.VIA),
    upper_ends(r.MET2_ENCLOSES_VIA_ENDS, L.VIA, 55),
    small(r.MET2_AREA, L.MET2, 260, 260),
    hole(r.MET2_HOLE_AREA, L.MET2, 350, 400, 300),
    *wrong_cut(r.VIA2_SIZE, L.VIA2),
    *rings(r.VIA2_RING, L.VIA2),
    cut_gap(r.VIA2_SPACE, L.VIA2),
    lower_margin(r.MET2_ENCLOSES_VIA2, L.VIA2),
    lower_ends(r.MET2_ENCLOSES_VIA2_ENDS, L.VIA2, 40),
    narrow(r.MET3_WIDTH, L.MET3),
    gap(r.MET3_SPACE, L.MET3),
    arms(r.MET3_HALO_SPACE, L.MET3),
    wide_gap(r.MET3_WIDE_SPACE, L.MET3),
    upper_margin(r.MET3_ENCLOSES_VIA2, L.VIA2),
    small(r.MET3_AREA, L.MET3, 400, 600),
    hole(r.MET3_HOLE_AREA, L.MET3, 400, 500, 400),
    *wrong_cut(r.VIA3_SIZE, L.VIA3),
    *rings(r.VIA3_RING, L.VIA3),
    cut_gap(r.VIA3_SPACE, L.VIA3),
    lower_margin(r.MET3_ENCLOSES_VIA3, L.VIA3),
    lower_ends(r.MET3_ENCLOSES_VIA3_ENDS, L.VIA3, 60),
    narrow(r.MET4_WIDTH, L.MET4),
    gap(r.MET4_SPACE, L.MET4),
    arms(r.MET4_HALO_SPACE, L.MET4),
    wide_gap(r.MET4_WIDE_SPACE, L.MET4),
    upper_margin(r.MET4_ENCLOSES_VIA3, L.VIA3),
    small(r.MET4_AREA, L.MET4, 400, 600),
    hole(r.MET4_HOLE_AREA, L.MET4, 400, 500, 400),
    *wrong_cut(r.VIA4_SIZE, L.VIA4),
    *rings(r.VIA4_RING, L.VIA4),
    cut_gap(r.VIA4_SPACE, L.VIA4),
    lower_margin(r.MET4_ENCLOSES_VIA4, L.VIA4),
    narrow(r.MET5_WIDTH, L.MET5, 4000),
    gap(r.MET5_SPACE, L.MET5, 3000),
    upper_margin(r.MET5_ENCLOSES_VIA4, L.VIA4),
    small(r.MET5_AREA, L.MET5, 2000, 2000),
    hole(r.MET5_HOLE_AREA, L.MET5, 350, 400, 2000),
]

CAPACITORS = [
    Case(r.CAPM_WIDTH, lambda s: mim(L.CAPM, L.MET3, side=1000 - s)),
    gap(r.CAPM_SPACE, L.CAPM, other=lambda box: [around(L.MET3, box, 1000)]),
    Case(
        r.CAPM_PLATE_SPACE, lambda s: [*mim(L.CAPM, L.MET3, margin=140), *mim(L.CAPM, L.MET3, margin=140, x=3480 - s)]
    ),
    Case(r.CAPM_ENCLOSED_BY_MET3, lambda s: [(L.CAPM, 0, 0, 2000, 2000), (L.MET3, -140 + s, -500, 2500, 2500)]),
    Case(r.CAPM_ENCLOSES_VIA3, lambda s: [*mim(L.CAPM, L.MET3), *via3_at(140 - s, 900)]),
    Case(r.CAPM_TO_VIA3, lambda s: [*mim(L.CAPM, L.MET3, margin=1000), *via3_at(2140 - s, 900)]),
    Case(r.MIM_VIA3_IN_LINE, lambda s: [*mim(L.CAPM, L.MET3), *via3_at(400, 400), *via3_at(400 + 4 * s, 800)]),
    Case(r.CAPM_RECTANGLE, lambda s: [*mim(L.CAPM, L.MET3, margin=1500), *([(L.CAPM, 0, 0, 3000, 1000)] if s else [])]),
    Case(r.CAPM_TO_VIA2, lambda s: [*mim(L.CAPM, L.MET3, margin=1000), *via2_at(2140 - s, 900)]),
    Case(r.CAPM_TO_MET3, lambda s: [*mim(L.CAPM, L.MET3, margin=140), (L.MET3, 2500 - s, 0, 3500, 2000)], deck=False),
    Case(r.CAPM_TO_OTHER_PLATE, lambda s: [*mim(L.CAPM, L.MET3, margin=140), (L.MET3, 3340 - s, 0, 4340, 2000)]),
    Case(r.CAP2M_WIDTH, lambda s: mim(L.CAP2M, L.MET4, side=1000 - s)),
    gap(r.CAP2M_SPACE, L.CAP2M, other=lambda box: [around(L.MET4, box, 1000)]),
    Case(
        r.CAP2M_PLATE_SPACE,
        lambda s: [*mim(L.CAP2M, L.MET4, margin=140), *mim(L.CAP2M, L.MET4, margin=140, x=3480 - s)],
    ),
    Case(r.CAP2M_ENCLOSED_BY_MET4, lambda s: [(L.CAP2M, 0, 0, 2000, 2000), (L.MET4, -140 + s, -500, 2500, 2500)]),
    Case(r.CAP2M_ENCLOSES_VIA4, lambda s: [*mim(L.CAP2M, L.MET4), *via4_at(200 - s, 600)]),
    Case(r.CAP2M_TO_VIA4, lambda s: [*mim(L.CAP2M, L.MET4, margin=2000), *via4_at(2200 - s, 600)]),
    Case(
        r.MIM_VIA4_IN_LINE,
        lambda s: [
            *((L.CAP2M, 0, 0, 4000, 4000), (L.MET4, -140, -140, 4140, 4140)),
            *(*via4_at(400, 400), *via4_at(400 + 4 * s, 2000)),
        ],
    ),
    Case(
        r.CAP2M_RECTANGLE,
        lambda s: [*mim(L.CAP2M, L.MET4, margin=1500), *([(L.CAP2M, 0, 0, 3000, 1000)] if s else [])],
    ),
    Case(r.CAP2M_TO_VIA3, lambda s: [*mim(L.CAP2M, L.MET4, margin=1000), *via3_at(2140 - s, 900)]),
    Case(r.CAP2M_TO_MET4, lambda s: [*mim(L.CAP2M, L.MET4, margin=140), (L.MET4, 2500 - s, 0, 3500, 2000)], deck=False),
    Case(r.CAP2M_TO_OTHER_PLATE, lambda s: [*mim(L.CAP2M, L.MET4, margin=140), (L.MET4, 3340 - s, 0, 4340, 2000)]),
]

SHAPES = [
    Case(r.GRID, lambda s: [(L.POLY, 0, 0, 1000 + s // 2, 1000)], magic=False),
    Case(r.ANGLE_90, lambda s: triangle(L.POLY, 1000, 1000) if s else [(L.POLY, 0, 0, 500, 500)]),
    Case(r.ANGLE_45, lambda s: triangle(L.MET1, 1000, 2000 if s else 1000)),
    Case(r.PIN_ON_DRAWING, lambda s: [(L.MET1, 0, 0, 500, 500), (L.MET1_PIN, 0, 0, 500 + s, 500)]),
    Case(r.ZERO_AREA, lambda s: [(L.MET1, 0, 0, 1000, 0 if s else 1000)]),
]


def hv(shapes, *margins):
    """Shapes with hvi about the first of them."""
    return [*shapes, around(M.HVI, shapes[0], *(margins or (180,)))]


def hv_pair(gap, size=500):
    """Two n-diffusions in one hvi."""
    return [*ndiff(0, 0, size, 500), *ndiff(size + gap, 0, size, 500), (M.HVI, -180, -180, 2 * size + gap + 180, 680)]


def hv_butted(tap_length):
    """A p-tap butting n-diffusion, in hvi."""
    return [*butted(tap_length), (M.HVI, -1000, -1000, 3000, 1500)]


def hv_well(margin=1000):
    """An n-well in hvi, with p-diffusion."""
    diff = pdiff(0, 0, 500, 500)
    return [*diff, around(L.NWELL, diff[0], margin), around(M.HVI, diff[0], margin)]


def across_tap(gap):
    """A p-tap in the middle between two n-diffusions, all in hvi."""
    middle = 500 + gap // 10 * 5
    return [*hv_pair(gap, 500), *tap(middle - 75, 0, 150, 500), (M.HVI, -180, -180, 1680 + gap, 680)]


def bar(x=0, y=0, w=190, length=2000):
    """A bar contact with li1, upright."""
    box = (L.LICON, x, y, x + w, y + length)
    return [box, around(L.LI1, box, 80)]


def resistor(w=350, body=2000, head=2080, marker=M.RPM, rpm=(460, 200), psdm=110, npc=95, bars=True):
    """An upright precision resistor, its lower left corner at the origin, with heads and bars at both ends."""
    poly = (L.POLY, 0, 0, w, body + 2 * head)
    shapes = [poly, (M.POLYRES, 0, head, w, head + body), around(L.PSDM, poly, psdm), around(L.NPC, poly, npc)]
    if bars:
        x = (w - 190) // 10 * 5
        shapes += [*bar(x, 0), *bar(x, body + 2 * head - 2000)]
    return [*shapes, around(marker, poly, rpm[0], rpm[1], rpm[0], rpm[1])]


def wide_resistor(*bars):
    """A wide precision resistor with these bars in one head."""
    return [*resistor(w=3000, head=4600, rpm=(200, 200), bars=False), *(shape for one in bars for shape in one)]


def plain_resistor(w=330, body=2000, extra=()):
    """An upright poly resistor without rpm."""
    return [(L.POLY, 0, -600, w, body + 600), (M.POLYRES, 0, 0, w, body), *extra]


def li_resistor(w):
    return [(L.LI1, 0, 0, w, 3000), (M.LIRES, 0, 500, w, 2500)]


def shifted(shape, dx):
    """A box shape moved to the right."""
    layer, left, bottom, right, top = shape
    return (layer, left + dx, bottom, right + dx, top)


def made_hvntm(width):
    """Two n-type transistors in hvi and a p-tap of this width between them."""
    one, tap_x = mos(w=500, length=500, past=600), 850 + 330
    other = [shifted(shape, tap_x + width + 330 + 850) for shape in one]
    return [*one, *other, *tap(tap_x, 0, width, 500), (M.HVI, -2000, -2000, 6000, 3000)]


THICK_OXIDE = [
    narrow(r.HVI_WIDTH, M.HVI),
    gap(r.HVI_SPACE, M.HVI),
    Case(r.HVI_TO_NWELL, lambda s: [*hv(ndiff(0, 0, 500, 500), 125), (L.NWELL, 1325 - s, -200, 3000, 2000)]),
    Case(r.HVNWELL_SPACE, lambda s: [*hv_well(), (L.NWELL, 3500 - s, 0, 5500, 2000)], "low"),
    Case(
        r.HVNWELL_SPACE,
        lambda s: [*hv_well(), *(shifted(one, 4500 - s) for one in hv_well()), (M.HVI, 0, 0, 4500, 500)],
        "high",
    ),
    Case(r.HVNWELL_IN_HVI, lambda s: [(L.NWELL, 0, 0, 2000, 2000), (M.HVI, -100, -100, 2000 - s, 2100)]),
    Case(r.HV_DIFF_WIDTH, lambda s: hv(ndiff(0, 0, 290 - s, 2000))),
    Case(r.HV_DIFF_SPACE, lambda s: hv_pair(300 - s)),
    Case(
        r.HV_NDIFF_TO_PTAP,
        lambda s: [*ndiff(0, 0, 500, 500), *tap(870 - s, 0, 500, 500), (M.HVI, -180, -180, 1600, 680)],
    ),
    Case(r.HV_BUTTED_TAP_LENGTH, lambda s: hv_butted(700 - s)),
    Case(r.HVNWELL_ENCLOSES_PDIFF, lambda s: hv([*pdiff(0, 0, 500, 500), (L.NWELL, -330 + s, -500, 1000, 1000)], 1500)),
    Case(r.NDIFF_TO_HVNWELL, lambda s: [*hv_well(), *ndiff(1930 - s, 0, 500, 500)]),
    Case(
        r.HVNWELL_ENCLOSES_NTAP,
        lambda s: hv([*tap(0, 0, 500, 500, L.NSDM), (L.NWELL, -330 + s, -500, 1000, 1000)], 1500),
    ),
    Case(r.PTAP_TO_HVNWELL, lambda s: [*hv_well(330), *tap(1260 - s, 0, 500, 500)]),
    Case(r.HVI_STRADDLE, lambda s: [*ndiff(0, 0, 500, 500), (M.HVI, s - 5, -180, 1000, 680)], "across", magic=False),
    Case(
        r.HVI_STRADDLE,
        lambda s: [*hv_well(), *([*pdiff(0, 2000, 500, 500), (L.NWELL, -1000, 1000, 1500, 3500)] if s else [])],
        "well",
        deck=False,
    ),
    Case(r.HVI_ENCLOSES_DIFF, lambda s: hv(ndiff(0, 0, 500, 500), 180 - s, 180, 180, 180)),
    Case(r.HVI_TO_DIFF, lambda s: [*hv(ndiff(0, 0, 500, 500)), *ndiff(860 - s, 0, 500, 500)]),
    Case(r.HV_NDIFF_TO_NWELL, lambda s: [*hv(ndiff(0, 0, 500, 500)), (L.NWELL, 930 - s, -200, 3000, 2000)]),
    Case(r.HV_NDIFF_ACROSS_PTAP, lambda s: across_tap(1070 - s)),
    Case(r.HV_GATE_LENGTH, lambda s: hv(mos(length=500 - 2 * s), 500)),
    narrow(r.HVNTM_WIDTH, M.HVNTM, magic=False),
    gap(r.HVNTM_SPACE, M.HVNTM, magic=False),
    Case(
        r.HVNTM_WIDTH,
        lambda s: hv(mos(w=330 - s, length=500, past=600), 500),
        "made",
        deck=False,
    ),
    Case(r.HVNTM_SPACE, lambda s: made_hvntm(330 - s), "made", deck=False),
]

RESISTORS = [
    narrow(r.RPM_WIDTH, M.RPM),
    gap(r.RPM_SPACE, M.RPM),
    narrow(r.URPM_WIDTH, M.URPM),
    gap(r.URPM_SPACE, M.URPM),
    Case(r.RESISTOR_WIDTH, lambda s: resistor(w=350 - s)),
    *(
        Case(r.RESISTOR_WIDTHS, lambda s, w=w: resistor(w=w + s, rpm=(460, 200)), f"{w}")
        for w in (350, 690, 1410, 2850, 5730)
    ),
    Case(r.RPM_ENCLOSES_RESISTOR, lambda s: resistor(rpm=(460, 200 - s))),
    Case(r.PSDM_ENCLOSES_RESISTOR, lambda s: resistor(psdm=110 - s)),
    Case(r.NPC_ENCLOSES_RESISTOR, lambda s: resistor(npc=95 - s)),
    Case(r.RPM_TO_NSDM, lambda s: [*resistor(), (L.NSDM, 350 + 460 + 200 - s, 0, 2000, 2000)]),
    Case(r.RESISTOR_TO_NDIFF, lambda s: [*resistor(), *ndiff(350 + 460 + 325 - s, 0, 500, 500)]),
    Case(r.RPM_TO_POLY, lambda s: [*resistor(), (L.POLY, 350 + 460 + 200 - s, 0, 2000, 2000)]),
    Case(r.RESISTOR_TO_POLY, lambda s: [*resistor(), (L.POLY, 350 + 460 + 200 - s, 0, 2000, 2000)]),
    Case(r.RPM_STRADDLE, lambda s: [(M.RPM, 0, 0, 2000, 2000), (L.POLY, 500, 500, 2000 + s, 1000)]),
    Case(
        r.RESISTOR_TO_HV_NDIFF,
        lambda s: [*resistor(), *hv(ndiff(350 + 460 + 385 - s, 0, 500, 500))],
    ),
    Case(r.RESISTOR_MARKER_WIDTH, lambda s: plain_resistor(w=330 - s)),
    Case(r.RESISTOR_MARKER_LENGTH, lambda s: plain_resistor(body=660 - s)),
    Case(r.RESISTOR_SPACE, lambda s: plain_resistor(extra=ndiff(810 - s, 0, 500, 500)), "plain"),
    Case(r.RESISTOR_SPACE, lambda s: plain_resistor(extra=[(L.POLY, 810 - s, 0, 1500, 500)]), "poly"),
    Case(r.RESISTOR_SPACE, lambda s: [*resistor(), *pdiff(350 + 480 - s, 0, 500, 500)], "precision"),
    Case(r.RESISTOR_LICON, lambda s: wide_resistor(bar(500, 500, w=190 + s))),
    Case(r.RESISTOR_LICON_LENGTH, lambda s: wide_resistor(bar(500, 500, length=2000 + s))),
    Case(r.SQUARE_OFF_RPM, lambda s: [*poly_contact(), (M.RPM, 175 - s, 0, 2000, 2000)]),
    Case(r.RESISTOR_HEAD, lambda s: resistor(head=2080 - s)),
    Case(r.BAR_END_SPACE, lambda s: wide_resistor(bar(500, 100), bar(500, 2450 - s))),
    Case(r.BAR_SPACE, lambda s: wide_resistor(bar(500, 500), bar(1200 - s, 500))),
    Case(r.BAR_TO_SQUARE, lambda s: [*wide_resistor(bar(2700, 500)), *contact([], x=3400 - s, y=1000)]),
    Case(r.LI_RESISTOR_WIDTH, lambda s: li_resistor(290 - s)),
    Case(r.LI_WIDTH, lambda s: [(L.LI1, 0, 0, 290, 3000), (M.LIRES, 0, 170 - s, 290, 2500)], "end", deck=False),
]

CASES = [*WELLS, *ACTIVE, *POLY, *IMPLANTS, *CONTACTS, *METALS, *CAPACITORS, *THICK_OXIDE, *RESISTORS, *SHAPES]

PITCH = 100_000
"""Distance of the cases in a bundle, beyond the reach of every rule."""


def bundle(cases, step):
    """All cases in one layout, rows of 16 slots, each row a cell: one run of an engine answers for all."""
    layout = kdb.Layout()
    layout.dbu = 0.001
    top = layout.create_cell("bundle")
    for row in range(0, len(cases), 16):
        cell = layout.create_cell(f"row{row // 16}")
        for column, case in enumerate(cases[row : row + 16]):
            one = layout_of(case.draw(step))
            one.top_cell().transform(kdb.Trans(column * PITCH, 0))
            for info in one.layer_infos():
                cell.shapes(layout.layer(info)).insert(one.top_cell().shapes(one.layer(info)))
        top.insert(kdb.CellInstArray(cell.cell_index(), kdb.Trans(0, row // 16 * PITCH)))
    return layout


def slot_of(box_nm):
    """The slot a marker lies in."""
    centre = box_nm.center()
    return round(centre.x / PITCH) + 16 * round(centre.y / PITCH)
