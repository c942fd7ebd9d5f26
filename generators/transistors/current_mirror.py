"""A current mirror of unit transistors: any integer ratios, several outputs, one row or several, guard rings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analoom.cells.fingers.block import DrawnBlock, draw_block
from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, finger_nm
from analoom.cells.fingers.row import MOST_FINGERS, FingerRow, pitch_nm
from analoom.cells.fingers.wells import ISOLATED, FingerBlock, well_ports
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.generators.matching.notes import area_cost, matching_notes
from analoom.pdk import devices
from analoom.pdk.devices import DrawnMosName
from analoom.pdk.errors import SpecError

from .mirror_rows import (
    DUMMY,
    FINGERS,
    IDLE,
    INPUT,
    SOURCE,
    MirrorPattern,
    idle_fingers,
    mirror_diffusions,
    unit_rows,
)
from .pair_rows import MOST_ROWS, Sharing

MOST_OUTPUTS = 16
"""Outputs that get a bus: beyond it the row's gates and drains lie too far from the ring's taps (LU.2)."""

UNFENCED = 3
"""The input and two outputs: with these the outputs change places at both ends of the tracks beside the rows."""

Ratio = Annotated[int, Field(ge=1, strict=True)]


class CurrentMirrorSpec(Spec):
    """`w` and `l` are those of one unit of two fingers; `ratios` counts the units of the input first, then outputs."""

    device: DrawnMosName = Field("nfet_01v8", description="transistor flavour of every unit")
    w: LengthUm = Field(2.0, description="total gate width of one unit", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(1.0, description="gate length", json_schema_extra=GATE_LENGTH)  # noqa: E741
    ratios: tuple[Ratio, ...] = Field(
        (2, 2),
        description="units of the input, then of out1, out2, ...",
        json_schema_extra={"unit": "unit transistors"},
    )
    pattern: MirrorPattern = Field(
        "centroid",
        description="centroid: one row, mirrored about its middle as far as odd ratios allow; interdigitated: one row, "
        "dealt in turn; cross_quad: half of each side below, in the opposite order above; centroid_2d: in `rows` rows "
        "about one centre",
    )
    rows: int = Field(2, ge=2, le=MOST_ROWS, description="rows of pattern centroid_2d; 2 for the others")
    sharing: Sharing = Field("shared", description="units share one diffusion a row, or each stands on its own")
    dummies: bool = Field(True, description="a dummy at each end of a row, gate on the body")
    well: Literal["common", "isolated"] = Field("common", description=ISOLATED)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        finger_nm(self.device, self.w, self.l, FINGERS)
        if not 2 <= len(self.ratios) <= MOST_OUTPUTS + 1:
            bound = f"the input and 1 to {MOST_OUTPUTS} outputs, which can be routed"
            fix = self.ratios[: MOST_OUTPUTS + 1] if len(self.ratios) > 1 else (1, 1)
            raise SpecError("ratios", list(self.ratios), bound, fix=fix)
        if FINGERS * sum(self.ratios) + 2 > MOST_FINGERS:
            bound = f"at most {MOST_FINGERS // FINGERS - 1} units in all"
            raise SpecError("ratios", list(self.ratios), bound, fix=(1,) * len(self.ratios))
        _check_rows(self)
        return self


def _check_rows(spec: CurrentMirrorSpec) -> None:
    """Each row holds a unit; a cross of two rows has half of each side in either."""
    if spec.pattern != "centroid_2d" and spec.rows != 2:
        rule = "only centroid_2d has rows to choose"
        raise SpecError("rows", spec.rows, f"2 for pattern {spec.pattern}", rule, fix=2)
    if spec.pattern == "cross_quad" and any(units % 2 for units in spec.ratios):
        even, rule = [units + units % 2 for units in spec.ratios], "each row has half of every side"
        raise SpecError("ratios", list(spec.ratios), "even for pattern cross_quad", rule, fix=even)
    if spec.pattern == "centroid_2d" and spec.rows > sum(spec.ratios):
        units = sum(spec.ratios)
        raise SpecError("rows", spec.rows, f"at most {units}, the units of all sides", fix=units)


@register(
    CurrentMirrorSpec,
    system="transistor",
    kind="mirror",
    examples=[
        {"ratios": (1, 2, 4, 8)},
        {"device": "pfet_01v8", "w": 4, "l": 0.5, "ratios": (2, 4, 2)},
        {"ratios": (1, 1, 1), "pattern": "interdigitated", "dummies": False},
        {"ratios": (2, 2, 4), "pattern": "cross_quad", "well": "isolated"},
        {"ratios": (1, 2, 4, 8), "pattern": "centroid_2d", "rows": 3, "sharing": "separate"},
        {"device": "pfet_g5v0d10v5", "ratios": (1, 2)},
    ],
)
def current_mirror(spec: CurrentMirrorSpec) -> Cell:
    """A current mirror of unit transistors: integer ratios, several outputs, common centroid in one row or several.

    Pins: `in` (gates and the input's drain), `out1`, `out2`, ..., `s` and `b`, and `nw` where there is a deep n-well.
    """
    drawing, device = Drawing(cell_name("current_mirror", spec)), devices.mos(spec.device)
    nets, order = drains(spec), _order(spec)
    rows = [[_row(spec, r, line)] for r, line in enumerate(order)]
    drawn = draw_block(drawing, FingerBlock(rows, spec.well, SOURCE if len(nets) > UNFENCED else None))
    ports = (*nets, SOURCE, DUMMY, *well_ports(device, spec.well))
    circuit = Circuit(drawing.cell.name, ports, tuple(_devices(spec, nets, order)))
    group = _group(drawn, order, spec)
    notes = {"units": sum(spec.ratios), **matching_notes(group, rows, drawing.cell.bbox())}
    if spec.well != "common":
        common = current_mirror(CurrentMirrorSpec.parse({**spec.model_dump(), "well": "common"}))
        notes |= area_cost(drawing.cell.bbox(), common)
    return Cell(
        drawing.cell.name, "mirror", spec, drawing.cell, circuit, drawn.pins, match_groups=(group,), notes=notes
    )


def drains(spec: CurrentMirrorSpec) -> tuple[str, ...]:
    """The drain net of each side: the input, then the outputs."""
    return (INPUT, *(f"out{k}" for k in range(1, len(spec.ratios))))


def _order(spec: CurrentMirrorSpec) -> tuple[tuple[int, ...], ...]:
    """The side of each unit, by row."""
    return unit_rows(spec.pattern, spec.ratios, spec.rows, pitch_nm(_row(spec, 0, (0, 1))))


def _row(spec: CurrentMirrorSpec, r: int, line: Sequence[int]) -> FingerRow:
    """Row `r`. In every other row the drains' buses stand in the opposite order: the inner ones are then outer ones."""
    nets = drains(spec)
    islands = mirror_diffusions(line, nets, dummies=spec.dummies, sharing=spec.sharing)
    buses = (SOURCE, *(nets if r % 2 == 0 else nets[::-1]), SOURCE)
    finger = finger_nm(spec.device, spec.w, spec.l, FINGERS)
    return FingerRow(devices.mos(spec.device), *finger, islands, (INPUT,), buses)


def _devices(spec: CurrentMirrorSpec, nets: Sequence[str], order: Sequence[Sequence[int]]) -> list[Mos]:
    device = devices.mos(spec.device)
    sides = [
        Mos(f"m{k}", device, spec.w, spec.l, {"d": net, "g": INPUT, "s": SOURCE, "b": DUMMY}, FINGERS, units)
        for k, (net, units) in enumerate(zip(nets, spec.ratios, strict=True))
    ]
    idle = idle_fingers(order, dummies=spec.dummies, sharing=spec.sharing)
    off, one = {"d": SOURCE, "g": DUMMY, "s": SOURCE, "b": DUMMY}, round(spec.w / FINGERS, 6)
    return sides + [Mos(f"mdummy{k}", device, one, spec.l, off, m=idle // 2) for k in (1, 2) if idle]


def _group(drawn: DrawnBlock, order: Sequence[Sequence[int]], spec: CurrentMirrorSpec) -> MatchGroup:
    members: dict[str, list[Box]] = {f"m{k}": [] for k in range(len(spec.ratios))}
    for line, gates in zip(order, drawn.gates, strict=True):
        boxes = [box for net, box in gates if net == INPUT]
        for n, side in enumerate(k for k in line if k != IDLE):
            members[f"m{side}"] += boxes[FINGERS * n : FINGERS * (n + 1)]
    return MatchGroup("mirror", members, whole_cell=True)
