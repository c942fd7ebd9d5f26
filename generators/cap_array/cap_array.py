"""A weighted capacitor array: unit capacitors in common centroid, top plates common, one bottom pin per weight."""

from __future__ import annotations

from typing import Any

import klayout.db as kdb

from analoom.cells.capacitor.unit_cap import array_unit, plate_area_um2
from analoom.cells.model.cell import Cell, Instance, MatchGroup
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.model.facts import UnitGrid
from analoom.cells.model.registry import cell_name, register
from analoom.generators.matching.centroid import place
from analoom.generators.matching.placement import DUMMY, Placement
from analoom.pdk.units import snap_up, to_nm, to_um

from .area import area_figures
from .grid import TRACK_PITCH_NM, CapGrid, tab_top_nm, tracks_nm
from .spec import TOPS, CapArraySpec
from .spines import clear_of_spines
from .top_plates import sites_above
from .wiring import wire


@register(
    CapArraySpec,
    system="capacitor",
    kind="capacitor",
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
    children = tuple(instance.place(drawing) for instance in instances)
    pins = wire(drawing, grid, TOPS[spec.unit.device](drawing, grid))
    sites = _unit_grid(spec, grid)
    return Cell(
        name=name,
        kind="capacitor",
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
    border = int(spec.dummies)
    placement = place(spec.weights, pitch_x, pitch_y, border=border, pattern=spec.pattern, wires=tops.added_wires)
    if not tops.makes_way and spec.pattern != "optimised":
        placement = clear_of_spines(placement)
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
    return MatchGroup("weights", members, whole_cell=True)


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
