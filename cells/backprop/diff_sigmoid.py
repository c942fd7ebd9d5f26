"""A sigmoid: a pair in weak inversion whose currents go into two diodes.

The currents differ by I tanh((xp - xn)/2nUT); the diodes' voltages are their logarithms, which a pair that they drive
takes back.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.registry import cell_name, register
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.errors import SpecError
from analoom.pdk.units import to_nm

from .drawn import Channels, drawn_cell
from .sizes import LEAST_W_UM, current, length, nmos, pmos, width

PORTS = ("xp", "xn", "yp", "yn", "bias", VDD, VSS)


class DiffSigmoidSpec(Spec):
    """Pair, tail, and the diodes that are its load, each of `nf_load` fingers."""

    w: LengthUm = width(2.0, "each transistor of the pair")
    l: LengthUm = length(0.5, "each transistor of the pair")  # noqa: E741
    w_tail: LengthUm = width(1.0, "the tail")
    l_tail: LengthUm = length(2.0, "the tail")
    w_load: LengthUm = width(4.0, "each diode of the load, all its fingers together")
    l_load: LengthUm = length(0.5, "each diode of the load")
    nf_load: int = Field(2, ge=1, le=16, description="fingers of each diode")
    i_tail: float = current(100e-9, "current of the tail that the cell is meant for")

    @model_validator(mode="after")
    def _fingers(self) -> Self:
        each = to_nm("w_load", self.w_load) / self.nf_load
        if each < 1000 * LEAST_W_UM or each % 10:
            bound = f"at least {LEAST_W_UM:g} um and a multiple of 0.01 um a finger of {self.nf_load}"
            raise SpecError("w_load", self.w_load, bound, "difftap.2")
        return self


@register(
    DiffSigmoidSpec,
    system="backprop",
    kind="diff_sigmoid",
    examples=[{"w": 1.0, "w_load": 0.42, "l_load": 7.5, "nf_load": 1}],
)
def diff_sigmoid(spec: DiffSigmoidSpec) -> Cell:
    """A pair with diodes as its load: `yn` less `yp` follows `xp` less `xn` and saturates.

    Pins: `xp`, `xn`; `yp` falls as `xp` rises, `yn` as `xn`; `bias` the gate of the tail; `vdd`, `vss`.
    """
    name = cell_name("diff_sigmoid", spec)
    tail = Chain((VSS, "tail"), ("bias",), to_nm("w_tail", spec.w_tail), to_nm("l_tail", spec.l_tail))
    pair = Chain(("yp", "tail", "yn"), ("xp", "xn"), to_nm("w", spec.w), to_nm("l", spec.l))
    rows = Rows(n=((tail, pair),), p=((load_chain(spec),),), ports=PORTS[:-2])
    return drawn_cell(spec, name, "diff_sigmoid", Circuit(name, PORTS, sigmoid_devices(spec)), rows, groups)


def load_chain(spec: DiffSigmoidSpec, y: tuple[str, str] = ("yp", "yn")) -> Chain:
    """Both diodes side by side, with vdd in the middle and, of more fingers than one, between all drains."""
    regions, gates = [y[0] if spec.nf_load % 2 else VDD], list[str]()
    for net in y:
        for _ in range(spec.nf_load):
            regions.append(VDD if regions[-1] == net else net)
            gates.append(net)
    return Chain(tuple(regions), tuple(gates), to_nm("w_load", spec.w_load) // spec.nf_load, to_nm("l", spec.l_load))


def sigmoid_devices(spec: DiffSigmoidSpec) -> tuple[Mos, ...]:
    """The five transistors."""
    return (
        nmos("tail", ("tail", "bias", VSS), spec.w_tail, spec.l_tail),
        nmos("pair_p", ("yp", "xp", "tail"), spec.w, spec.l),
        nmos("pair_n", ("yn", "xn", "tail"), spec.w, spec.l),
        pmos("load_p", ("yp", "yp", VDD), spec.w_load, spec.l_load, spec.nf_load),
        pmos("load_n", ("yn", "yn", VDD), spec.w_load, spec.l_load, spec.nf_load),
    )


def groups(channels: Channels) -> tuple[MatchGroup, ...]:
    """Pair and load."""
    (one, other), load = channels[0][1], channels[1][0]
    half = len(load) // 2
    return (
        MatchGroup("pair", {"pair_p": [one], "pair_n": [other]}),
        MatchGroup("load", {"load_p": list(load[:half]), "load_n": list(load[half:])}),
    )
