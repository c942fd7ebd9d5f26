"""A bump: a current that is largest where two voltages are equal, as a sigmoid's slope is.

Between the two outer transistors of a pair stand two in series with the inputs' gates; in weak inversion these carry

    I_middle = I / (1 + (4/S) cosh^2((xp - xn)/2nUT)), S the width by length of the middle to that of the outer ones.

Source: T. Delbruck, "'Bump' circuits for computing similarity and dissimilarity of analog voltages", 1991.
"""

from __future__ import annotations

from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.registry import cell_name, register
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.units import to_nm

from .drawn import Channels, drawn_cell
from .sizes import current, length, nmos, pmos, width

PORTS = ("xp", "xn", "out", "bias", VDD, VSS)


class BumpSpec(Spec):
    """Outer and middle transistors have one size; tail and mirror their own."""

    w: LengthUm = width(1.0, "each of the four transistors between the inputs")
    l: LengthUm = length(0.5, "each of the four transistors between the inputs")  # noqa: E741
    w_tail: LengthUm = width(1.0, "the tail")
    l_tail: LengthUm = length(2.0, "the tail")
    w_mirror: LengthUm = width(1.0, "both transistors of the mirror")
    l_mirror: LengthUm = length(1.0, "both transistors of the mirror")
    i_tail: float = current(20e-9, "current of the tail that the cell is meant for")


@register(BumpSpec, system="backprop", kind="bump", examples=[{"w": 2.0, "l": 1.0}])
def bump(spec: BumpSpec) -> Cell:
    """A current out of `out` that is largest where `xp` is `xn`, as the slope of a sigmoid of their difference.

    Pins: `xp`, `xn`; `out`, from vdd; `bias` the gate of the tail, whose current sets the peak; `vdd`, `vss`.
    """
    name = cell_name("bump", spec)
    tail = Chain((VSS, "tail"), ("bias",), to_nm("w_tail", spec.w_tail), to_nm("l_tail", spec.l_tail))
    rows = Rows(n=((tail, bump_chain(spec)),), p=((mirror_chain(spec),),), ports=PORTS[:-2])
    return drawn_cell(spec, name, "bump", Circuit(name, PORTS, bump_devices(spec)), rows, groups)


def bump_chain(
    spec: BumpSpec, x: tuple[str, str] = ("xp", "xn"), inner: tuple[str, str, str] = ("tail", "mid", "ser")
) -> Chain:
    """The four transistors as one chain: the middle ones from the mirror down to the tail, then the outer ones."""
    tail, mid, ser = inner
    regions = (mid, ser, tail, VDD, tail)
    return Chain(regions, (x[0], x[1], x[0], x[1]), to_nm("w", spec.w), to_nm("l", spec.l))


def mirror_chain(spec: BumpSpec, mid: str = "mid", out: str = "out") -> Chain:
    """Both transistors of the mirror about vdd."""
    return Chain((mid, VDD, out), (mid, mid), to_nm("w_mirror", spec.w_mirror), to_nm("l_mirror", spec.l_mirror))


def bump_devices(spec: BumpSpec) -> tuple[Mos, ...]:
    """The seven transistors."""
    size, mirror = (spec.w, spec.l), (spec.w_mirror, spec.l_mirror)
    return (
        nmos("tail", ("tail", "bias", VSS), spec.w_tail, spec.l_tail),
        nmos("outer_p", (VDD, "xp", "tail"), *size),
        nmos("outer_n", (VDD, "xn", "tail"), *size),
        nmos("middle_p", ("mid", "xp", "ser"), *size),
        nmos("middle_n", ("ser", "xn", "tail"), *size),
        pmos("diode", ("mid", "mid", VDD), *mirror),
        pmos("copy", ("out", "mid", VDD), *mirror),
    )


def groups(channels: Channels) -> tuple[MatchGroup, ...]:
    """The outer pair, the middle one, and the mirror."""
    (middle_p, middle_n, outer_p, outer_n), (diode, copy) = channels[0][1], channels[1][0]
    return (
        MatchGroup("outer", {"outer_p": [outer_p], "outer_n": [outer_n]}),
        MatchGroup("middle", {"middle_p": [middle_p], "middle_n": [middle_n]}),
        MatchGroup("mirror", {"diode": [diode], "copy": [copy]}),
    )
