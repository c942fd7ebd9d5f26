"""What stands around a part: supplies, a diode that sets its tail's current, and inputs that move about their level."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.backprop.bump import BumpSpec
from analoom.cells.backprop.diff_sigmoid import DiffSigmoidSpec
from analoom.cells.backprop.gilbert import GilbertSpec
from analoom.cells.backprop.network_sizes import BackpropErrorSpec, BackpropSizes
from analoom.cells.backprop.sizes import nmos
from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.pdk.errors import InputError

from .settings import PartSettings

TIGHT = ".option reltol=1e-5 abstol=1e-15 vntol=1e-8"
TAILED = (GilbertSpec, DiffSigmoidSpec, BumpSpec)
"""Parts with a tail."""


def tail_of(spec: Spec) -> GilbertSpec | DiffSigmoidSpec | BumpSpec:
    """The spec of a part with a tail; of one with several, that of a forward cell, whose tails they are.

    Raises InputError for another.
    """
    if isinstance(spec, BackpropSizes):
        return spec.forward
    if not isinstance(spec, TAILED):
        raise InputError("a part with a tail on bias is wanted here", field="name", remedy="gilbert")
    return spec


def tail_current_a(cell: Cell, settings: PartSettings) -> float:
    """The current asked of a tail."""
    return settings.i_tail or tail_of(cell.spec).i_tail


def tail_diode(cell: Cell) -> Mos:
    """A diode of the tail's size on `bias`."""
    spec = tail_of(cell.spec)
    size = cell.spec.error_tail if isinstance(cell.spec, BackpropErrorSpec) else (spec.w_tail, spec.l_tail)
    return nmos("bias_diode", ("bias", "bias", "vss"), *size)


def supplies(cell: Cell, settings: PartSettings) -> Iterator[str]:
    """Sources of vdd and vss."""
    yield from (TIGHT, f"v_vdd vdd 0 {settings.vdd!r}", "v_vss vss 0 0")


def moved(inputs: tuple[str, str], level: float, name: str) -> Iterator[str]:
    """Two inputs about a level, half of the source `v_<name>` up and half down."""
    yield f"v_{name} d_{name} 0 dc 0 ac 1"
    yield from (f"v_{name}_at at_{name} 0 {level!r}",)
    for net, half in zip(inputs, (0.5, -0.5), strict=True):
        yield f"e_{net} {net} at_{name} d_{name} 0 {half!r}"


def biased(cell: Cell, settings: PartSettings) -> Iterator[str]:
    """Supplies, and the diode that sets the tails' current."""
    yield from supplies(cell, settings)
    yield f"i_bias 0 bias {tail_current_a(cell, settings)!r}"
    yield with_flat_lines(tail_diode(cell).spice())
