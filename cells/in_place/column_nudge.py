"""A column nudge: a transconductor that drives an output column towards its target while `on` is high.

Its tail is cut by a switch above it, and a p-type shuts the mirror: with `on` low no path to the column is left. In
weak inversion the current is I tanh((target - col)/2nUT), I the current of the tail, so that its slope is I/2nUT.
Source: C. Mead, "Analog VLSI and Neural Systems", 1989, chapter 5.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from analoom.cells.backprop.drawn import Channels, drawn_cell
from analoom.cells.backprop.sizes import nmos, pmos
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.registry import cell_name, register
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.units import to_nm

from .sizes import MOST_LOW_FINGER_UM, crossed, finger_nm, gate_length, low_nmos, meant_current, total_width

PORTS = ("col", "target", "on", "bias", VDD, VSS)
FINGERS = 4
"""Of each transistor of pair and mirror, crossed, so that both share a centre, and of tail and switch."""


class ColumnNudgeSpec(Spec):
    """Pair, mirror, tail and switch in fingers, and the p-type that shuts the mirror."""

    w: LengthUm = total_width(32.0, FINGERS, "each transistor of the pair")
    l: LengthUm = gate_length(0.5, "each transistor of the pair")  # noqa: E741
    w_mirror: LengthUm = total_width(32.0, FINGERS, "each transistor of the mirror")
    l_mirror: LengthUm = gate_length(0.5, "each transistor of the mirror")
    w_tail: LengthUm = total_width(16.0, FINGERS, "the tail", MOST_LOW_FINGER_UM)
    l_tail: LengthUm = gate_length(1.0, "the tail")
    w_switch: LengthUm = total_width(16.0, FINGERS, "the switch of the tail", MOST_LOW_FINGER_UM)
    l_switch: LengthUm = gate_length(0.5, "the switch of the tail")
    w_shut: LengthUm = total_width(1.0, 1, "the p-type that shuts the mirror")
    l_shut: LengthUm = gate_length(0.5, "the p-type that shuts the mirror")
    i_tail: float = meant_current(50e-6, 5e-4, "current of the tail that the cell is meant for: it sets the slope")

    @model_validator(mode="after")
    def _fingers(self) -> Self:
        for name in ("w", "w_mirror", "w_tail", "w_switch"):
            finger_nm(name, getattr(self, name), FINGERS)
        return self


@register(ColumnNudgeSpec, system="trained_crossbar", kind="column_nudge", examples=[{"w": 16.0, "l_mirror": 1.0}])
def column_nudge(spec: ColumnNudgeSpec) -> Cell:
    """A current into `col` by how far it is below `target`, while `on` is high; none while it is low.

    Pins: `col` the column, `target`; `on` and `bias`, the gate of the tail, from edge to edge; `vdd`, `vss`.
    """
    name = cell_name("column_nudge", spec)
    shut = Chain(("x", VDD), ("on",), to_nm("w_shut", spec.w_shut), to_nm("l_shut", spec.l_shut))
    rows = Rows(
        n=((_tail(spec), _switch(spec)), (_pair(spec),)),
        p=((_mirror(spec), shut),),
        ports=PORTS[:-2],
        across=PORTS[2:4],
    )
    return drawn_cell(spec, name, "column_nudge", Circuit(name, PORTS, nudge_devices(spec)), rows, _groups)


def _tail(spec: ColumnNudgeSpec) -> Chain:
    regions = (VSS, "low", VSS, "low", VSS)
    w_nm = finger_nm("w_tail", spec.w_tail, FINGERS)
    return Chain(regions, ("bias",) * FINGERS, w_nm, to_nm("l_tail", spec.l_tail))


def _switch(spec: ColumnNudgeSpec) -> Chain:
    w_nm = finger_nm("w_switch", spec.w_switch, FINGERS)
    return Chain(("low", "tail", "low", "tail", "low"), ("on",) * FINGERS, w_nm, to_nm("l_switch", spec.l_switch))


def _pair(spec: ColumnNudgeSpec) -> Chain:
    regions, gates = crossed("x", "col", "tail", ("target", "col"), FINGERS // 2)
    return Chain(tuple(regions), tuple(gates), finger_nm("w", spec.w, FINGERS), to_nm("l", spec.l), low_threshold=True)


def _mirror(spec: ColumnNudgeSpec) -> Chain:
    regions, gates = crossed("x", "col", VDD, ("x", "x"), FINGERS // 2)
    return Chain(
        tuple(regions), tuple(gates), finger_nm("w_mirror", spec.w_mirror, FINGERS), to_nm("l_mirror", spec.l_mirror)
    )


def tail_devices(spec: ColumnNudgeSpec, bias: str, low: str, on: str, out: str, tag: str = "") -> tuple[Mos, Mos]:
    """Tail and switch between `out` and vss."""
    return (
        nmos(f"tail{tag}", (low, bias, VSS), spec.w_tail, spec.l_tail, FINGERS),
        nmos(f"switch{tag}", (out, on, low), spec.w_switch, spec.l_switch, FINGERS),
    )


def nudge_devices(spec: ColumnNudgeSpec) -> tuple[Mos, ...]:
    """The seven transistors."""
    mirror = (spec.w_mirror, spec.l_mirror, FINGERS)
    return (
        *tail_devices(spec, "bias", "low", "on", "tail"),
        low_nmos("pair_target", ("x", "target", "tail"), spec.w, spec.l, FINGERS),
        low_nmos("pair_col", ("col", "col", "tail"), spec.w, spec.l, FINGERS),
        pmos("diode", ("x", "x", VDD), *mirror),
        pmos("copy", ("col", "x", VDD), *mirror),
        pmos("shut", ("x", "on", VDD), spec.w_shut, spec.l_shut),
    )


def _groups(channels: Channels) -> tuple[MatchGroup, ...]:
    """Pair and mirror, by the order of their crossed fingers."""
    pair, mirror = channels[1][0], channels[2][0]
    return (
        MatchGroup("pair", {"pair_target": [*pair[::4], *pair[3::4]], "pair_col": [*pair[1::4], *pair[2::4]]}),
        MatchGroup("mirror", {"diode": [*mirror[::4], *mirror[3::4]], "copy": [*mirror[1::4], *mirror[2::4]]}),
    )
