"""Where body, heads and contacts of an upright strip of resistive poly lie, and how close the next may stand."""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull, spread
from analoom.pdk import rules
from analoom.pdk.devices import ResDevice
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MCON

ENDS_NM = rules.POLY_ENCLOSES_LICON_ENDS.value_nm
SQUARE_ROWS = 2
"""Rows of square contacts in a head of generic poly."""


@dataclass(frozen=True)
class Strip:
    """A strip with its lower left corner at the origin (nm), the body between a head below and one above.

    Heads of high_po and xhigh_po hold bars as long as licon.1c asks, as many as rpm.1g to rpm.1k ask for the width;
    those of generic poly hold square contacts.
    """

    device: ResDevice
    w_nm: int
    l_nm: int

    @property
    def is_precise(self) -> bool:
        """Whether it lies under rpm or urpm."""
        return self.device.implant is not None

    @property
    def head_nm(self) -> int:
        """Length of a head: contacts and their enclosure at either end."""
        if self.is_precise:
            return rules.RESISTOR_LICON_LENGTH.value_nm + 2 * ENDS_NM
        cuts = SQUARE_ROWS * rules.LICON_SIZE.value_nm + (SQUARE_ROWS - 1) * rules.LICON_SPACE.value_nm
        return cuts + 2 * ENDS_NM

    @property
    def poly(self) -> Box:
        """The whole strip."""
        return Box(0, 0, self.w_nm, 2 * self.head_nm + self.l_nm)

    @property
    def body(self) -> Box:
        """What is marked as the resistor."""
        return Box(0, self.head_nm, self.w_nm, self.head_nm + self.l_nm)

    @property
    def pitch_nm(self) -> int:
        """From one strip to the next beside it (poly.9)."""
        return snap_up(self.w_nm + rules.RESISTOR_SPACE.value_nm, CUT_GRID_NM)

    def head(self, *, top: bool) -> Box:
        """The poly of a head."""
        bottom = self.body.top if top else 0
        return Box(0, bottom, self.w_nm, bottom + self.head_nm)

    def contacts(self, *, top: bool) -> list[Box]:
        """The contacts of a head: bars, or squares."""
        head = self.head(top=top)
        if self.is_precise:
            size, space = rules.RESISTOR_LICON.value_nm, rules.BAR_SPACE.value_nm
            lefts = spread(head.left + ENDS_NM, head.right - ENDS_NM, size, space)
            return [Box(x, head.bottom + ENDS_NM, x + size, head.top - ENDS_NM) for x in lefts]
        size, space = rules.LICON_SIZE.value_nm, rules.LICON_SPACE.value_nm
        lefts = spread(head.left + ENDS_NM, head.right - ENDS_NM, size, space)
        lows = spread(head.bottom + ENDS_NM, head.top - ENDS_NM, size, space)
        return [Box(x, y, x + size, y + size) for x in lefts for y in lows]

    def li1(self, *, top: bool) -> Box:
        """The li1 over a head's contacts."""
        return hull(self.contacts(top=top)).enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm)

    def mcons(self, *, top: bool) -> list[Box]:
        """The contacts from li1 to met1."""
        li1, size, space = self.li1(top=top), MCON.size_nm, MCON.space_nm
        lefts, lows = spread(li1.left, li1.right, size, space), spread(li1.bottom, li1.top, size, space)
        return [Box(x, y, x + size, y + size) for x in lefts for y in lows]

    def plate(self, *, top: bool) -> Box:
        """The met1 over a head."""
        return hull(self.mcons(top=top)).enlarged(MCON.above.ends_nm, MCON.above.ends_nm)
