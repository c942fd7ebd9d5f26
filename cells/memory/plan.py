"""Where everything lies in a latch, by rule: a row of four n transistors below two p transistors, between rails.

From the left, on the n row: bl, word gate, q, gate of qb, vss, gate of q, qb, word gate, blb; on the p row: q, gate of
qb, vdd, gate of q, qb. Each of the two middle gates has its contact between them, one below the other, so that li1
joins it to the far node past the other gate. The word gates meet those of the neighbours at the latch's edges.
Everything is in nm; rails lie at AXIS_NM and AXIS_NM + `height`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.model.drawing import CUT_GRID_NM, Box, spread
from analoom.cells.strip.sizes import (
    AXIS_NM,
    CUT_NM,
    DIFF_END_NM,
    HALF_CUT_NM,
    PAD_FROM_DIFF_NM,
    PAD_NM,
    PADS_NM,
    TAP_NM,
    TAP_TO_DIFF_NM,
    TRACK_PITCH_NM,
)
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import LI1, MCON, VIA2

from .column_driver import column_driver_plan

GATE_NM = rules.POLY_WIDTH.value_nm
"""Length of every gate."""
BESIDE_GATE_NM = HALF_CUT_NM + rules.DIFF_LICON_TO_GATE.value_nm
"""From the middle of a contact to the edge of the gate beside it."""
LINES = 4
"""Wires of met3 that fit side by side over a latch."""
LINE_NM = VIA2.above.short_nm
"""Width of an upright wire of met3: the pad of a via2."""
LINE_PITCH_NM = snap_up(VIA2.above.pitch_nm, CUT_GRID_NM)
FOLDS = 4
"""Latches side by side that are as wide as a column's driver: drivers stand in as many rows below the array."""


@dataclass(frozen=True)
class LatchPlan:
    """Every coordinate of a latch whose transistors are all `w` wide."""

    w: int

    @cached_property
    def width(self) -> int:
        """From latch to latch: the wires over it, or its share of a column's driver."""
        return snap_up(max(LINES * LINE_PITCH_NM, column_driver_plan().width / FOLDS), 2 * CUT_GRID_NM)

    @property
    def middle_x(self) -> int:
        """Contact of the supplies, between the two middle gates."""
        return self.width // 2 + AXIS_NM

    @property
    def gate_contact_x(self) -> tuple[int, int]:
        """Contacts of the middle gates, the left gate's first: as far apart as each pad asks of the other gate."""
        half = snap_up((self._between_gates - 2 * self._gate_past_contact) / 2, CUT_GRID_NM)
        return self.middle_x - half, self.middle_x + half

    @property
    def _gate_past_contact(self) -> int:
        """From a middle gate's contact back to the gate's inner edge."""
        return self._node_to_contact - BESIDE_GATE_NM - GATE_NM

    @property
    def _node_to_contact(self) -> int:
        """From a node's contact to that of the gate beside it: li1 of both, side by side."""
        return CUT_NM + LI1.space_nm

    @property
    def _between_gates(self) -> int:
        """From one middle gate to the other: the pad of one, and its distance from the other."""
        return self._gate_past_contact + PAD_NM // 2 + rules.POLY_SPACE.value_nm

    @property
    def node_x(self) -> tuple[int, int]:
        """Contacts of q and qb."""
        left, right = self.gate_contact_x
        return left - self._node_to_contact, right + self._node_to_contact

    @property
    def bit_x(self) -> tuple[int, int]:
        """Contacts of bl and blb."""
        left, right = self.node_x
        beyond = 2 * BESIDE_GATE_NM + GATE_NM
        return left - beyond, right + beyond

    @property
    def word_x(self) -> tuple[int, int]:
        """Contacts of the word gates, at the edges: one for two neighbours."""
        return AXIS_NM, AXIS_NM + self.width

    @property
    def gate_left(self) -> tuple[int, int, int, int]:
        """Left edges of the gates."""
        (q, qb), (bl, _) = self.node_x, self.bit_x
        return bl + BESIDE_GATE_NM, q + BESIDE_GATE_NM, qb - BESIDE_GATE_NM - GATE_NM, qb + BESIDE_GATE_NM

    @property
    def n_top(self) -> int:
        """Upper edge of the n diffusion."""
        return AXIS_NM + TAP_NM // 2 + TAP_TO_DIFF_NM + self.w

    @cached_property
    def height(self) -> int:
        """Rail to rail: up to the lower contact of a gate, the same turned over, and the distance of both."""
        return snap_up(2 * (self._low_gate_y - AXIS_NM) + PADS_NM, CUT_GRID_NM)

    @property
    def p_bottom(self) -> int:
        """Lower edge of the p diffusion."""
        return self.turned(self.n_top)

    @property
    def gate_y(self) -> tuple[int, int]:
        """Contacts of the gates: of the left one and the word gates, and of the right one."""
        return self._low_gate_y, self.turned(self._low_gate_y)

    @property
    def _low_gate_y(self) -> int:
        return AXIS_NM + snap_up(self.n_top + PAD_FROM_DIFF_NM - AXIS_NM, CUT_GRID_NM)

    @property
    def tracks(self) -> dict[str, int]:
        """Middles of the met2 tracks: the word line over its gates' contacts, the nodes alike on both sides of it."""
        word = self._low_gate_y
        return {"qb": word - TRACK_PITCH_NM, "wl": word, "q": word + TRACK_PITCH_NM}

    @property
    def n(self) -> Box:
        """The n diffusion."""
        left, right = self.bit_x
        return Box(left - DIFF_END_NM, self.n_top - self.w, right + DIFF_END_NM, self.n_top)

    @property
    def p(self) -> Box:
        """The p diffusion."""
        left, right = self.node_x
        return Box(left - DIFF_END_NM, self.p_bottom, right + DIFF_END_NM, self.p_bottom + self.w)

    def cuts(self, diffusion: Box) -> tuple[int, ...]:
        """Middles of the contacts of a region, from below: as many as fit, far enough apart for mcon.

        The li1 of the uppermost keeps its distance from that of the gate's contact above it.
        """
        inset, li_end = rules.DIFF_ENCLOSES_LICON_ENDS.value_nm, rules.LI_ENCLOSES_LICON_ENDS.value_nm
        top = min(self.n.top - inset, self._low_gate_y - HALF_CUT_NM - 2 * li_end - LI1.space_nm)
        edges = spread(self.n.bottom + inset, top, CUT_NM, MCON.space_nm)
        low = tuple(edge + HALF_CUT_NM for edge in edges)
        return low if diffusion == self.n else tuple(self.turned(y) for y in reversed(low))

    def turned(self, y: int) -> int:
        """`y` turned over the middle between the rails."""
        return 2 * AXIS_NM + self.height - y
