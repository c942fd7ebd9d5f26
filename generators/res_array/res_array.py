"""An array of matched resistors of equal strips of poly: any integer ratios, dummies, a ring of taps."""

from __future__ import annotations

from typing import Any

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, MatchGroup
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing, hull
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.guard_ring import tap_ring
from analoom.cells.resistor.unit import implant_box, resistor_unit
from analoom.generators.matching.placement import DUMMY, Placement
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.resistor.value import resistor_value

from .floor import ResFloor
from .nets import BODY, Wiring, wiring
from .order import placed
from .spec import ResArraySpec
from .wires import draw_wires


@register(
    ResArraySpec,
    system="resistor",
    kind="resistor",
    examples=[
        {"ratios": (37, 2, 13, 5, 10), "rows": 3, "w": 1.41, "r_unit": 21200.0},
        {"ratios": (3, 2, 1), "rows": 2, "w": 0.35},
        {"device": "res_high_po", "w": 0.69, "r_unit": 5000.0, "ratios": (2, 2), "dummies": False},
        {"device": "res_generic_po", "w": 1.0, "ratios": (1, 3), "connect": "parallel"},
        {"device": "res_high_po", "w": 1.41, "ratios": (4, 4, 4), "connect": "parallel", "rows": 3},
        {"ratios": (1, 1, 2, 4), "pattern": "interdigitated", "rows": 3, "w": 2.85, "l": 10.0},
        {"device": "res_high_po", "w": 5.73, "l": 2.0, "ratios": (1,)},
    ],
)
def res_array(spec: ResArraySpec) -> Cell:
    """Matched resistors of equal units of poly, in common centroid or interdigitated, in a ring of p-taps.

    Pins (met2): `p1`, `n1`, `p2`, `n2`, ...: `p` on the left edge; in series `n` on the right, or on the left after an
    even number of rows. `b`, on the left edge, is the ring, the silicon below and both ends of every dummy. Nothing
    crosses a body: tracks lie over the heads and beyond them, and each unit meets its track by the same vias.
    """
    drawing, placement = Drawing(cell_name("res_array", spec)), _placement(spec)
    wires = wiring(placement, len(spec.ratios), spec.connect)
    floor = ResFloor(spec.strip, placement, len(spec.ratios), int(spec.dummies), wires.risers_by_side())
    instances = _units(floor, wires)
    children = tuple(instance.place(drawing) for instance in instances)
    ring = tap_ring(drawing, floor.inner, n_tap=False)
    _implants(drawing, floor)
    pins = tuple(draw_wires(drawing, floor, wires, drawing.cell.bbox()))
    ports = (*(f"{end}{k}" for k in range(1, len(spec.ratios) + 1) for end in "pn"), BODY)
    group = _group(floor)
    return Cell(
        name=drawing.cell.name,
        kind="resistor",
        spec=spec,
        layout=drawing.cell,
        circuit=Circuit(drawing.cell.name, ports, instances=children),
        pins=pins,
        instances=instances,
        match_groups=(group,),
        notes=_notes(spec, floor, group, ring.width() * ring.height() / 1e6),
    )


def _placement(spec: ResArraySpec) -> Placement:
    """Who stands where, by the pitch of rows that the tracks of all resistors and the body ask for."""
    row_nm = ResFloor(spec.strip, Placement(((DUMMY,),), 1, 1), len(spec.ratios), 1).row_pitch_nm
    return placed(spec.ratios, spec.rows, spec.pattern, (spec.strip.pitch_nm, row_nm))


def _units(floor: ResFloor, wires: Wiring) -> tuple[Instance, ...]:
    """One instance a strip; both ends of a dummy are on the body."""
    cell, counts, out = resistor_unit(floor.strip), dict[int, int](), list[Instance]()
    for site in floor.sites:
        who = floor.owner(site)
        counts[who] = counts.get(who, 0) + 1
        name = f"{'dummy' if who == DUMMY else f'r{who + 1}'}_{counts[who]}"
        r0, r1 = wires.ends.get(site, (BODY, BODY))
        nets = {"r0": r0, "r1": r1, "b": BODY}
        own = {port: nets[port] for port in cell.circuit.ports}
        out.append(Instance(name, cell, kdb.Trans(*floor.origin_nm(site)), own))
    return tuple(out)


def _implants(drawing: Drawing, floor: ResFloor) -> None:
    """One rpm or urpm, npc and psdm around all strips of a precision resistor, so that none ends between two."""
    implant = floor.strip.device.implant
    if implant is not None:
        drawing.add(implant, implant_box(floor.strip, floor.poly))
        by = rules.NPC_ENCLOSES_RESISTOR.value_nm
        drawing.add(Layer.NPC, floor.poly.enlarged(by, by))
        drawing.add(Layer.PSDM, floor.inner)


def _group(floor: ResFloor) -> MatchGroup:
    members: dict[str, list[kdb.Box]] = {}
    for k in range(floor.resistors):
        own = floor.placement.sites(k)
        members[f"r{k + 1}"] = [floor.strip.body.moved(*floor.origin_nm(site)) for site in own]
    return MatchGroup("resistors", members, whole_cell=True)


def _notes(spec: ResArraySpec, floor: ResFloor, group: MatchGroup, area_um2: float) -> dict[str, Any]:
    """What a unit is worth and how the units stand."""
    unit = resistor_value(spec.device, spec.w, spec.l_um)
    middle = hull(box for boxes in group.members.values() for box in boxes)
    x_nm, y_nm = (middle.left + middle.right) / 2, (middle.bottom + middle.top) / 2
    offsets = {name: group.centroid_nm(name) for name in group.members}
    bodies = sum(box.area() for boxes in group.members.values() for box in boxes) / 1e6
    return {
        "rows": floor.placement.rows,
        "units": sum(spec.ratios),
        "dummy_units": sum(map(len, floor.dummies)),
        "unit_length_um": spec.l_um,
        "unit_ohm": round(unit.total_ohm, 3),
        "head_share": round(unit.head_share, 6),
        "body_area_share": round(bodies / area_um2, 4),
        "centroid_offset_um": {
            name: [round((x - x_nm) / 1000, 6), round((y - y_nm) / 1000, 6)] for name, (x, y) in offsets.items()
        },
    }
