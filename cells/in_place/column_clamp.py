"""A column clamp: it holds a hidden column above its level of rest, as a rectifying neuron is to do.

A pair compares column and rest and drives the gate of a follower from the supply to the column. Below rest the column
is pulled up by a conductance of the follower's gm times the pair's gain; above it the follower is shut.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from analoom.cells.backprop.drawn import Channels, drawn_cell
from analoom.cells.backprop.sizes import nmos
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.registry import cell_name, register
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.units import to_nm

from .sizes import MOST_LOW_FINGER_UM, crossed, finger_nm, gate_length, low_nmos, low_pmos, meant_current, total_width

PORTS = ("col", "rest", "bias", VDD, VSS)
FINGERS, MIRROR_FINGERS = 4, 2
"""Of each transistor of the pair, and of the mirror: crossed, so that both share a centre."""


class ColumnClampSpec(Spec):
    """Pair and mirror in fingers, follower, tail."""

    w: LengthUm = total_width(16.0, FINGERS, "each transistor of the pair")
    l: LengthUm = gate_length(0.5, "each transistor of the pair")  # noqa: E741
    w_mirror: LengthUm = total_width(8.0, MIRROR_FINGERS, "each transistor of the mirror")
    l_mirror: LengthUm = gate_length(1.0, "each transistor of the mirror")
    w_follower: LengthUm = total_width(8.0, 1, "the follower")
    l_follower: LengthUm = gate_length(0.5, "the follower")
    w_tail: LengthUm = total_width(2.0, 1, "the tail", MOST_LOW_FINGER_UM)
    l_tail: LengthUm = gate_length(2.0, "the tail")
    i_tail: float = meant_current(4e-6, 1e-4, "current of the tail that the cell is meant for")

    @model_validator(mode="after")
    def _fingers(self) -> Self:
        finger_nm("w", self.w, FINGERS)
        finger_nm("w_mirror", self.w_mirror, MIRROR_FINGERS)
        return self


@register(ColumnClampSpec, system="trained_crossbar", kind="column_clamp", examples=[{"w": 8.0, "l_mirror": 2.0}])
def column_clamp(spec: ColumnClampSpec) -> Cell:
    """A clamp that lets no current flow into a column above `rest`, and pulls it up as soon as it is below.

    Pins: `col` the column; `rest` the level that it compares with, `bias` the gate of the tail, both from edge to edge;
    `vdd`, `vss`.
    """
    name = cell_name("column_clamp", spec)
    tail = Chain((VSS, "tail"), ("bias",), to_nm("w_tail", spec.w_tail), to_nm("l_tail", spec.l_tail))
    rows = Rows(n=((tail,), (_pair(spec), _follower(spec))), p=((_mirror(spec),),), ports=PORTS[:-2], across=PORTS[1:3])
    return drawn_cell(spec, name, "column_clamp", Circuit(name, PORTS, _devices(spec)), rows, _groups)


def _pair(spec: ColumnClampSpec) -> Chain:
    regions, gates = crossed("x", "g", "tail", ("rest", "col"), FINGERS // 2)
    return Chain(tuple(regions), tuple(gates), finger_nm("w", spec.w, FINGERS), to_nm("l", spec.l), low_threshold=True)


def _follower(spec: ColumnClampSpec) -> Chain:
    w_nm, l_nm = to_nm("w_follower", spec.w_follower), to_nm("l_follower", spec.l_follower)
    return Chain(("col", VDD), ("g",), w_nm, l_nm, low_threshold=True)


def _mirror(spec: ColumnClampSpec) -> Chain:
    regions, gates = crossed("x", "g", VDD, ("x", "x"), MIRROR_FINGERS // 2)
    w_nm = finger_nm("w_mirror", spec.w_mirror, MIRROR_FINGERS)
    return Chain(tuple(regions), tuple(gates), w_nm, to_nm("l_mirror", spec.l_mirror), low_threshold=True)


def _devices(spec: ColumnClampSpec) -> tuple[Mos, ...]:
    mirror = (spec.w_mirror, spec.l_mirror, MIRROR_FINGERS)
    return (
        nmos("tail", ("tail", "bias", VSS), spec.w_tail, spec.l_tail),
        low_nmos("pair_rest", ("x", "rest", "tail"), spec.w, spec.l, FINGERS),
        low_nmos("pair_col", ("g", "col", "tail"), spec.w, spec.l, FINGERS),
        low_pmos("diode", ("x", "x", VDD), *mirror),
        low_pmos("copy", ("g", "x", VDD), *mirror),
        low_nmos("follower", (VDD, "g", "col"), spec.w_follower, spec.l_follower),
    )


def _groups(channels: Channels) -> tuple[MatchGroup, ...]:
    """Pair and mirror, by the order of their crossed fingers."""
    pair, mirror = channels[1][0], channels[2][0]
    return (
        MatchGroup("pair", {"pair_rest": [*pair[::4], *pair[3::4]], "pair_col": [*pair[1::4], *pair[2::4]]}),
        MatchGroup("mirror", {"diode": [*mirror[::4], *mirror[3::4]], "copy": [*mirror[1::4], *mirror[2::4]]}),
    )
