"""What a tile of pulses is: rows and columns, its unit current source, pulses, capacitors, ramp and comparator."""

from __future__ import annotations

from math import ceil
from typing import Annotated, Self

from pydantic import Field, model_validator

from analoom.cells.capacitor.unit_cap import LARGEST_UM, UnitCapSpec
from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.cells.pulse_width.spec import PwmCellSpec as PwmCellSpec
from analoom.generators.comparator.comparator import ComparatorSpec
from analoom.generators.wiring.top_metal import TOP_METAL, TopMetal
from analoom.pdk.errors import SpecError
from analoom.pdk.stack import mim_f, mim_side_um

MOST_ROWS = 256
"""Rows that an address of eight bits tells apart."""
SWING_V = 0.6
"""How far the charge of a full scale takes a column down from where it is reset (1.3 V): the comparator's pair works
from 0.7 V on."""
LEAST_LSB_S = 2e-9
"""Shortest step of a pulse: the lines of 64 weights settle in less."""
LEAST_CAP_F, MOST_CAP_F = 0.1e-12, 5e-12
"""Capacitors far above what their wires have, and as large as one plate is drawn."""
GRID_UM = 0.005
COMPARATOR = ComparatorSpec(w_pair=16.0, l_load=2.5)
"""Half the offset of a comparator's own defaults, which alone made most of a column's error."""


class PwmTileSpec(PwmCellSpec):
    """Pulses in by row, pulses out by column; the weights are no part of it: they are written."""

    rows: int = Field(8, ge=1, le=MOST_ROWS, description="rows of pulses")
    cols: int = Field(8, ge=1, le=MOST_ROWS, description="columns of charge, each with its read-out")
    pulse_bits: int = Field(7, ge=1, le=10, description="bits of a pulse: the longest is 2**bits - 1 steps of lsb")
    lsb: float = Field(
        10e-9, ge=LEAST_LSB_S, le=1e-6, description="step of a pulse's length", json_schema_extra={"unit": "s"}
    )
    c_int: float = Field(
        2.4e-12,
        ge=LEAST_CAP_F,
        le=MOST_CAP_F,
        description="capacitor that integrates a column's charge, one for each sign",
        json_schema_extra={"unit": "F"},
    )
    ramp_units: int = Field(8, ge=1, le=32, description="units of the ramp: a pulse out is a charge by their current")
    full_scale: float = Field(
        1.0,
        gt=0.0,
        le=1.0,
        description="largest charge of a column by that of all rows at their longest pulse and largest weight",
        json_schema_extra={"unit": "frac"},
    )
    comparator: Annotated[
        ComparatorSpec,
        Field(
            description="the comparator of a column; if one is given, what it leaves out is as in a comparator alone"
        ),
    ] = COMPARATOR
    comparator_current: float = Field(
        1e-6,
        ge=1e-8,
        le=2e-5,
        description="bias of a column's comparator: its pair and its second stage each run on as much",
        json_schema_extra={"unit": "A"},
    )
    top_metal: TopMetal = TOP_METAL
    gated: bool = Field(True, description="a pin `en` lets the comparators' bias in; without it they are always on")

    @model_validator(mode="after")
    def _holds_the_charge(self) -> Self:
        least_f = self.full_charge_c / SWING_V
        if least_f > self.c_int * (1 + 1e-9):
            bound = f"at least {least_f:.3g} F, on which a full scale of charge is {SWING_V:g} V; or a lower full_scale"
            if least_f <= MOST_CAP_F:
                raise SpecError("c_int", self.c_int, bound, fix=f"{ceil(least_f * 1e14) / 1e14:.4g}")
            most = self.full_scale * self.c_int / least_f
            raise SpecError("full_scale", self.full_scale, f"at most {most:.3g} with c_int", fix=f"{most * 0.99:.3g}")
        return self

    @property
    def cell(self) -> PwmCellSpec:
        """At each crossing."""
        return PwmCellSpec(w=self.w, l=self.l, unit_current=self.unit_current, weight_bits=self.weight_bits)

    @property
    def longest_s(self) -> float:
        """The longest pulse, s."""
        return (2**self.pulse_bits - 1) * self.lsb

    @property
    def full_charge_c(self) -> float:
        """The largest charge of a column, C."""
        return self.full_scale * self.rows * MOST_CODE * self.unit_current * self.longest_s

    @property
    def capacitor(self) -> UnitCapSpec:
        """Of a side of a column."""
        side_um = min(round(mim_side_um(self.c_int) / GRID_UM) * GRID_UM, LARGEST_UM)
        return UnitCapSpec(w=round(side_um, 3))

    @property
    def drawn_c_int_f(self) -> float:
        """What the drawn plate has, typical, F."""
        return mim_f(self.capacitor.w)

    @property
    def address_bits(self) -> int:
        """Pairs of address lines."""
        return max(1, (self.rows - 1).bit_length())
