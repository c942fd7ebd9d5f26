"""A synapse of a network of currents: a weight from -7 to 7 of unit devices, and the latches that hold it."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.latch import LatchSpec, latch
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.tile import Tile
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TRACK_NM
from analoom.pdk.layers import Layer

from .circuits import BITS, MOST_CODE, bit_lines, latch_nets, synapse_devices, synapse_ports
from .spec import CurrentSynapseSpec
from .synapse_draw import bit_line_x, draw_devices, draw_wires
from .synapse_plan import SynapsePlan, on_grid, synapse_plan


@register(CurrentSynapseSpec, system="current_network", kind="current_synapse")
def current_synapse(spec: CurrentSynapseSpec) -> Cell:
    """A weight of 4, 2 and 1 units out of vdd or into vss by its sign, with the latches of its four bits."""
    name, plan = cell_name("current_synapse", spec), synapse_plan(spec)
    drawing, instances = Drawing(name), tuple(_latches(plan))
    placed = tuple(instance.place(drawing) for instance in instances)
    draw_devices(drawing, plan)
    draw_wires(drawing, plan)
    tile = _lines(drawing, plan)
    circuit = Circuit(name, synapse_ports(), synapse_devices(spec), placed)
    area_um2 = round(plan.width * plan.rows.height / 1e6, 4)
    notes = {
        "tile_nm": tile.fabric.pitch_nm,
        "lines": tile.fabric.lines,
        "pitch_area_um2": area_um2,
        "units": MOST_CODE,
        "unit_current_a": spec.unit_current,
    }
    return Cell(
        name,
        "current_synapse",
        spec,
        drawing.cell,
        circuit,
        tuple(tile.pins),
        instances,
        notes=notes,
        fabric=tile.fabric,
    )


def _latches(plan: SynapsePlan) -> Iterator[Instance]:
    for k, bit in enumerate(BITS):
        yield Instance(f"bit{bit}", latch(LatchSpec()), kdb.Trans(k * plan.latch.width, 0), latch_nets(bit))


def _lines(drawing: Drawing, plan: SynapsePlan) -> Tile:
    """What meets the neighbours: along the row gates, word line and rails, along the column iout and bit lines."""
    tile, rows = Tile(drawing, plan.width, plan.rows.height), plan.rows
    tile.across("vp", Layer.MET2, rows.vp_y, TRACK_NM)
    tile.across("vn", Layer.MET2, rows.vn_y, TRACK_NM)
    tile.across("wl", Layer.MET2, plan.latch.tracks["wl"], TRACK_NM)
    tile.along("iout", Layer.MET3, plan.iout_line_x, LINE_NM)
    names = [net for bit in BITS for net in bit_lines(bit)]
    for net, x in zip(names, bit_line_x(plan), strict=True):
        tile.along(net, Layer.MET3, on_grid(x), LINE_NM)
    tile.across(VDD, Layer.MET2, rows.vdd_y, RAIL_NM, "power")
    tile.across(VSS, Layer.MET2, AXIS_NM, RAIL_NM, "ground")
    tile.across(VSS, Layer.MET2, rows.top_y, RAIL_NM, "ground")
    return tile
