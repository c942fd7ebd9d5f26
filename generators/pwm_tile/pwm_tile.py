"""A tile of pulses: rows of pulses in, columns of charge, pulses out; its weights are written through one register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.pulse_width.pwm_cell import pwm_cell
from analoom.cells.strip.gates import VDD
from analoom.generators.array.block_tree import block

from .bit_drivers import bit_drivers, draw_bit_drivers, register_pins
from .blocks import readout, shared
from .circuits import tile_ports
from .floor import TileFloor
from .readout_floor import ReadoutFloor
from .readouts import draw_readouts, output_pins, readouts
from .row_drivers import draw_row_drivers, row_drivers, row_pins
from .spec import PwmTileSpec
from .supplies import draw_supplies, lane_pins


@register(PwmTileSpec, system="pwm_tile", kind="pwm_tile", examples=[{"rows": 2, "cols": 2}])
def pwm_tile(spec: PwmTileSpec) -> Cell:
    """Pulses in by row, pulses out by column: the difference of the charges of positive and of negative weights.

    Its ports are told in `circuits.py`. The weights, from -7 to 7, are written row by row from the register.
    """
    floor, name = TileFloor(spec, ReadoutFloor(spec, readout(spec), shared(spec))), cell_name("pwm_tile", spec)
    drawing, instances = Drawing(name), tuple(_instances(floor))
    circuit = Circuit(name, tile_ports(spec), instances=tuple(i.place(drawing) for i in instances))
    draw_row_drivers(drawing, floor)
    draw_bit_drivers(drawing, floor)
    draw_readouts(drawing, floor)
    draw_supplies(drawing, floor)
    by_name = {pin.name: pin for pin in _pins(floor)}
    pins = tuple(draw_pin(drawing, by_name[port]) for port in tile_ports(spec))
    areas = _areas(floor, drawing.cell.bbox().area() / 1e6)
    return Cell(
        name, "pwm_tile", spec, drawing.cell, circuit, pins, instances, notes=_notes(spec, areas), areas_um2=areas
    )


def _instances(floor: TileFloor) -> Iterator[Instance]:
    """The weights as one tree of blocks, then what drives and reads them."""
    spec = floor.spec
    array = block(pwm_cell(spec.cell), spec.rows, spec.cols)
    yield Instance("weights", array, kdb.Trans(0, 0), {port: _net(port) for port in array.circuit.ports})
    yield from row_drivers(floor)
    yield from bit_drivers(floor)
    yield from readouts(floor)


def _net(port: str) -> str:
    """The net of a port of the array: some lines of rows are one net."""
    for line, net in (("vbn", "iunit"), ("dump", "vdump"), (VDD, VDD)):
        if port.startswith(line):
            return net
    return port


def _pins(floor: TileFloor) -> Iterator[Pin]:
    yield from row_pins(floor)
    yield from register_pins(floor)
    yield from output_pins(floor)
    yield from lane_pins(floor)


def _areas(floor: TileFloor, whole_um2: float) -> dict[str, float]:
    """Area by part; the rest, lanes and rims, is wiring."""
    spec, plan = floor.spec, floor.readouts
    parts = {
        "weights": floor.width * spec.rows * floor.pitch / 1e6,
        "row drivers": spec.rows * (floor.word_plan.width + floor.pulse_plan.width) * floor.pitch / 1e6,
        "column drivers": floor.width * floor.folds * floor.driver.height / 1e6,
        "read-outs": spec.cols * plan.readout.layout.bbox().area() / 1e6,
        "shared": plan.shared.layout.bbox().area() / 1e6,
    }
    parts["wiring"] = whole_um2 - sum(parts.values())
    return {part: round(area, 3) for part, area in parts.items()}


def _notes(spec: PwmTileSpec, areas_um2: dict[str, float]) -> dict[str, Any]:
    """How many weights there are, and what each takes up with its share of all, in um2."""
    weights = spec.rows * spec.cols
    return {
        "weights": weights,
        "area_per_weight_um2": round(sum(areas_um2.values()) / weights, 4),
        "cell_area_um2": round(areas_um2["weights"] / weights, 4),
        "areas_um2": areas_um2,
        "c_int_f": spec.drawn_c_int_f,
        "unit_current_a": spec.unit_current,
    }
