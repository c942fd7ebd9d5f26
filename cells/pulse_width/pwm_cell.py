"""A weight of a tile of pulses: unit current sources behind a pulse switch, and the latches of its code, -7 to 7."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.latch import LatchSpec, latch
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.tile import Tile
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TRACK_NM, VIA_END_NM
from analoom.pdk.layers import Layer

from .circuits import BITS, MOST_CODE, bit_lines, latch_nets, pwm_cell_devices, pwm_cell_ports
from .devices import draw_devices
from .plan import PwmPlan, pwm_plan
from .spec import PwmCellSpec
from .wires import bit_line_x, draw_wires


@register(PwmCellSpec, system="pwm_tile", kind="pwm_cell", examples=[{"w": 0.84, "l": 2.0}])
def pwm_cell(spec: PwmCellSpec) -> Cell:
    """A weight of 4, 2 and 1 current sources on `colp` or `coln` by its sign while `p` is high, on `dump` else."""
    name, plan = cell_name("pwm_cell", spec), pwm_plan(spec)
    drawing, instances = Drawing(name), tuple(_latches(plan))
    placed = tuple(instance.place(drawing) for instance in instances)
    draw_devices(drawing, plan)
    draw_wires(drawing, plan)
    tile = _lines(drawing, plan)
    circuit = Circuit(name, pwm_cell_ports(), pwm_cell_devices(spec), placed)
    notes = {
        "tile_nm": tile.fabric.pitch_nm,
        "lines": tile.fabric.lines,
        "pitch_area_um2": round(plan.width * plan.height / 1e6, 4),
        "units": MOST_CODE,
        "unit_current_a": spec.unit_current,
    }
    pins, fabric = tuple(tile.pins), tile.fabric
    return Cell(name, "pwm_cell", spec, drawing.cell, circuit, pins, instances, notes=notes, fabric=fabric)


def _latches(plan: PwmPlan) -> Iterator[Instance]:
    for k, bit in enumerate(BITS):
        yield Instance(f"bit{bit}", latch(LatchSpec()), kdb.Trans(k * plan.latch.width, 0), latch_nets(bit))


def _lines(drawing: Drawing, plan: PwmPlan) -> Tile:
    """What meets the neighbours: along the row gates, pulse, dump, word line and rails; along the column the rest."""
    tile = Tile(drawing, plan.width, plan.height)
    for net, y in row_lines(plan).items():
        if net != "wl":
            tile.across(net, Layer.MET2, y, TRACK_NM)
    tile.pins.append(draw_pin(drawing, _word_line(plan)))
    tile.lines["wl"] = "h"
    tile.along("colp", Layer.MET4, plan.plus_x, LINE_NM)
    tile.along("coln", Layer.MET4, plan.minus_x, LINE_NM)
    names = [net for bit in BITS for net in bit_lines(bit)]
    for net, x in zip(names, bit_line_x(plan), strict=True):
        tile.along(net, Layer.MET3, x // CUT_GRID_NM * CUT_GRID_NM, LINE_NM)
    tile.along(VSS, Layer.MET4, plan.strap_x, LINE_NM, "ground")
    tile.across(VDD, Layer.MET2, plan.vdd_y, RAIL_NM, "power")
    tile.across(VSS, Layer.MET2, AXIS_NM, RAIL_NM, "ground")
    tile.across(VSS, Layer.MET2, plan.top_y, RAIL_NM, "ground")
    return tile


def _word_line(plan: PwmPlan) -> Pin:
    """The word line up to the ends of its stacks, half of each of which lies in the neighbour."""
    ends = AXIS_NM - VIA_END_NM, AXIS_NM + plan.width + VIA_END_NM
    return Pin("wl", Layer.MET2, track_box(*ends, plan.latch.tracks["wl"]))


def row_lines(plan: PwmPlan) -> dict[str, int]:
    """Middles of the lines of a row by net."""
    return {
        "vbn": plan.gates_contact[1],
        "p": plan.p_y,
        "pb": plan.high_y,
        "wl": plan.latch.tracks["wl"],
        "dump": plan.dump_y,
    }
