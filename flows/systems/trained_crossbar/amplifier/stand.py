"""What stands around a column's amplifier: supplies, rest, and a diode that sets the current of its tails."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.backprop.sizes import nmos
from analoom.cells.in_place.column_amplifier import ColumnAmplifierSpec
from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.pdk.errors import InputError

from .settings import AmplifierSettings

TIGHT = ".option reltol=1e-6 abstol=1e-15 vntol=1e-9 chgtol=1e-18"


def spec_of(cell: Cell) -> ColumnAmplifierSpec:
    """Of an amplifier. Raises InputError for another cell."""
    if not isinstance(cell.spec, ColumnAmplifierSpec):
        raise InputError(f"{cell.name} is no amplifier of a column", field="name", remedy="column_amplifier")
    return cell.spec


def tail_current_a(cell: Cell, settings: AmplifierSettings) -> float:
    """The current asked of each tail."""
    return settings.i_tail or spec_of(cell).i_tail


def tail_diode(cell: Cell) -> Mos:
    """A diode of a tail's size on `bias`."""
    spec = spec_of(cell)
    return nmos("tail_bias", ("bias", "bias", "vss"), spec.w_tail, spec.l_tail)


def supplies(settings: AmplifierSettings) -> Iterator[str]:
    """Sources of vdd, vss and rest."""
    yield TIGHT
    for net, volts in {"vdd": settings.vdd, "vss": 0.0, "rest": settings.rest}.items():
        yield f"v_{net} {net} 0 {volts!r}"
