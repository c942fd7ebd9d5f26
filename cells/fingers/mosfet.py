"""One transistor of any flavour, of 1.8 V or 5 V: fingers in a row, buses on met2, a guard ring as body contact."""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import Field, JsonValue, model_validator

from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.pdk import devices, rules
from analoom.pdk.devices import DrawnMosName
from analoom.pdk.errors import SpecError
from analoom.pdk.units import GRID_NM, to_nm, to_um

from .block import draw_row
from .row import MOST_FINGERS, FingerRow, Island
from .wells import ISOLATED, well_ports

_DRAWN = [devices.mos(name) for name in get_args(DrawnMosName)]
GATE_WIDTH: dict[str, JsonValue] = {
    "unit": "um",
    "range": f"at least {to_um(min(d.w_min_nm for d in _DRAWN)):g} a finger",
}
"""What the schema says of a transistor's total width."""
GATE_LENGTH: dict[str, JsonValue] = {
    "unit": "um",
    "range": f"{to_um(min(d.l_min_nm for d in _DRAWN)):g} to {to_um(max(d.l_max_nm for d in _DRAWN)):g}, by device",
}
"""What the schema says of a transistor's length."""


class MosfetSpec(Spec):
    """`w` is the width of all `nf` fingers together, `m` how many such devices lie in parallel in the row."""

    device: DrawnMosName = Field("nfet_01v8", description="transistor flavour")
    w: LengthUm = Field(2.0, description="total gate width of one device", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(0.15, description="gate length", json_schema_extra=GATE_LENGTH)  # noqa: E741
    nf: int = Field(1, ge=1, description="number of fingers")
    m: int = Field(1, ge=1, description="devices in parallel")
    well: Literal["common", "isolated"] = Field("common", description=ISOLATED)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        finger_nm(self.device, self.w, self.l, self.nf)
        if self.nf * self.m > MOST_FINGERS:
            fix = f"nf={MOST_FINGERS // self.m}" if self.m <= MOST_FINGERS else "m=1"
            raise SpecError("nf", self.nf, f"at most {MOST_FINGERS} fingers in a row (nf times m)", instead=fix)
        return self


@register(
    MosfetSpec,
    system="transistor",
    kind="device",
    examples=[
        {"device": "pfet_01v8_hvt", "w": 4, "l": 0.5, "nf": 4},
        {"well": "isolated"},
        {"device": "nfet_g5v0d10v5", "l": 0.5},
    ],
)
def mosfet(spec: MosfetSpec) -> Cell:
    """A transistor: multi-finger, guard ring, gate, drain and source on met2."""
    drawing = Drawing(cell_name("mosfet", spec))
    device, fingers = devices.mos(spec.device), spec.nf * spec.m
    island = Island(tuple("sd"[k % 2] for k in range(fingers + 1)), ("g",) * fingers)
    w_nm, l_nm = finger_nm(spec.device, spec.w, spec.l, spec.nf)
    drawn = draw_row(drawing, FingerRow(device, w_nm, l_nm, [island], ("g",), ("d", "s")), spec.well)
    nets = {t: t for t in device.terminals}
    ports = (*device.terminals, *well_ports(device, spec.well))
    circuit = Circuit(drawing.cell.name, ports, (Mos("m1", device, spec.w, spec.l, nets, spec.nf, spec.m),))
    group = MatchGroup("gates", {"m1": [box for _, box in drawn.gates[0]]})
    return Cell(drawing.cell.name, "device", spec, drawing.cell, circuit, drawn.pins, match_groups=(group,))


def finger_nm(device: str, w_um: float, l_um: float, nf: int) -> tuple[int, int]:
    """(width, length) of one finger in nm. Raises SpecError for `w`, `l` or `nf` outside the device's limits."""
    limits = devices.mos(device)
    l_nm, w_nm = to_nm("l", l_um), to_nm("w", w_um)
    if not limits.l_min_nm <= l_nm <= limits.l_max_nm:
        bounds = f"{to_um(limits.l_min_nm):g} to {to_um(limits.l_max_nm):g} um for {device}"
        fix = to_um(limits.l_min_nm if l_nm < limits.l_min_nm else limits.l_max_nm)
        raise SpecError("l", l_um, bounds, "model bins", fix=fix)
    if w_nm % nf or w_nm // nf % GRID_NM:
        bound = f"such that w/nf = {w_um / nf:.6g} um is a multiple of 0.005 um"
        raise SpecError("w", w_um, bound, "x.1b", fix=to_um(max(round(w_nm / nf / GRID_NM), 1) * GRID_NM * nf))
    if w_nm // nf < limits.w_min_nm:
        least_um = to_um(limits.w_min_nm * nf)
        raise SpecError("w", w_um, f"at least {least_um:g} um (nf = {nf})", rules.MOS_WIDTH.id, fix=least_um)
    return w_nm // nf, l_nm
