"""A translinear multiplier i_out = (I2/I1) i_in: loop, current mirrors and bias DAC, made of registered cells."""

from __future__ import annotations

from typing import Any

from analoom.cells.model.cell import Cell, Instance, MatchGroup
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.generators.wiring.rows import Floor
from analoom.generators.wiring.trunks import assign_tracks, draw_wires, outline, require_apart, row_levels

from .parts import INPUTS, OUTPUTS, net_ends, rows_of, source_of
from .spec import TranslinearSpec

TWINS = (INPUTS, OUTPUTS)
JNW_SV = {"form": "nmos", "w": 16.64, "l": 0.22, "nf": 4, "w_out": 8.32}
"""The sizes of JNW_SV: the loop of two NCH_12C1F2 (2 x 4.16/0.22) in parallel, mirrors of NCH_12C5F0 and PCH_12C5F0
(2 x 4.16/0.94), bias units NCH_2C5F0 (2 x 0.96/0.94), switches NCH_2C1F2 (2 x 0.96/0.22)."""


@register(
    TranslinearSpec,
    system="translinear",
    kind="multiplier",
    examples=[JNW_SV, JNW_SV | {"body": "source"}, {"bits": 2, "l": 0.5}],
)
def translinear(spec: TranslinearSpec) -> Cell:
    """A four-transistor translinear loop with its mirrors and a binary-weighted bias DAC: i_out = (I2/I1) i_in.

    Pins: `ib` takes the bias I1, `ip` and `in` the input currents, `op` and `on` give the output currents; `c0`, `c1`,
    ... set I2/I1 = 0.5 + 0.5 code (high is on); `vdd`, `vss`.
    """
    drawing = Drawing(cell_name("translinear", spec))
    rows = rows_of(spec)
    floor = Floor(assign_tracks(rows, TWINS))
    for k in reversed(range(len(rows))):
        floor.place(rows[k], row_levels(rows)[k])
    require_apart(floor, TWINS)
    box = outline([(i.cell, i.cell.bbox_nm.transformed(i.trans)) for i in floor.instances], floor)
    placed = tuple(instance.place(drawing) for instance in floor.instances)
    ends = net_ends(spec)
    pins = draw_wires(drawing, floor, ends, box)
    circuit = Circuit(drawing.cell.name, tuple(ends), (), placed)
    instances = tuple(floor.instances)
    groups = tuple(group for i in instances for group in _groups(i))
    areas, sources = _areas_um2(instances), _sources(spec, instances)
    return Cell(
        drawing.cell.name,
        "multiplier",
        spec,
        drawing.cell,
        circuit,
        tuple(pins),
        instances,
        groups,
        {
            "area_by_part_um2": areas,
            "cells_frac": round(sum(areas.values()) / (drawing.cell.bbox().area() / 1e6), 4),
            "sources": sources,
            "ratios": [0.5 + 0.5 * code for code in range(spec.codes)],
        },
        sources=sources,
        areas_um2=areas,
    )


def _groups(instance: Instance) -> list[MatchGroup]:
    """The matched devices of a part, where they lie here."""

    def moved(boxes: Any) -> list[Box]:
        return [box.transformed(instance.trans) for box in boxes]

    return [
        MatchGroup(f"{instance.name} {group.name}", {name: moved(boxes) for name, boxes in group.members.items()})
        for group in instance.cell.match_groups
        if len(group.members) > 1
    ]


def _areas_um2(instances: tuple[Instance, ...]) -> dict[str, float]:
    """Area by part: that of its cells."""
    areas: dict[str, float] = {}
    for instance in instances:
        name = instance.name.partition("_")[0].rstrip("0123456789")
        areas[name] = round(areas.get(name, 0.0) + instance.cell.area_um2, 3)
    return areas


def _sources(spec: TranslinearSpec, instances: tuple[Instance, ...]) -> dict[str, str]:
    """The source of error that each transistor belongs to, by its path."""
    return {
        f"{i.name}.{device.name}": source_of(spec, i.name, device.name)
        for i in instances
        for device in i.cell.circuit.devices
        if "dummy" not in device.name
    }
