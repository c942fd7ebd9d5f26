"""Where somas, synapses and layers of a current-mode network are measured."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.current_mode.spec import CurrentUnitSpec
from analoom.cells.model.cell import Cell, Spec
from analoom.pdk.errors import InputError

from .solver.layer import REST_V
from .solver.somas import UNITS


class CurrentSettings(Spec):
    """What every bench of the system takes."""

    i_soma: float | None = Field(
        None,
        gt=0,
        le=4e-6,
        description="current into a soma (default four times the unit current of the spec)",
        json_schema_extra={"unit": "A"},
    )
    v_pin: float = Field(
        REST_V, ge=0.2, le=1.2, description="voltage at which outputs are held", json_schema_extra={"unit": "V"}
    )


class TimedSettings(CurrentSettings):
    """What counts as settled."""

    settled: float = Field(
        0.05,
        gt=0,
        lt=0.5,
        description="of a step, how near its end counts as settled",
        json_schema_extra={"unit": "frac"},
    )


class SomaSettings(TimedSettings):
    """What loads a soma's gate lines when it settles."""

    fan_out: int = Field(16, ge=0, le=256, description="synapses on the soma's gate lines, seven units each a polarity")
    c_tap: float = Field(
        3.5e-15,
        ge=0,
        le=1e-12,
        description="wire capacitance a synapse on either gate line (3.5 fF as in Binas et al.)",
        json_schema_extra={"unit": "F"},
    )


def unit_spec(cell: Cell) -> CurrentUnitSpec:
    """The unit device of a cell. Raises InputError for a cell without."""
    if not isinstance(cell.spec, CurrentUnitSpec):
        raise InputError(f"{cell.name} says no unit device", field="name")
    return cell.spec


def soma_current_a(cell: Cell, settings: CurrentSettings) -> float:
    """Current into a soma, A."""
    return settings.i_soma or UNITS * unit_spec(cell).unit_current
