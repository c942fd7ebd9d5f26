"""Where the storage lies in a synapse's tile, planned alike for all: write transistor, word line, node, sides.

From below: the word line `wwl` with the write gate's contact, the n-diffusions flush at their top, the row of contacts
of the storage node. Everything is in nm, from the tile's lower left corner.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from analoom.cells.fingers.finger import PAD_PAST_DIFF_NM, finger_length
from analoom.cells.model.cell import Spec
from analoom.cells.model.circuit import Cap, Mos
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.parts.via_stack import stack_centre
from analoom.pdk.devices import MIM_M3, MOS
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up, to_nm, to_um

NFET = MOS["nfet_01v8"]

NODE_GAP_NM = PAD_PAST_DIFF_NM
"""The storage node's row of contacts above the n-diffusions, in nm."""


@dataclass(frozen=True)
class StorageNode:
    """Where the storage node's via stack stands and the top plate above it (nm)."""

    x_nm: int
    y_nm: int
    capm: Box


@dataclass(frozen=True)
class StoragePlan(ABC):
    """The write transistor's size and the side of the storage capacitor's top plate; each synapse adds its own."""

    w_write: int
    l_write: int
    c_w: int

    right_margin_nm: ClassVar[int]
    """From the diffusion of the write transistor to the tile's right edge."""

    @classmethod
    def of(cls, spec: Spec) -> Self:
        """The plan for a spec whose fields are the plan's, in um."""
        return cls(**{field: to_nm(field, getattr(spec, field)) for field in type(spec).model_fields})

    @property
    @abstractmethod
    def px_by(self) -> dict[Rule, int]:
        """Smallest tile width, by the rule that asks for it."""

    @property
    @abstractmethod
    def py_by(self) -> dict[Rule, int]:
        """Smallest tile height, by the rule that asks for it."""

    @property
    @abstractmethod
    def wwl_y(self) -> int:
        """Middle of the write word line."""

    @property
    @abstractmethod
    def w_beside(self) -> int:
        """Width of the n transistor beside the write transistor."""

    @property
    @abstractmethod
    def node(self) -> StorageNode:
        """Via stack and top plate."""

    @property
    def px(self) -> int:
        """Tile width."""
        return snap_up(max(self.px_by.values()), CUT_GRID_NM)

    @property
    def py(self) -> int:
        """Tile height."""
        return snap_up(max(self.py_by.values()), CUT_GRID_NM)

    @property
    def binding_rule(self) -> str:
        """The rule that sets each side of the tile, in words."""
        px_by, py_by = self.px_by, self.py_by
        x, y = max(px_by, key=lambda r: px_by[r]), max(py_by, key=lambda r: py_by[r])
        sides = f"width {to_um(px_by[x])} um by {x.id} ({x.text})", f"height {to_um(py_by[y])} um by {y.id} ({y.text})"
        return ", ".join(sides)

    @property
    def write_left(self) -> int:
        """Left edge of the write transistor's diffusion."""
        return (self.px - self.right_margin_nm - finger_length(self.l_write)) // CUT_GRID_NM * CUT_GRID_NM

    @property
    def n_top(self) -> int:
        """Upper edge of the n-diffusions."""
        return self.wwl_y + NODE_GAP_NM + max(self.w_beside, self.w_write)

    @property
    def source_y(self) -> int:
        """Middle of the row line on the n transistor's source."""
        return stack_centre(self.n_top - NFET.w_min_nm // 2 - CUT_GRID_NM // 2)

    @property
    def node_y(self) -> int:
        """Middle of the storage node's row of contacts."""
        return stack_centre(self.n_top + NODE_GAP_NM)


def storage_devices(w_write: float, l_write: float, c_w: float) -> tuple[Mos, Cap]:
    """The write transistor and the capacitor of a netlist, sizes in um: nets wbl, wwl, sn, vss and vc."""
    nets = {"d": "wbl", "g": "wwl", "s": "sn", "b": "vss"}
    return Mos("write", NFET, w_write, l_write, nets), Cap("store", MIM_M3, c_w, c_w, {"top": "vc", "bottom": "sn"})
