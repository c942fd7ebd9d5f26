"""What a router may do by a LEF file alone, to hold it against what is drawn: read by sc-leflib, not by our code.

Widths and spacings (nm) are those of SkyWater's periphery rules m1.1/2/3b, m2.1/2/3b, m3.1/2/3d, m4.1/2/5b, m5.1/2,
li.1/3; the second spacing is to metal wider than 3 um.
"""

import re
from dataclasses import dataclass

import klayout.db as kdb
import sc_leflib

RULES = {
    "li1": (170, 170, 170),
    "met1": (140, 140, 280),
    "met2": (140, 140, 280),
    "met3": (300, 300, 400),
    "met4": (300, 300, 400),
    "met5": (1600, 1600, 1600),
}
WIDE_NM = 3000
MARGIN_NM = 4000
"""How far outside the cell a router is looked at."""


@dataclass(frozen=True)
class Abstract:
    """A macro: `pins[name]` holds (layer, box in nm), `blocked` (layer, boxes, spacing) of each statement.

    The spacing is None, and `pin_spacing` by (pin, layer) is without an entry, where the rules alone hold.
    """

    size_nm: tuple
    pins: dict
    directions: dict
    uses: dict
    blocked: list
    pin_spacing: dict

    def region(self, layer, name=None):
        """The pins of all nets but `name`, on a layer."""
        return kdb.Region(
            [box for net, places in self.pins.items() if net != name for on, box in places if on == layer]
        )


def read(path):
    """The one macro in the LEF file at `path`."""
    (macro,) = sc_leflib.parse(str(path))["macros"].values()
    places = {
        name: [shape for port in pin["ports"] for shape in _shapes(port["layer_geometries"])]
        for name, pin in macro["pins"].items()
    }
    above, _, below = path.read_text().partition("  OBS\n")
    asked = {name: _asked(text) for name, text in re.findall(r"(?s)  PIN (\w+)\n(.*?)\n  END \1", above)}
    return Abstract(
        size_nm=tuple(round(1000 * macro["size"][side]) for side in ("width", "height")),
        pins=places,
        directions={name: pin["direction"] for name, pin in macro["pins"].items()},
        uses={name: pin["use"] for name, pin in macro["pins"].items()},
        blocked=_blocked([layer for part in macro.get("obs", []) for layer in part], below),
        pin_spacing={(name, on): space for name, said in asked.items() for on, space in said.items()},
    )


def _blocked(geometries, text):
    """Shapes by statement; sc-leflib keeps the spacing asked for to itself."""
    asked = re.findall(r"LAYER (\w+)(?: SPACING ([\d.]+))? ;", text)
    assert [layer for layer, _ in asked] == [g["layer"] for g in geometries]
    return [
        (layer, [box for _, box in _shapes([g])], round(float(space) * 1000) if space else None)
        for (layer, space), g in zip(asked, geometries, strict=True)
    ]


def _asked(text):
    return {on: round(float(space) * 1000) for on, space in re.findall(r"LAYER (\w+) SPACING ([\d.]+) ;", text)}


def _shapes(geometries):
    return [
        (g["layer"], kdb.Box(*(round(1000 * value) for value in shape["rect"])))
        for g in geometries
        for shape in g["shapes"]
    ]


def wires(abstract, layer, whole, name=None):
    """Where wires of net `name` (None: a net that has no pin here) may lie on a layer, in and around the cell."""
    return wide_enough(allowed(abstract, layer, whole, name), layer)


def wide_enough(free, layer):
    """Where in free room a wire of least width fits; beside slanted edges sizing up again comes out too far."""
    slim = RULES[layer][0] // 2 - 1  # a channel of exactly that width is one
    return free.sized(-slim).sized(slim) & free


def allowed(abstract, layer, whole, name=None):
    """Where metal of net `name` (None: a net that has no pin here) keeps its distance from all that is there, however
    narrow that room is."""
    taken = kept_clear(abstract.region(layer, name).merged(), layer)
    for on, boxes, space in abstract.blocked:
        if on == layer:
            blocked = kdb.Region(boxes).merged()
            taken += blocked.sized(space, 1) if space else kept_clear(blocked, layer)
    for (net, on), space in abstract.pin_spacing.items():
        if on == layer and net != name:
            taken += kdb.Region([box for where, box in abstract.pins[net] if where == on]).sized(space, 1)
    return kdb.Region(whole.enlarged(MARGIN_NM, MARGIN_NM)) - taken


def kept_clear(metal, layer, less_nm=0):
    """Where other nets may not lie beside `metal`, corners cut; `less_nm` short of the rule."""
    _, space, wide_space = RULES[layer]
    wide = metal.sized(-WIDE_NM // 2).sized(WIDE_NM // 2) & metal
    return (metal.sized(space - less_nm, 1) + wide.sized(wide_space - less_nm, 1)).merged()


def within_reach(abstract, name, whole):
    """Whether a wire from outside can come to a pin of net `name` on the pin's own layer, or to a via from above it."""
    return any(_planar(abstract, name, on, box, whole) for on, box in abstract.pins[name])


def _planar(abstract, name, layer, box, whole):
    outside = kdb.Region(whole.enlarged(MARGIN_NM, MARGIN_NM)) - kdb.Region(whole)
    free = wires(abstract, layer, whole, name).merged()
    return not free.interacting(kdb.Region(box)).interacting(outside).is_empty()


def straight_wire(abstract, name, whole):
    """A wire of least width from a pin of `name` straight to 1 um outside, as (layer, box), or None."""
    for layer, box in abstract.pins[name]:
        free = wires(abstract, layer, whole, name).merged()
        for wire in _rays(box, whole, RULES[layer][0]):
            if (kdb.Region(wire) - free).is_empty():
                return layer, wire
    return None


def _rays(box, whole, width):
    """From the middle of `box` to all four sides, on the 5 nm grid."""
    x, y = (5 * round(value / 5) for value in (box.center().x, box.center().y))
    left, bottom = x - width // 10 * 5, y - width // 10 * 5
    yield kdb.Box(whole.left - 1000, bottom, x, bottom + width)
    yield kdb.Box(x, bottom, whole.right + 1000, bottom + width)
    yield kdb.Box(left, whole.bottom - 1000, left + width, y)
    yield kdb.Box(left, y, left + width, whole.top + 1000)
