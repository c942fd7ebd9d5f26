"""A current mirror of unit transistors in one row: any integer ratios, several outputs, dummies, a guard ring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from analoom.cells.cell import Cell, Kind, LengthUm, MatchGroup, Spec
from analoom.cells.circuit import Circuit, Mos
from analoom.cells.draw import Drawing, hull
from analoom.cells.finger_block import ISOLATED, DrawnBlock, draw_row, well_ports
from analoom.cells.finger_row import MOST_FINGERS, FingerRow, Island
from analoom.cells.mosfet import finger_nm
from analoom.cells.registry import cell_name, register
from analoom.pdk import devices
from analoom.pdk.devices import MosName
from analoom.pdk.errors import SpecError

from .centroid import place_row

DUMMY, INPUT, SOURCE = "b", "in", "s"
FINGERS = 2
"""Fingers of a unit, sharing a drain: sources lie at every seam, so units stand in any order in one diffusion."""
MOST_OUTPUTS = 16
"""Outputs that get a bus: beyond it the row's gates and drains lie too far from the ring's taps (LU.2)."""

Ratio = Annotated[int, Field(ge=1, strict=True)]


class CurrentMirrorSpec(Spec):
    """`w` and `l` are those of one unit of two fingers; `ratios` counts the units of the input first, then outputs."""

    device: MosName = Field("nfet_01v8", description="transistor flavour of every unit")
    w: LengthUm = Field(2.0, description="total gate width of one unit", json_schema_extra={"unit": "um"})
    l: LengthUm = Field(1.0, description="gate length", json_schema_extra={"unit": "um"})  # noqa: E741
    ratios: tuple[Ratio, ...] = Field((2, 2), description="units of the input, then of out1, out2, ...")
    pattern: Literal["centroid", "interdigitated"] = Field(
        "centroid", description="mirrored about the middle as far as odd ratios allow, or dealt in turn"
    )
    dummies: bool = Field(True, description="a dummy finger at each end, gate on the body")
    well: Literal["common", "isolated"] = Field("common", description=ISOLATED)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        finger_nm(self.device, self.w, self.l, FINGERS)
        if not 2 <= len(self.ratios) <= MOST_OUTPUTS + 1:
            raise SpecError(
                "ratios", list(self.ratios), f"the input and 1 to {MOST_OUTPUTS} outputs, which can be routed"
            )
        if FINGERS * sum(self.ratios) + 2 > MOST_FINGERS:
            raise SpecError("ratios", list(self.ratios), f"at most {MOST_FINGERS // FINGERS - 1} units in all")
        return self


@register(
    CurrentMirrorSpec,
    kind=Kind.MIRROR,
    examples=[
        {"ratios": (1, 2, 4, 8)},
        {"device": "pfet_01v8", "w": 4, "l": 0.5, "ratios": (2, 4, 2)},
        {"ratios": (1, 1, 1), "pattern": "interdigitated", "dummies": False},
    ],
)
def current_mirror(spec: CurrentMirrorSpec) -> Cell:
    """A current mirror of unit transistors: integer ratios, several outputs, common centroid in one row.

    Pins: `in` (gates and the input's drain), `out1`, `out2`, ..., `s` and `b`.
    """
    drawing, device = Drawing(cell_name("current_mirror", spec)), devices.mos(spec.device)
    w_nm, l_nm = finger_nm(spec.device, spec.w, spec.l, FINGERS)
    nets = drains(spec)
    order = unit_order(spec.pattern, spec.ratios)
    row = FingerRow(device, w_nm, l_nm, [_island(order, nets, spec.dummies)], (INPUT,), (SOURCE, *nets, SOURCE))
    drawn = draw_row(drawing, row, spec.well)
    circuit = Circuit(
        drawing.cell.name, (*nets, SOURCE, "b", *well_ports(device, spec.well)), tuple(_devices(spec, nets))
    )
    group = _group(drawn, order, spec)
    notes = _notes(drawn, group, spec)
    return Cell(
        drawing.cell.name, Kind.MIRROR, spec, drawing.cell, circuit, drawn.pins, match_groups=(group,), notes=notes
    )


def drains(spec: CurrentMirrorSpec) -> tuple[str, ...]:
    """The drain net of each side: the input, then the outputs."""
    return (INPUT, *(f"out{k}" for k in range(1, len(spec.ratios))))


def unit_order(pattern: str, ratios: Sequence[int]) -> tuple[int, ...]:
    """Which side each unit belongs to, left to right."""
    if pattern == "centroid":
        return place_row(ratios, 1).owner[0]
    placed, order = [0] * len(ratios), []
    for n in range(1, sum(ratios) + 1):
        late = max(range(len(ratios)), key=lambda k: (ratios[k] * n / sum(ratios) - placed[k], ratios[k], -k))
        placed[late] += 1
        order.append(late)
    return tuple(order)


def _island(order: Sequence[int], nets: Sequence[str], dummies: bool) -> Island:
    """One diffusion: source, then a drain between two gates for each unit."""
    ends = dummies * (SOURCE,)
    regions = [*ends, SOURCE, *(net for k in order for net in (nets[k], SOURCE)), *ends]
    gates = [*(dummies * (DUMMY,)), *(INPUT,) * (FINGERS * len(order)), *(dummies * (DUMMY,))]
    return Island(tuple(regions), tuple(gates))


def _devices(spec: CurrentMirrorSpec, nets: Sequence[str]) -> list[Mos]:
    device = devices.mos(spec.device)
    sides = [
        Mos(f"m{k}", device, spec.w, spec.l, {"d": net, "g": INPUT, "s": SOURCE, "b": "b"}, FINGERS, units)
        for k, (net, units) in enumerate(zip(nets, spec.ratios, strict=True))
    ]
    idle = {"d": SOURCE, "g": DUMMY, "s": SOURCE, "b": "b"}
    one = round(spec.w / FINGERS, 6)
    return sides + [Mos(f"mdummy{k}", device, one, spec.l, idle) for k in (1, 2) if spec.dummies]


def _group(drawn: DrawnBlock, order: Sequence[int], spec: CurrentMirrorSpec) -> MatchGroup:
    boxes = [box for net, box in drawn.gates[0] if net == INPUT]
    members: dict[str, list[Any]] = {f"m{k}": [] for k in range(len(spec.ratios))}
    for n, side in enumerate(order):
        members[f"m{side}"] += boxes[FINGERS * n : FINGERS * (n + 1)]
    return MatchGroup("mirror", members)


def _notes(drawn: DrawnBlock, group: MatchGroup, spec: CurrentMirrorSpec) -> dict[str, Any]:
    """How far each side's centre is from the row's: 0 where its ratio could be centred, else what is left."""
    middle = hull(box for net, box in drawn.gates[0] if net == INPUT)
    offset = {name: (group.centroid_nm(name)[0] - (middle.left + middle.right) / 2) / 1000 for name in group.members}
    return {"units": sum(spec.ratios), "centroid_offset_um": {name: round(x, 6) for name, x in offset.items()}}
