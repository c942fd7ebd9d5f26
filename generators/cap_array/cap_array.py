"""A weighted capacitor array: unit capacitors in common centroid, top plates common, one bottom pin per weight."""

from __future__ import annotations

from typing import Annotated, Any, Self

import klayout.db as kdb
from pydantic import AfterValidator, Field, model_validator

from analoom.cells.capacitor.unit_cap import UnitCapSpec, array_unit, plate_area_um2
from analoom.cells.model.cell import Cell, Instance, Kind, LengthUm, MatchGroup, Spec
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.model.facts import UnitGrid
from analoom.cells.model.registry import cell_name, register
from analoom.generators.matching.centroid import place
from analoom.generators.matching.orders import Pattern
from analoom.generators.matching.placement import DUMMY, Placement
from analoom.pdk.errors import SpecError
from analoom.pdk.units import snap_up, to_nm, to_um

from .area import area_figures
from .grid import TRACK_PITCH_NM, CapGrid, tab_top_nm, tracks_nm
from .spines import clear_of_spines
from .top_fingers import FingerTops
from .top_met4 import Met4Tops
from .top_met5 import Met5Tops
from .top_plates import TopWires, sites_above
from .top_stack import StackTops
from .wiring import wire

MOST_WEIGHTS, MOST_UNITS = 64, 4096
"""Bounds on a weight list: no rule sets them, they keep one array within reach of one grid."""

TOPS: dict[str, type[TopWires]] = {
    "cap_mim_m3_1": Met4Tops,
    "cap_mim_m3_2": Met5Tops,
    "stacked": StackTops,
    "mom": FingerTops,
}
"""What draws the common net over each kind of unit."""

ARRAY_METALS = "met3-met4"
"""The metals of finger units in an array."""

Weight = Annotated[int, Field(ge=1, strict=True)]


def _fits(weights: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(weights) <= MOST_WEIGHTS or sum(weights) > MOST_UNITS:
        given = f"{len(weights)} weights, {sum(weights)} units given"
        raise ValueError(f"1 to {MOST_WEIGHTS} weights, at most {MOST_UNITS} units in all ({given})")
    return weights


class CapArraySpec(Spec):
    """A capacitor array with integer weights."""

    weights: Annotated[
        tuple[Weight, ...],
        AfterValidator(_fits),
        Field(
            description="units of each weight, one bottom pin each (b0, b1, ...)",
            json_schema_extra={"unit": "unit capacitors", "minItems": 1, "maxItems": MOST_WEIGHTS},
        ),
    ] = (1, 1, 2, 4)
    unit: Annotated[UnitCapSpec, Field(description="the unit capacitor")] = UnitCapSpec()
    pattern: Annotated[Pattern, Field(description="order in which the weights take their sites")] = "dispersed"
    dummies: Annotated[bool, Field(description="a ring of dummy units around the array")] = True
    stubs: Annotated[
        tuple[Annotated[LengthUm, Field(ge=0)], ...],
        Field(
            description="length of stubs of `top` over each weight's plates, to balance wires; () for none",
            json_schema_extra={"unit": "um"},
        ),
    ] = ()

    @model_validator(mode="after")
    def _fingers_fit(self) -> Self:
        if self.unit.device != "mom":
            return self
        if self.unit.fingers.layers != ARRAY_METALS:
            bound = f"{ARRAY_METALS}: an array wires its units on met1 and met2 below them"
            raise SpecError("unit.fingers.layers", self.unit.fingers.layers, bound)
        if not self.dummies:
            raise SpecError("dummies", False, "true for mom units: met2 from ring to ring hides the wires from them")
        return self

    @model_validator(mode="after")
    def _stubs_fit(self) -> Self:
        if self.stubs and len(self.stubs) != len(self.weights):
            raise SpecError("stubs", list(self.stubs), f"one per weight ({len(self.weights)})")
        room = TOPS[self.unit.device].stub_room_nm(self.unit)
        for weight, (length, units) in enumerate(zip(self.stubs, self.weights, strict=False)):
            if to_nm("stubs", length) > units * room:
                raise SpecError(f"stubs.{weight}", length, f"at most {to_um(room):g} um a unit")
        return self


@register(
    CapArraySpec,
    kind=Kind.CAPACITOR,
    examples=[
        {"weights": (1, 1, 2, 4, 8, 16, 32)},
        {"weights": (3, 5), "unit": {"w": 1.0}},
        {"weights": (2, 2, 3), "dummies": False},
        {"unit": {"device": "cap_mim_m3_2", "w": 2.5}},
        {"unit": {"device": "stacked", "w": 3.0}},
        {"unit": {"device": "mom", "fingers": {"c": 3.0}}},
    ],
)
def cap_array(spec: CapArraySpec) -> Cell:
    """A weighted capacitor array in common centroid, top plates common, each weight's bottom plates on its own pin.

    Pins: `top` (met4, upper edge), `b0`, `b1`, ... (met2, left edge) and, where there are dummies, `vss`: both plates
    of every dummy (the ring, and the sites the weights leave over) lie on it, so that dummies load neither `top` nor
    a weight. Bottom plates are wired from below: a met2 bar under each unit, met1 tracks down each column, met2 lines
    under the array. The tracks keep under the plates, out of sight of `top`, as far as they fit (6 at 2 um), and with
    a ring met2 on `vss` covers them between the bars. Every unit carries the same bar and the same met4 frame,
    whatever its neighbours are.
    """
    name = cell_name("cap_array", spec)
    grid = _grid(spec)
    drawing = Drawing(name)
    instances = _units(spec, grid)
    children = tuple(instance.placed(drawing) for instance in instances)
    pins = wire(drawing, grid, TOPS[spec.unit.device](drawing, grid))
    sites = _unit_grid(spec, grid)
    return Cell(
        name=name,
        kind=Kind.CAPACITOR,
        spec=spec,
        layout=drawing.cell,
        circuit=Circuit(name, tuple(pin.name for pin in pins), instances=children),
        pins=pins,
        instances=instances,
        match_groups=(_match_group(spec, grid),),
        notes=_notes(spec, grid, sites, drawing),
        grid=sites,
    )


def _grid(spec: CapArraySpec) -> CapGrid:
    """The placement, with columns as wide as their tracks need."""
    outline, tops = spec.unit.outline, TOPS[spec.unit.device]
    pitch_x = snap_up(outline.pitch_x().nm, CUT_GRID_NM)
    pitch_y = snap_up(outline.pitch_y(tab_top_nm(outline)).nm, CUT_GRID_NM)
    placement = place(spec.weights, pitch_x, pitch_y, border=int(spec.dummies), pattern=spec.pattern)
    if not tops.makes_way:
        placement = clear_of_spines(placement, searched=spec.pattern == "optimised")
    widest = max(len(set(column)) for column in zip(*placement.owner, strict=True))
    pitch_x = max(pitch_x, snap_up(tracks_nm(widest), CUT_GRID_NM))
    placed = Placement(placement.owner, pitch_x, pitch_y)
    stubs = tuple(to_nm("stubs", length) for length in spec.stubs)
    way_out = sites_above(placed, spec.dummies) if tops.makes_way else frozenset()
    gap = tops.ring_gap_nm(spec.unit, pitch_x, pitch_y) if spec.dummies else (0, 0)
    return CapGrid(placed, spec.unit, len(spec.weights), spec.dummies, widest, stubs, way_out, gap)


def _units(spec: CapArraySpec, grid: CapGrid) -> tuple[Instance, ...]:
    """One instance per site, ring included; dummies have both plates on `vss`."""
    cell, counts, out = array_unit(spec.unit), dict[int, int](), list[Instance]()
    for row, col in grid.sites():
        if (row, col) in grid.way_out:
            continue
        who = grid.owner(row, col)
        counts[who] = counts.get(who, 0) + 1
        bottom, top = grid.nets(who)
        name = f"{'dummy' if who == DUMMY else bottom}_{counts[who]}"
        x, y = grid.origin_nm(row, col)
        out.append(Instance(name, cell, kdb.Trans(x, y), {"top": top, "bottom": bottom}))
    return tuple(out)


def _match_group(spec: CapArraySpec, grid: CapGrid) -> MatchGroup:
    members = {
        f"b{k}": [grid.plate_nm(row, col) for row, col in grid.placement.sites(k)] for k in range(len(spec.weights))
    }
    return MatchGroup("weights", members)


def _unit_grid(spec: CapArraySpec, grid: CapGrid) -> UnitGrid:
    placement, units, empty = grid.placement, sum(spec.weights), len(grid.way_out)
    return UnitGrid(
        rows=placement.rows,
        cols=placement.cols,
        pitch_nm=(placement.pitch_x_nm, placement.pitch_y_nm),
        units=units,
        dummies=len(grid.sites()) - units - empty,
        empty=empty,
        stub_room_nm=TOPS[spec.unit.device].stub_room_nm(spec.unit),
    )


def _notes(spec: CapArraySpec, grid: CapGrid, sites: UnitGrid, drawing: Drawing) -> dict[str, Any]:
    """What the geometry is, in plain figures: what binds its size, and how far from the centre each weight is."""
    placement, box = grid.placement, drawing.cell.bbox()
    offsets = [placement.centroid_nm(k) for k in range(len(spec.weights))]
    return {
        "rows": sites.rows,
        "cols": sites.cols,
        "units": sites.units,
        "dummy_units": sites.dummies,
        "sites_without_a_unit": sites.empty,
        "pitch_um": list(sites.pitch_um),
        "pitch_x_set_by": _width_rule(grid),
        "pitch_y_set_by": _height_rule(grid),
        "plate_area_share": round(sites.units * plate_area_um2(spec.unit) / (box.width() * box.height() / 1e6), 4),
        "stub_room_um_per_unit": to_um(sites.stub_room_nm),
        "centroid_offset_um": {f"b{k}": [round(v / 1000, 6) for v in xy] for k, xy in enumerate(offsets)},
        **area_figures(spec, grid, drawing.cell),
    }


def _width_rule(grid: CapGrid) -> str:
    if grid.placement.pitch_x_nm == tracks_nm(grid.tracks):
        return f"{grid.tracks} met1 tracks of {to_um(TRACK_PITCH_NM)} um"
    return grid.outline.pitch_x().rule


def _height_rule(grid: CapGrid) -> str:
    rule = grid.outline.pitch_y(tab_top_nm(grid.outline)).rule
    return f"{rule} beyond the tab that capm.8 asks for and that hides the tracks" if grid.outline.hidden_bar else rule
