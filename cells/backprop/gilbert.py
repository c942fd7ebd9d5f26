"""A four-quadrant multiplier: a pair whose two currents feed two crossed pairs; in weak inversion its currents are

    I(op) - I(on) = I tanh((wp - wn)/2nUT) tanh((xp - xn)/2nUT), I the current of the tail.

Source: B. Gilbert, "A precise four-quadrant multiplier with subnanosecond response", IEEE JSSC 3(4), 1968; in weak
inversion C. Mead, "Analog VLSI and Neural Systems", 1989, chapter 6.
"""

from __future__ import annotations

from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.registry import cell_name, register
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.strip.gates import VSS
from analoom.pdk.units import to_nm

from .drawn import Channels, drawn_cell
from .sizes import current, length, nmos, width

PORTS = ("xp", "xn", "wp", "wn", "op", "on", "bias", VSS)


class GilbertSpec(Spec):
    """The three pairs have one size, the tail its own."""

    w: LengthUm = width(2.0, "each transistor of the three pairs")
    l: LengthUm = length(0.5, "each transistor of the three pairs")  # noqa: E741
    w_tail: LengthUm = width(1.0, "the tail")
    l_tail: LengthUm = length(2.0, "the tail")
    i_tail: float = current(100e-9, "current of the tail that the cell is meant for")


@register(GilbertSpec, system="backprop", kind="gilbert", examples=[{"w": 1.0, "w_tail": 1.0, "l_tail": 1.0}])
def gilbert(spec: GilbertSpec) -> Cell:
    """A multiplier of four quadrants: `op` less `on` draws the product of `wp` less `wn` and `xp` less `xn`.

    Pins: `xp`, `xn` the upper inputs, `wp`, `wn` the lower ones, whose level is lower by some 0.3 V; `op`, `on` the
    currents, drawn from what is above; `bias` the gate of the tail; `vss`.
    """
    name = cell_name("gilbert", spec)
    w, l_nm = to_nm("w", spec.w), to_nm("l", spec.l)
    tail = Chain((VSS, "tail"), ("bias",), to_nm("w_tail", spec.w_tail), to_nm("l_tail", spec.l_tail))
    rows = Rows(n=((tail, pairs(w, l_nm)),), p=(), ports=PORTS[:-1])
    circuit = Circuit(name, PORTS, gilbert_devices(spec))
    return drawn_cell(spec, name, "gilbert", circuit, rows, groups)


def pairs(
    w_nm: int,
    l_nm: int,
    x: tuple[str, str] = ("xp", "xn"),
    w: tuple[str, str] = ("wp", "wn"),
    out: tuple[str, str] = ("op", "on"),
    inner: tuple[str, str, str] = ("tail", "a", "b"),
) -> Chain:
    """The three pairs as one chain, every region shared: `inner` are the nets of the tail and of the lower drains."""
    tail, a, b = inner
    regions = (a, tail, b, out[1], a, out[0], b)
    return Chain(regions, (w[0], w[1], x[0], x[1], x[0], x[1]), w_nm, l_nm)


def gilbert_devices(spec: GilbertSpec) -> tuple[Mos, ...]:
    """The seven transistors."""
    size = (spec.w, spec.l)
    return (
        nmos("tail", ("tail", "bias", VSS), spec.w_tail, spec.l_tail),
        nmos("pair_p", ("a", "wp", "tail"), *size),
        nmos("pair_n", ("b", "wn", "tail"), *size),
        nmos("quad_pp", ("op", "xp", "a"), *size),
        nmos("quad_pn", ("on", "xn", "a"), *size),
        nmos("quad_np", ("on", "xp", "b"), *size),
        nmos("quad_nn", ("op", "xn", "b"), *size),
    )


def groups(channels: Channels) -> tuple[MatchGroup, ...]:
    """The lower pair, and each of the upper ones, by the chain's order."""
    lower_p, lower_n, np, pn, pp, nn = channels[0][1]
    return (
        MatchGroup("pair", {"pair_p": [lower_p], "pair_n": [lower_n]}),
        MatchGroup("quad", {"quad_pp": [pp], "quad_pn": [pn], "quad_np": [np], "quad_nn": [nn]}),
    )
