"""What stands around a column's block: supplies, rest, and a diode that sets the current of its tail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analoom.cells.backprop.sizes import nmos
from analoom.cells.in_place.column_clamp import ColumnClampSpec
from analoom.cells.in_place.column_nudge import ColumnNudgeSpec, tail_devices
from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.pdk.errors import InputError

from .column_settings import ColumnSettings

TIGHT, MOVING = ".option reltol=1e-5 abstol=1e-13 vntol=1e-8", ".option reltol=1e-4 abstol=1e-13 vntol=1e-7"
"""At rest, and over time: there a column is told to 20 uV."""


@dataclass(frozen=True)
class Stand:
    """Around a clamp or a nudge. Raises InputError for another cell."""

    cell: Cell
    settings: ColumnSettings

    @property
    def spec(self) -> ColumnClampSpec | ColumnNudgeSpec:
        """The block's."""
        spec = self.cell.spec
        if isinstance(spec, ColumnClampSpec | ColumnNudgeSpec):
            return spec
        raise InputError(f"{self.cell.name} is no clamp or nudge of a column", field="name", remedy="column_clamp")

    @property
    def tail_a(self) -> float:
        """The current asked of the tail."""
        return self.settings.i_tail or self.spec.i_tail

    @property
    def diode(self) -> tuple[Mos, ...]:
        """A diode of the tail's size on `bias`, behind a switch where the tail has one."""
        spec = self.spec
        if isinstance(spec, ColumnNudgeSpec):
            return tail_devices(spec, "bias", "bias_low", "vdd", "bias", "_bias")
        return (nmos("tail_bias", ("bias", "bias", "vss"), spec.w_tail, spec.l_tail),)

    @property
    def supplies(self) -> Sequence[str]:
        """Sources of vdd, vss and rest."""
        held = {"vdd": self.settings.vdd, "vss": 0.0, "rest": self.settings.rest}
        return [f"v_{net} {net} 0 {v!r}" for net, v in held.items()]

    @property
    def current(self) -> str:
        """What goes through the diode."""
        return f"i_bias 0 bias {self.tail_a!r}"
