"""What a cell says of its pins and obstacles: a via on each landing is clean and joins the pin, the LEF says the same.

The LEF is read by sc-leflib and looked at as in `router_view`, with widths and spacings typed from SkyWater's rules.
"""

from dataclasses import replace
from functools import cache

import klayout.db as kdb
import pytest
import router_view

from analoom.cells.model import landings, registry
from analoom.flows.drc.check import run_drc
from analoom.flows.export.lef import write_lef
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from broken import twin

BLOCKS = ("amplifier", "comparator", "current_source", "memory")
"""Systems of blocks: their pins are ends of wires, which wires of their level meet (tests/conformance)."""
LEAVES = ("switch", "ties", "transistor", "synapse", "unit_cap", "current_soma")
"""Systems and cells that hold no others."""
EXAMPLES = [
    (name, k)
    for name, entry in registry.entries().items()
    for k in range(len(entry.examples))
    if entry.system not in BLOCKS
]
SIZES = {"MCON": 170, "VIA": 150, "VIA2": 200, "VIA3": 200, "VIA4": 800}
"""Side of a cut, nm: ct.1, via.1a, via2.1a, via3.1, via4.1."""
PADS = {
    ("MCON", "LI1"): (0, 0),
    ("MCON", "MET1"): (30, 60),
    ("VIA", "MET1"): (55, 85),
    ("VIA", "MET2"): (55, 85),
    ("VIA2", "MET2"): (40, 85),
    ("VIA2", "MET3"): (65, 65),
    ("VIA3", "MET3"): (60, 90),
    ("VIA3", "MET4"): (65, 65),
    ("VIA4", "MET4"): (190, 190),
    ("VIA4", "MET5"): (400, 400),
}
"""How far a conductor reaches past a cut, around and at the ends, nm: m1.4/5, via.4a/5a, m2.4/5, via2.4/5, m3.4,
via3.4/5, m4.3, via4.4; met5 as wide as m5.1 asks."""
AREAS = {"li.6", "m1.6", "m2.6", "m3.6", "m4.4a", "m5.4"}
"""Least areas: a pad alone may be smaller, the wire that ends on it makes it larger."""
FAR_NM = 3200
each_example = pytest.mark.parametrize(("name", "k"), EXAMPLES)


@cache
def example(name, k):
    return registry.build(name, registry.entries()[name].examples[k])


def some_quick():
    """The first example of each cell without others below is looked at each time; no cell is drawn to find that."""
    quick = {
        (name, k): k == 0 and (registry.entries()[name].system in LEAVES or name in LEAVES) for name, k in EXAMPLES
    }
    return [pytest.param(*which, marks=() if quick[which] else pytest.mark.full) for which in quick]


def corners(landing):
    """The outermost places of a cut in a landing."""
    size, box = SIZES[landing.via.cut.name], landing.box
    yield kdb.Box(box.left, box.bottom, box.left + size, box.bottom + size)
    yield kdb.Box(box.right - size, box.top - size, box.right, box.top)


def pad(cut, landing, layer):
    around, at_ends = PADS[landing.via.cut.name, layer.name]
    return cut.enlarged(*((at_ends, around) if landing.ends == "h" else (around, at_ends)))


def vias(cell):
    """(pin, landing, layer it lies on, cut) at each corner of each landing."""
    for name in cell.circuit.ports:
        for access in cell.access(name):
            yield from ((name, land, access.layer, cut) for land in access.landings for cut in corners(land))


def batches(cell):
    """Those vias in groups whose members are too far apart to meet."""
    left = list(vias(cell))
    while left:
        taken, rest = [], []
        for via in left:
            near = any(not (via[3].enlarged(FAR_NM, FAR_NM) & other[3]).empty() for other in taken)
            (rest if near else taken).append(via)
        yield taken
        left = rest


def drawn(group):
    """Damage: cut and both pads of each via."""

    def damage(copy, top):
        for _, landing, layer, cut in group:
            top.shapes(copy.layer(*landing.via.cut.value)).insert(cut)
            for side in (layer, landing.other(layer)):
                top.shapes(copy.layer(*side.value)).insert(pad(cut, landing, side))

    return damage


def found(cell, group, folder):
    return set(run_drc(twin(cell, drawn(group)), ("fast",), folder).engines["fast"].violations) - AREAS


def joined(cell, group, folder):
    """Whether every net is still one and none meets another."""
    return run_lvs(twin(cell, drawn(group)), cell.spice(), cell.name, folder).clean


@each_example
def test_places_are_the_pins_and_each_landing_lies_on_its_own(name, k):
    cell = example(name, k)
    places = [(a.layer, a.box) for port in cell.circuit.ports for a in cell.access(port)]
    assert sorted(map(str, places)) == sorted(str((pin.layer, pin.box)) for pin in cell.pins)
    for port in cell.circuit.ports:
        for access in cell.access(port):
            assert all(land.box.inside(access.box) and land.box.width() >= 150 for land in access.landings)


@pytest.mark.slow
def test_pins_are_met_from_the_levels_that_have_room():
    """Buses leave room over a transistor's ring, and met1 does under an array's lines, over which its plates lie."""
    without = {(name, k) for name, k in EXAMPLES if not any(vias(example(name, k)))}
    assert len(EXAMPLES) - len(without) > 50
    assert cuts("mosfet", "b") == {Layer.VIA} and cuts("mosfet", "d") == {Layer.VIA2}
    assert cuts("unit_cap", "bottom") == {Layer.VIA2}
    assert cuts("unit_cap", "top") == set(), "Magic lets no via4 stand over a capacitor of met3"
    assert cuts("cap_array", "b0") == {Layer.VIA} and cuts("cap_array", "top") == set()


def cuts(name, pin):
    return {land.via.cut for place in example(name, 0).access(pin) for land in place.landings}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "k"), some_quick())
def test_a_via_on_each_landing_is_clean_and_joins_nothing_else(tmp_path, name, k):
    cell = example(name, k)
    for group in batches(cell):
        assert found(cell, group, tmp_path) == set(), group
        assert joined(cell, group, tmp_path), group


@each_example
def test_the_lef_leaves_room_for_each_pad(tmp_path, name, k):
    cell = example(name, k)
    abstract = router_view.read(write_lef(cell, tmp_path / "cell.lef"))
    for pin, landing, layer, cut in vias(cell):
        other = landing.other(layer)
        free = router_view.allowed(abstract, other.name.lower(), cell.bbox_nm, pin)
        assert (kdb.Region(pad(cut, landing, other)) - free).is_empty(), (pin, landing)


def test_landings_without_room_for_the_pads_are_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(landings, "_shrink", lambda *_: (0, 0))
    cell = replace(example("weight_bit", 0))
    assert any("m2.2" in found(cell, group, tmp_path) for group in batches(cell)), "the next track is too close"


def test_landings_that_forget_the_layer_they_lead_to_are_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(landings, "_taken", lambda *_: kdb.Region())
    cell = replace(example("mosfet", 0))
    assert any(not joined(cell, group, tmp_path) or found(cell, group, tmp_path) for group in batches(cell))


@each_example
def test_what_is_blocked_is_what_the_lef_says(tmp_path, name, k):
    cell = example(name, k)
    abstract = router_view.read(write_lef(cell, tmp_path / "cell.lef"))
    for layer in (Layer[name.upper()] for name in router_view.RULES):
        blockage = cell.blocked(layer)
        boxes = [box for on, held, _ in abstract.blocked if on == layer.name.lower() for box in held]
        assert (blockage.region ^ kdb.Region(boxes)).is_empty(), layer
        spaces = {space for on, held, space in abstract.blocked if on == layer.name.lower() and held and space}
        assert blockage.space_nm is None or not blockage.boxes or blockage.space_nm in spaces
    for pin in cell.pins:
        asked = abstract.pin_spacing.get((pin.name, pin.layer.name.lower()))
        assert asked in {access.keep_off_nm for access in cell.access(pin.name)}


@each_example
def test_no_wire_that_keeps_clear_meets_what_is_drawn(name, k):
    """By `blocked` and the pins alone, as a router has it; its rules are those of `router_view`."""
    cell = example(name, k)
    assert touched(cell, lambda blockage: blockage) == []


@pytest.mark.slow
def test_with_nothing_blocked_wires_meet_what_is_drawn():
    for name in registry.entries():
        assert touched(example(name, 0), lambda blockage: replace(blockage, boxes=(), wires=(), space_nm=None))


def touched(cell, seen):
    """Layers where a wire may come that is too close to metal, if `seen` of each blockage is what is known."""
    out = []
    for name in router_view.RULES:
        layer = Layer[name.upper()]
        pins = kdb.Region([pin.box for pin in cell.pins if pin.layer is layer]).merged()
        asked = [a for pin in cell.pins for a in cell.access(pin.name) if a.layer is layer and a.keep_off_nm]
        taken = seen(cell.blocked(layer)).kept_clear + router_view.kept_clear(pins, name)
        for access in asked:
            taken += kdb.Region(access.box).sized(access.keep_off_nm, 1)
        free = router_view.wide_enough(kdb.Region(cell.bbox_nm.enlarged(4000, 4000)) - taken, name)
        metal = kdb.Region(cell.layout.begin_shapes_rec(cell.layout.layout().layer(*layer.value))).merged()
        if not (free & router_view.kept_clear(metal, name, less_nm=1)).is_empty():
            out.append(name)
    return out


def test_unknown_pins_and_layers_are_refused_by_name():
    cell = example("mosfet", 0)
    with pytest.raises(InputError, match="no pin nope") as refused:
        cell.access("nope")
    assert "d" in refused.value.remedy
    with pytest.raises(InputError, match="poly is no routing layer"):
        cell.blocked(Layer.POLY)
