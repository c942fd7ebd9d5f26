"""A follower: an amplifier whose output is its inverting input."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.registry import cell_name, register
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.errors import SpecError

from .opamp import OpampSpec, opamp
from .ota import OtaSpec, ota


class FollowerSpec(Spec):
    """The amplifier and its sizes."""

    amplifier: Literal["opamp", "ota"] = Field("opamp", description="what is closed to a gain of one")
    opamp: OpampSpec = Field(OpampSpec(), description="sizes of an op-amp")
    ota: OtaSpec = Field(OtaSpec(), description="sizes of an OTA")

    @model_validator(mode="after")
    def _one_is_meant(self) -> Self:
        if self.opamp.auto_zero:
            raise SpecError("opamp.auto_zero", True, "false in a follower, which has no phases", fix=False)
        other = "ota" if self.amplifier == "opamp" else "opamp"
        given = getattr(self, other)
        if given != type(given)():
            said = f"left out but for amplifier {other}"
            raise SpecError(other, given.model_dump(exclude_defaults=True), said, instead=f"amplifier={other}")
        return self


@register(
    FollowerSpec,
    system="amplifier",
    kind="follower",
    examples=[{"amplifier": "ota"}],
)
def follower(spec: FollowerSpec) -> Cell:
    """A follower: an op-amp or an OTA in unity gain.

    Pins: `in`, `out`; `bias` takes a current from `vdd`, of which the pair carries `tail` times; `vdd`, `vss`.
    """
    floor = Floorplan(cell_name("follower", spec))
    core = opamp(spec.opamp) if spec.amplifier == "opamp" else ota(spec.ota)
    nets = {"inp": "in", "inn": "out", "out": "out", "bias": "bias", "vdd": "vdd", "vss": "vss"}
    amplifier = floor.part("amplifier", core, nets)
    floor.supply("vdd", "vss")
    floor.pins(left=["in", "bias"], right=["out", "vdd"], bottom=["vss"])
    return floor.cell(floor.stack(amplifier), spec, kind="follower")
