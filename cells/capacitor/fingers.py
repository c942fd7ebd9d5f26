"""A metal-finger (MOM) capacitor: fingers of the top net inside a frame of the bottom net, on two to four metals.

Fingers of one net lie over each other on all layers. The top net's fingers hang together by a bar across their middle;
the frame closes around them on every layer but the highest, where it opens for the bar's and one finger's way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import LengthUm, Pin, Spec
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk.layers import CONDUCTORS, Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import LEVELS, MET3, VIA, VIA2, Via, vias_between
from analoom.pdk.wires import FINGER_F_PER_UM

from .outline import Spacing, UnitOutline

Metals = Literal["met1-met2", "met1-met3", "met1-met4", "met2-met3", "met2-met4", "met3-met4"]
LEAST_C_FF, MOST_C_FF = 1.0, 20.0
"""Bounds on a target: no rule sets them."""
LEAST_UM, MOST_UM, MOST_FINGERS = 1.2, 20.0, 24
"""Bounds on a finger's length, so that each piece of the frame has its least area (m4.4a), and on size."""
STUB_ROOM_NM = 120
"""What a finger can grow by before it comes as close to the frame as others: see `stub_box`."""

SIDE_FRAC, BAR_FRAC, TIP_FRAC = 0.89, 2.1, 0.45
"""How much counts in the estimate of a capacitance of the fingers' sides (the rest of the table's coupling goes to the
finger behind the next one, of the same net), of the bar's ends and of a tip's width (corners face openings). Fitted to
the extraction of 2 to 10 fingers of 1.2 to 7 um on all metals, within 1.7 %."""

AT_NODES_FRAC = 0.006
"""How far extracted coupling of parallel wires is off the foundry's tables at their nodes, at worst (0.51 % in
`tests/benchmarks/capacitance.py`)."""
AT_NODES = "of the fingers' sides, against the foundry's tables; tips, corners and openings are not bounded"
BETWEEN_NODES = "not known: met1 and met2 at met3's width and spacing lie between the nodes of the foundry's tables"


class FingerSpec(Spec):
    """Number, length and metals of a metal-finger capacitor; or a target, which then gives number and length."""

    c: Annotated[
        float,
        Field(
            ge=0,
            le=MOST_C_FF,
            allow_inf_nan=False,
            description=f"target, {LEAST_C_FF:g} to {MOST_C_FF:g} (sizes the fingers by an estimate); 0 for none",
            json_schema_extra={"unit": "fF"},
        ),
    ] = 0.0
    count: Annotated[int, Field(ge=2, le=MOST_FINGERS, description="fingers of the top net")] = 3
    length: Annotated[
        LengthUm,
        Field(ge=LEAST_UM, le=MOST_UM, description="top finger, tip to tip", json_schema_extra={"unit": "um"}),
    ] = 3.0
    layers: Annotated[Metals, Field(description="metals the fingers are drawn on")] = "met3-met4"

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if self.c and self.c < LEAST_C_FF:
            raise ValueError(f"a target c of 0 (none) or {LEAST_C_FF:g} to {MOST_C_FF:g} fF")
        if self.c and not {"count", "length"}.isdisjoint(self.model_fields_set - self._defaults()):
            raise ValueError("either a target c, or count and length")
        if self.c:
            self.size  # noqa: B018  refused where it enters
        return self

    def _defaults(self) -> set[str]:
        """Fields given as they are by default."""
        return {name for name, field in type(self).model_fields.items() if getattr(self, name) == field.default}

    @cached_property
    def size(self) -> Fingers:
        """The drawing's measures. Raises ValueError for a target out of reach on these layers."""
        metals = _metals(self.layers)
        if not self.c:
            return Fingers(metals, self.count, to_nm("length", self.length))
        return _sized(metals, self.c * 1e-15)


@dataclass(frozen=True)
class Fingers:
    """Where everything lies, nm from the lower left corner of the frame."""

    metals: tuple[Layer, ...]
    count: int
    length_nm: int

    @property
    def width_nm(self) -> int:
        """Width of a finger."""
        return max(LEVELS[metal].width_nm for metal in self.metals)

    @property
    def space(self) -> Rule:
        """The widest spacing rule of the metals: it holds on all of them, so that fingers lie over each other."""
        return max((LEVELS[metal].space for metal in self.metals), key=lambda rule: rule.value_nm)

    @property
    def bus_nm(self) -> int:
        """Width of frame and bar: a cut of any of the layers fits into them on the cuts' grid."""
        return max(snap_up(via.size_nm + 2 * via.around_nm + 1, CUT_GRID_NM) for via in self.vias)

    @property
    def vias(self) -> tuple[Via, ...]:
        """The vias between the metals, from the bottom up."""
        return vias_between(self.metals[0], self.metals[-1])

    def finger_x_nm(self, k: int) -> int:
        """Left edge of top finger `k`."""
        return self.bus_nm + self.space.value_nm + 2 * k * self._pitch

    @property
    def _pitch(self) -> int:
        return self.width_nm + self.space.value_nm

    @property
    def middle(self) -> int:
        """The finger that leads out."""
        return self.count // 2

    @property
    def box(self) -> Box:
        """The frame's outline."""
        right = self.finger_x_nm(self.count - 1) + self._pitch + self.bus_nm
        return Box(0, 0, right, self.tips_nm[1] + self.space.value_nm + STUB_ROOM_NM + self.bus_nm)

    @property
    def tips_nm(self) -> tuple[int, int]:
        """Lower and upper end of the top net's fingers."""
        low = self.bus_nm + self.space.value_nm
        return low, low + self.length_nm

    @property
    def bar(self) -> Box:
        """The bar that joins the top net's fingers."""
        low = self.tips_nm[0] + (self.length_nm - self.bus_nm) // (2 * CUT_GRID_NM) * CUT_GRID_NM
        return Box(self.finger_x_nm(0), low, self.finger_x_nm(self.count - 1) + self.width_nm, low + self.bus_nm)

    @property
    def arm_x_nm(self) -> int:
        """Left edge of the way out up and down, as wide as a finger."""
        return self.finger_x_nm(self.middle)

    @property
    def extraction_error(self) -> tuple[float | None, str]:
        """Bound on the extraction's error (a fraction, None where none is known), and what of."""
        mixed = len({LEVELS[metal].width_nm for metal in self.metals}) > 1
        return (None, BETWEEN_NODES) if mixed else (AT_NODES_FRAC, AT_NODES)

    def upper_bus(self) -> Box:
        """The frame's upper side, whole on all layers but the highest."""
        return Box(0, self.box.top - self.bus_nm, self.box.right, self.box.top)

    def stub_box(self, length_nm: int) -> Box:
        """On the highest layer: what the finger beside the middle one grows by at its upper end."""
        left, top = self.finger_x_nm(self.middle - 1), self.tips_nm[1]
        return Box(left, top, left + self.width_nm, top + length_nm)

    def strap(self) -> Box:
        """On the highest layer: shorts top to bottom, for a dummy."""
        left, top = self.finger_x_nm(0), self.tips_nm[1]
        return Box(left, top, left + self.width_nm, self.upper_bus().bottom)

    @property
    def f_per_um(self) -> float:
        """Coupling of all metals to a neighbouring finger, F/um of facing length."""
        narrow = self.width_nm < MET3.width_nm
        return sum(FINGER_F_PER_UM[metal, narrow] for metal in self.metals)

    def estimate_f(self) -> float:
        """Capacitance by formula, F: each side of a top finger couples over its length as in an array of wires.

        C = sum over metals of 2 cc (SIDE_FRAC count (length - bar) + BAR_FRAC bar + TIP_FRAC (2 count - 1) width), cc
        the foundry's coupling of neighbours at these widths and spacings (`FINGER_F_PER_UM`). It sizes the drawing, and
        nothing else: the extraction says what the drawing has, within 4 % of this.
        """
        sides_nm = 2 * SIDE_FRAC * self.count * (self.length_nm - self.bus_nm)
        return self.f_per_um * (sides_nm + self._ends_nm) / 1000

    @property
    def _ends_nm(self) -> float:
        """What the nets face each other with besides the top fingers' sides: the bar's ends, and a part of each tip."""
        return 2 * BAR_FRAC * self.bus_nm + 2 * TIP_FRAC * (2 * self.count - 1) * self.width_nm

    def length_for(self, c_f: float) -> int:
        """The length (nm) whose estimate is the nearest to `c_f` from below, on the cuts' grid."""
        facing_nm = c_f / self.f_per_um * 1000 - self._ends_nm
        return int(facing_nm / 2 / SIDE_FRAC / self.count + self.bus_nm) // CUT_GRID_NM * CUT_GRID_NM


def outline(size: Fingers) -> UnitOutline:
    """The unit as an array sees it: frames apart by the spacing of their metal, both ways."""
    apart, bus = Spacing.of(size.space), size.upper_bus()
    size_nm, around, ends = VIA2.size_nm, VIA2.around_nm, VIA2.ends_nm
    low = snap_up(bus.bottom + around, CUT_GRID_NM)
    landing = Box(ends, low, bus.right - ends, low + size_nm)
    return UnitOutline(plate=size.box, bottom=size.box, landing=landing, beside=apart, above=apart, sees_below=True)


def draw(drawing: Drawing, size: Fingers) -> tuple[Pin, Pin]:
    """Draws frame, fingers and cuts; returns the pins: the bar on the highest layer, the frame's side below it.

    Via stand one step of the cuts' grid farther apart than via.2: Magic grows them by 55 nm, half a step off its grid.
    """
    highest = size.metals[-1]
    for metal in size.metals:
        for shape in _top_net(size):
            drawing.add(metal, shape)
        for shape in _frame(size, opened=metal is highest):
            drawing.add(metal, shape)
    for via in size.vias:
        apart_nm = via.space_nm + (CUT_GRID_NM if via is VIA else 0)
        for room in _rooms(size, via):
            drawing.cuts(via.cut, room, via.size_nm, apart_nm)
    return Pin("top", highest, size.bar), Pin("bottom", size.metals[-2], size.upper_bus())


def draw_alone(drawing: Drawing, size: Fingers) -> Pin:
    """Draws the way out of a unit without others, up from the middle finger; returns the top pin at its end."""
    x, end = size.arm_x_nm, size.box.top
    drawing.box(size.metals[-1], x, size.tips_nm[1], x + size.width_nm, end)
    return Pin("top", size.metals[-1], Box(x, end - size.bus_nm, x + size.width_nm, end))


def _top_net(size: Fingers) -> list[Box]:
    low, high = size.tips_nm
    lefts = [size.finger_x_nm(k) for k in range(size.count)]
    return [size.bar, *(Box(x, low, x + size.width_nm, high) for x in lefts)]


def _frame(size: Fingers, *, opened: bool) -> list[Box]:
    """The frame's sides and the fingers that reach in from its ends."""
    box, bus, space = size.box, size.bus_nm, size.space.value_nm
    inner = [size.finger_x_nm(k) + size.width_nm + space for k in range(size.count - 1)]
    ends = [Box(x, 0, x + size.width_nm, size.bar.bottom - space) for x in inner]
    ends += [Box(x, size.bar.top + space, x + size.width_nm, box.top) for x in inner]
    sides = [Box(0, 0, bus, box.top), Box(box.right - bus, 0, box.right, box.top)]
    buses = [Box(0, 0, box.right, bus), size.upper_bus()]
    if opened:
        gap_y = (size.bar.bottom - space, size.bar.top + space)
        gap_x = (size.arm_x_nm - space, size.arm_x_nm + size.width_nm + space)
        sides = [part for s in sides for part in (_to_y(s, gap_y[0]), _from_y(s, gap_y[1]))]
        buses = [part for b in buses for part in (_to_x(b, gap_x[0]), _from_x(b, gap_x[1]))]
    return [*ends, *sides, *buses]


def _rooms(size: Fingers, via: Via) -> list[Box]:
    """Where cuts may lie: in the frame's sides as far as the highest layer has them, and in the bar.

    Via keeps apart from the larger via2: it lies in the frame's upper and lower side, whole on both its metals then,
    and in the left half of the bar.
    """
    bar, around, ends = size.bar, via.around_nm, via.ends_nm
    if VIA in size.vias and VIA2 in size.vias:
        middle = bar.center().x
        bar = _to_x(bar, middle) if via is VIA else _from_x(bar, middle)
    bars = [bar.enlarged(-ends, -around)]
    if via is VIA and VIA2 in size.vias:
        clear = size.bus_nm + size.space.value_nm
        inner = [Box(clear, b, size.box.right - clear, b + size.bus_nm) for b in (0, size.upper_bus().bottom)]
        return [*bars, *(b.enlarged(0, -around) for b in inner)]
    return [*bars, *(part.enlarged(-around, -ends) for part in _side_parts(size))]


def _side_parts(size: Fingers) -> list[Box]:
    """The frame's left and right side, opened as on the highest layer."""
    space, box = size.space.value_nm, size.box
    gap = size.bar.bottom - space, size.bar.top + space
    sides = [Box(x, 0, x + size.bus_nm, box.top) for x in (0, box.right - size.bus_nm)]
    return [part for side in sides for part in (_to_y(side, gap[0]), _from_y(side, gap[1]))]


def _to_y(box: Box, y: int) -> Box:
    return Box(box.left, box.bottom, box.right, y)


def _from_y(box: Box, y: int) -> Box:
    return Box(box.left, y, box.right, box.top)


def _to_x(box: Box, x: int) -> Box:
    return Box(box.left, box.bottom, x, box.top)


def _from_x(box: Box, x: int) -> Box:
    return Box(x, box.bottom, box.right, box.top)


def _metals(layers: str) -> tuple[Layer, ...]:
    low, high = (CONDUCTORS.index(Layer[name.upper()]) for name in layers.split("-"))
    return CONDUCTORS[low : high + 1]


def _sized(metals: tuple[Layer, ...], c_f: float) -> Fingers:
    """The squarest number and length whose estimate is a target. Raises ValueError for none."""
    shortest = round(LEAST_UM * 1000)
    tried = [Fingers(metals, count, shortest) for count in range(2, MOST_FINGERS + 1)]
    sized = [Fingers(metals, f.count, f.length_for(c_f)) for f in tried]
    found = [f for f in sized if shortest <= f.length_nm <= MOST_UM * 1000]
    if not found:
        least = tried[0].estimate_f()
        raise ValueError(f"a target c from {least * 1e15:.2f} fF on these layers (shortest fingers)")
    return min(found, key=lambda f: (abs(f.box.width() - f.box.height()), f.count))
