"""Two transistors that match: interdigitated in one row, common source, dummies at the ends, a guard ring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from analoom.cells.cell import Cell, Kind, LengthUm, MatchGroup, Spec
from analoom.cells.circuit import Circuit, Mos
from analoom.cells.draw import Drawing
from analoom.cells.finger_block import ISOLATED, DrawnBlock, Well, draw_row, well_ports
from analoom.cells.finger_row import MOST_FINGERS, FingerRow, Island
from analoom.cells.mosfet import finger_nm
from analoom.cells.registry import cell_name, register
from analoom.pdk import devices
from analoom.pdk.devices import MosName
from analoom.pdk.errors import SpecError

DUMMY = "b"
"""Net of the dummy gates: the body, so that they are off."""


GATE_BUSES, DRAIN_BUSES = (DUMMY, "g1", "g2", DUMMY), ("s", "d1", "d2", "s")
"""Met2 buses from the fingers outward: each drain, and each gate, lies between the other and a quiet net."""


WELLS = ISOLATED + "; islands: each device in wells of its own, its body tied to its own source"


class MatchedPairSpec(Spec):
    """`w` and `nf` are those of each of the two devices. The units of the pattern are two fingers sharing a drain where
    `nf` allows (sources then lie at every seam and end), else single fingers."""

    device: MosName = Field("nfet_01v8", description="transistor flavour of both devices")
    w: LengthUm = Field(4.0, description="total gate width of each device", json_schema_extra={"unit": "um"})
    l: LengthUm = Field(1.0, description="gate length", json_schema_extra={"unit": "um"})  # noqa: E741
    nf: int = Field(4, ge=2, description="fingers of each device; even for abba")
    pattern: Literal["abba", "abab"] = Field("abba", description="order of the units; abba has one exact centroid")
    dummies: bool = Field(True, description="a dummy finger at each end, gate on the body")
    well: Well = Field("common", description=WELLS)

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        finger_nm(self.device, self.w, self.l, self.nf)
        if self.pattern == "abba" and self.nf % 2:
            raise SpecError("nf", self.nf, "even for pattern abba", "both halves of the pattern need the same units")
        if 2 * self.nf + 2 > MOST_FINGERS:
            raise SpecError("nf", self.nf, f"at most {MOST_FINGERS // 2 - 1}")
        return self


@register(
    MatchedPairSpec,
    kind=Kind.PAIR,
    examples=[
        {"pattern": "abab"},
        {"device": "pfet_01v8", "w": 8, "l": 0.5},
        {"w": 2, "l": 0.15, "nf": 2},
        {"well": "isolated"},
    ],
)
def matched_pair(spec: MatchedPairSpec) -> Cell:
    """A matched transistor pair with common source: abba or abab, dummies, guard ring."""
    drawing, device = Drawing(cell_name("matched_pair", spec)), devices.mos(spec.device)
    w_nm, l_nm = finger_nm(spec.device, spec.w, spec.l, spec.nf)
    islands = diffusions(finger_order(spec.pattern, spec.nf), dummies=spec.dummies)
    drawn = draw_row(drawing, FingerRow(device, w_nm, l_nm, islands, GATE_BUSES, DRAIN_BUSES), spec.well)
    circuit = Circuit(
        drawing.cell.name, ("d1", "g1", "d2", "g2", "s", "b", *well_ports(device, spec.well)), tuple(_devices(spec))
    )
    return Cell(drawing.cell.name, Kind.PAIR, spec, drawing.cell, circuit, drawn.pins, match_groups=(_group(drawn),))


def finger_order(pattern: str, nf: int) -> tuple[int, ...]:
    """Which device (1 or 2) each finger belongs to, left to right, dummies left out."""
    fingers_a_unit = 2 if nf % 4 == 0 or (pattern == "abab" and nf % 2 == 0 and nf > 2) else 1
    base = (1, 2, 2, 1) if pattern == "abba" else (1, 2)
    units = base * (2 * nf // fingers_a_unit // len(base))
    return tuple(d for d in units for _ in range(fingers_a_unit))


def diffusions(order: Sequence[int], *, dummies: bool) -> list[Island]:
    """Cuts a row of fingers with a common source into diffusion islands.

    Neighbours share a region when both want its net; where one drain would meet the other, the diffusion is broken.
    """
    gates = [DUMMY] * dummies + [f"g{d}" for d in order] + [DUMMY] * dummies
    islands: list[Island] = []
    regions, island_gates = ["s"], list[str]()
    for k, gate in enumerate(gates):
        drain = "s" if gate == DUMMY else "d" + gate[1]
        if regions[-1] not in ("s", drain):
            islands.append(Island(tuple(regions), tuple(island_gates)))
            regions, island_gates = [drain if k + 1 < len(gates) else "s"], []
        island_gates.append(gate)
        regions.append(drain if regions[-1] == "s" else "s")
    return [*islands, Island(tuple(regions), tuple(island_gates))]


def _devices(spec: MatchedPairSpec) -> list[Mos]:
    device, finger_um = devices.mos(spec.device), round(spec.w / spec.nf, 6)
    pair = [
        Mos(f"m{k}", device, spec.w, spec.l, {"d": f"d{k}", "g": f"g{k}", "s": "s", "b": "b"}, spec.nf) for k in (1, 2)
    ]
    idle = {"d": "s", "g": DUMMY, "s": "s", "b": "b"}
    return pair + [Mos(f"mdummy{k}", device, finger_um, spec.l, idle) for k in (1, 2) if spec.dummies]


def _group(drawn: DrawnBlock) -> MatchGroup:
    boxes = {f"m{k}": [box for net, box in drawn.gates[0] if net == f"g{k}"] for k in (1, 2)}
    return MatchGroup("pair", boxes)
