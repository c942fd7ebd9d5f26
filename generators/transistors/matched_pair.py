"""Two transistors that match: one row or several, in one well or in islands, dummies at the ends, guard rings."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from analoom.cells.fingers.block import DrawnBlock, draw_block
from analoom.cells.fingers.mosfet import GATE_LENGTH, GATE_WIDTH, finger_nm
from analoom.cells.fingers.row import MOST_FINGERS, FingerRow, Island, pitch_nm
from analoom.cells.fingers.wells import ISOLATED, FingerBlock, Well, well_ports
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.generators.matching.notes import area_cost, matching_notes
from analoom.pdk import devices
from analoom.pdk.devices import DrawnMosName
from analoom.pdk.errors import SpecError

from .pair_rows import IDLE, MOST_ROWS, Nets, PairPattern, Sharing, Units, buses, diffusions, island_rows, pair_units

WELLS = ISOLATED + "; islands: each device in wells of its own, its body tied to its own source"


class MatchedPairSpec(Spec):
    """`w` and `nf` are those of each of the two devices. The units of the pattern are two fingers sharing a drain where
    `nf` allows (sources then lie at every seam and end), else single fingers."""

    device: DrawnMosName = Field("nfet_01v8", description="transistor flavour of both devices")
    w: LengthUm = Field(4.0, description="total gate width of each device", json_schema_extra=GATE_WIDTH)
    l: LengthUm = Field(1.0, description="gate length", json_schema_extra=GATE_LENGTH)  # noqa: E741
    nf: int = Field(4, ge=2, description="fingers of each device; even but for abab")
    pattern: PairPattern = Field(
        "abba",
        description="order of the units, or of islands: abba and abab in one row, cross_quad AB below BA, centroid_2d "
        "in `rows` rows about one centre",
    )
    rows: int = Field(2, ge=2, le=MOST_ROWS, description="rows of pattern centroid_2d; 2 for the others")
    sharing: Sharing = Field("shared", description="neighbours share diffusions, or each unit stands on its own")
    dummies: bool = Field(True, description="a dummy at each end of a row or island, gate on the body")
    well: Well = Field("common", description=WELLS)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        finger_nm(self.device, self.w, self.l, self.nf)
        if self.pattern != "abab" and self.nf % 2:
            bound = f"even for pattern {self.pattern}"
            rule = "both halves of the pattern need the same units"
            raise SpecError("nf", self.nf, bound, rule, fix=max(self.nf - 1, 2))
        if 2 * self.nf + 2 > MOST_FINGERS:
            most = MOST_FINGERS // 2 - 1
            raise SpecError("nf", self.nf, f"at most {most}", fix=most // 2 * 2)
        _check_rows(self)
        return self


def _check_rows(spec: MatchedPairSpec) -> None:
    """Each row holds a unit, each island of a device as many fingers as its others."""
    if spec.pattern != "centroid_2d":
        if spec.rows != 2:
            rule = "only centroid_2d has rows to choose"
            raise SpecError("rows", spec.rows, f"2 for pattern {spec.pattern}", rule, fix=2)
    elif spec.well == "islands" and spec.nf % spec.rows:
        bound = f"a divisor of nf = {spec.nf}, as each row has an island of each device"
        raise SpecError("rows", spec.rows, bound, fix=2)
    elif spec.rows > spec.nf:
        bound = f"at most {spec.nf}, the units of two fingers of both devices"
        raise SpecError("rows", spec.rows, bound, fix=spec.nf)


@register(
    MatchedPairSpec,
    system="transistor",
    kind="pair",
    examples=[
        {"pattern": "abab"},
        {"device": "pfet_01v8", "w": 8, "l": 0.5},
        {"w": 2, "l": 0.15, "nf": 2},
        {"well": "isolated"},
        {"pattern": "cross_quad", "sharing": "separate"},
        {"pattern": "centroid_2d", "nf": 8, "w": 8, "rows": 4},
        {"well": "islands"},
        {"device": "pfet_01v8", "pattern": "cross_quad", "well": "islands"},
        {"device": "nfet_g5v0d10v5", "l": 0.5, "pattern": "cross_quad", "well": "islands"},
        {"device": "pfet_g5v0d10v5", "pattern": "cross_quad", "sharing": "separate"},
    ],
)
def matched_pair(spec: MatchedPairSpec) -> Cell:
    """A matched transistor pair: one row or several about one centre, dummies, guard rings, common well or islands.

    Pins: `d1`, `g1`, `d2`, `g2`, then `s` and `b`, of islands `s1` and `s2`, and `nw` where there is a deep n-well.
    """
    drawing, device = Drawing(cell_name("matched_pair", spec)), devices.mos(spec.device)
    rows = _rows(spec)
    drawn = draw_block(drawing, FingerBlock(rows, spec.well))
    sources = ("s1", "s2") if spec.well == "islands" else ("s", "b")
    ports = ("d1", "g1", "d2", "g2", *sources, *well_ports(device, spec.well))
    circuit = Circuit(drawing.cell.name, ports, tuple(_devices(spec)))
    group = _group(drawn)
    notes = _notes(spec, group, rows, drawing)
    return Cell(drawing.cell.name, "pair", spec, drawing.cell, circuit, drawn.pins, match_groups=(group,), notes=notes)


def _rows(spec: MatchedPairSpec) -> list[list[FingerRow]]:
    if spec.well == "islands":
        return [[_row(spec, r, _island(spec, d), f"s{d}") for d in line] for r, line in enumerate(_island_rows(spec))]
    units = _units(spec)
    return [
        [_row(spec, r, diffusions(line, units.fingers, dummies=spec.dummies, sharing=spec.sharing), Nets().body)]
        for r, line in enumerate(units.rows)
    ]


def _row(spec: MatchedPairSpec, r: int, islands: list[Island], body: str) -> FingerRow:
    if spec.well == "islands":
        gates, drains = buses(r, ("s1", "s2"), ("s1", "s2"))
    else:
        gates, drains = buses(r, (Nets().source,) * 2, (Nets().body,) * 2)
    return FingerRow(
        devices.mos(spec.device), *finger_nm(spec.device, spec.w, spec.l, spec.nf), islands, gates, drains, body
    )


def _units(spec: MatchedPairSpec) -> Units:
    unit = _row(spec, 0, diffusions((1, 2), 2, dummies=True), Nets().body)
    return pair_units(spec.pattern, spec.nf, spec.rows, pitch_nm(unit))


def _island_rows(spec: MatchedPairSpec) -> tuple[tuple[int, ...], ...]:
    return island_rows(spec.pattern, spec.rows)


def _fingers_an_island(spec: MatchedPairSpec) -> int:
    return spec.nf // sum(line.count(1) for line in _island_rows(spec))


def _island(spec: MatchedPairSpec, device: int) -> list[Island]:
    fingers, own = _fingers_an_island(spec), f"s{device}"
    a_unit = 1 if fingers % 2 else 2
    units = (device,) * (fingers // a_unit)
    return diffusions(units, a_unit, dummies=spec.dummies, sharing=spec.sharing, nets=Nets(own, own))


def _devices(spec: MatchedPairSpec) -> list[Mos]:
    device, finger_um = devices.mos(spec.device), round(spec.w / spec.nf, 6)
    apart = spec.well == "islands"
    found = []
    for k in (1, 2):
        own = {"s": f"s{k}", "b": f"s{k}"} if apart else {"s": "s", "b": "b"}
        found.append(Mos(f"m{k}", device, spec.w, spec.l, {"d": f"d{k}", "g": f"g{k}", **own}, spec.nf))
    for k in (1, 2) if _dummies(spec) else ():
        net, body = (f"s{k}", f"s{k}") if apart else ("s", "b")
        idle = {"d": net, "g": body, "s": net, "b": body}
        found.append(Mos(f"mdummy{k}", device, finger_um, spec.l, idle, m=_dummies(spec) // 2))
    return found


def _dummies(spec: MatchedPairSpec) -> int:
    """Dummy fingers in all, as many of them for either device."""
    if spec.well == "islands":
        alone = 1 if _fingers_an_island(spec) % 2 else 2
        rows, units, idle = sum(map(len, _island_rows(spec))), alone, 0
    else:
        placed = _units(spec)
        rows, units, idle = len(placed.rows), placed.fingers, sum(line.count(IDLE) for line in placed.rows)
        idle *= placed.fingers
    an_end = units if spec.sharing == "separate" else 1
    return idle + 2 * rows * an_end * spec.dummies


def _group(drawn: DrawnBlock) -> MatchGroup:
    boxes = {f"m{k}": [box for row in drawn.gates for net, box in row if net == f"g{k}"] for k in (1, 2)}
    return MatchGroup("pair", boxes, whole_cell=True)


def _notes(spec: MatchedPairSpec, group: MatchGroup, rows: list[list[FingerRow]], drawing: Drawing) -> dict[str, Any]:
    notes = matching_notes(group, rows, drawing.cell.bbox())
    if spec.well == "common":
        return notes
    common = matched_pair(MatchedPairSpec.parse({**spec.model_dump(), "well": "common"}))
    return {**notes, **area_cost(drawing.cell.bbox(), common)}
