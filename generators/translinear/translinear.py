"""A translinear multiplier i_out = (I2/I1) i_in: loop, current mirrors and bias DAC, made of registered cells."""

from __future__ import annotations

from dataclasses import replace

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.registry import cell_name, register
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.layers import Layer

from .parts import arranged, ports_of, source_of
from .spec import TranslinearSpec

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
    floor = Floorplan(cell_name("translinear", spec))
    tree = arranged(floor, spec)
    floor.pins(**ports_of(spec))
    floor.supply("vdd", "vss")
    floor.up_to(Layer[spec.top_metal.upper()])
    cell = floor.cell(tree, spec, "multiplier")
    areas, sources = _areas_um2(cell.instances), _sources(spec, cell.instances)
    notes = {
        "area_by_part_um2": areas,
        "cells_frac": round(sum(areas.values()) / cell.area_um2, 4),
        "sources": sources,
        "ratios": [0.5 + 0.5 * code for code in range(spec.codes)],
    }
    return replace(cell, notes=notes, sources=sources, areas_um2=areas)


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
