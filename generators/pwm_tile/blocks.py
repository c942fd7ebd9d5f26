"""The two wired blocks of a tile: a column's read-out, and what all columns share. Their pins are at the upper edge."""

from __future__ import annotations

from functools import cache

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name
from analoom.cells.strip.gates import VDD, VSS
from analoom.generators.placing.leaf import Leaf
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.layers import Layer

from .readout_parts import Part, readout_parts, readout_ports
from .shared_parts import ROWS, shared_parts, shared_ports
from .spec import PwmTileSpec


@cache
def readout(spec: PwmTileSpec) -> Cell:
    """A column's read-out: both capacitors below, above them what resets, ramps and compares.

    A comparator with its own zeroing is so high that the lines of the ramp's switches need jumpers (antenna).
    """
    floor = Floorplan(cell_name("pwm_readout", spec))
    part = _declared(floor, readout_parts(spec))
    floor.supply(VDD, VSS)
    floor.up_to(Layer[spec.top_metal.upper()])
    floor.pins(top=readout_ports(spec))
    if spec.comparator.auto_zero:
        floor.jumpers("go", "gob")
    resets = floor.stack(part["reset_colp"], part["reset_coln"])
    ramp = floor.stack(part["ramp"], floor.row(part["rest"], part["fall"]))
    plates = floor.row(part["c_coln"], part["c_colp"])
    compared = floor.row(ramp, resets, part["compare"], part["gate"])
    return floor.cell(floor.stack(plates, compared), spec, kind="pwm_readout")


@cache
def shared(spec: PwmTileSpec) -> Cell:
    """The reference, the driver of the ramps and the switch of the bias."""
    floor = Floorplan(cell_name("pwm_shared", spec))
    part = _declared(floor, shared_parts(spec))
    floor.supply(VDD, VSS)
    floor.up_to(Layer[spec.top_metal.upper()])
    floor.pins(top=shared_ports(spec))
    drivers = floor.row(part["ramps"], part["let_in"], part["off"]) if spec.gated else part["ramps"]
    reference = floor.stack(*(part[f"reference{k}"] for k in range(ROWS)))
    return floor.cell(floor.stack(reference, drivers), spec, kind="pwm_shared")


def _declared(floor: Floorplan, parts: tuple[Part, ...]) -> dict[str, Leaf]:
    return {part.name: floor.part(part.name, part.cell, part.nets) for part in parts}
