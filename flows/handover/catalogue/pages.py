"""The words of a package: README with the sections that IPM asks for, and a datasheet of one page."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analoom.flows.export.port_names import Port

SECTIONS = (
    *("Overview", "Installation", "Features", "Pinout", "Pin Description", "Specifications", "Timing Diagram"),
    "Tapeout History",
)
"""Source: `analyze_readme` of IPM, which also wants a hundred words."""

EMPTY: Mapping[str, str] = {
    "timing/lib": "no Liberty file: the macro is analog and has no timing arcs",
    "timing/sdf": "no SDF: the macro has no timing arcs",
    "timing/spef": "no SPEF: `analoom pex --mode rc` writes one with the extracted wires",
    "verify/beh_model": "no behavioural model: the netlist in spice/ is what was verified",
    "fw": "no firmware: the macro has no registers",
    "hdl/rtl/bus_wrapper": "no bus wrapper: the macro is analog and hangs on no bus",
}
"""Folders that IPM asks for and that this package has nothing for, each with the reason in a README."""


def readme_text(facts: Mapping[str, Any], ports: Sequence[Port], spec: Mapping[str, Any], tapeouts: str) -> str:
    """README.md."""
    pins = "\n".join(f"| {port.name} | inout | {port.use} |" for port in ports)
    fields = "\n".join(f"| {name} | {value} |" for name, value in spec.items())
    name, size = facts["name"], f"{facts['width']} um x {facts['height']} um"
    return f"""# {name}

## Overview
{facts["description"]}. An analog hard macro in {facts["technology"]} of {facts["cell_count"]} devices, {size}. Layout
and netlist were generated from one specification, which is below.

## Installation
`ipm install {name}` puts the package below the IP folder of a project. Without IPM, unpack the tarball: layout is in
`layout/gds`, its abstract in `layout/lef`, the netlist in `spice`, and the black box for Verilog in `hdl/gl`.

## Features
Devices: {facts["cell_count"]}. Nominal supply of the transistors: {", ".join(facts["supply_voltage"])} V. Every pin is
reachable at the places that the LEF file lists.

## Pinout
{", ".join(port.name for port in ports)}

## Pin Description
| pin | direction | use |
| --- | --- | --- |
{pins}

## Specifications
The specification that the macro was generated from; figures of its performance are not part of this package.

| field | value |
| --- | --- |
{fields}

## Timing Diagram
There is none: the macro has no clock.

## Tapeout History
{tapeouts}
"""


def datasheet_pdf(facts: Mapping[str, Any], ports: Sequence[Port], picture: Path) -> bytes:
    """One page: what it is, its pins, and a picture of the layout. The same bytes for the same facts."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.27, 11.69))
    lines = [f"{name}: {', '.join(v) if isinstance(v, list) else v}" for name, v in facts.items()]
    figure.text(0.08, 0.94, str(facts["name"]), fontsize=16)
    figure.text(0.08, 0.91, "\n".join(lines), fontsize=8, va="top")
    figure.text(0.55, 0.91, "\n".join(f"{port.name}  ({port.use})" for port in ports[:60]), fontsize=8, va="top")
    axes = figure.add_axes((0.08, 0.05, 0.84, 0.5))
    axes.imshow(_pixels(picture))
    axes.set_axis_off()
    held = io.BytesIO()
    figure.savefig(held, format="pdf", metadata={"CreationDate": None, "Creator": "analoom", "Producer": "matplotlib"})
    return held.getvalue()


def _pixels(picture: Path) -> Any:
    from matplotlib.image import imread

    return imread(picture)
