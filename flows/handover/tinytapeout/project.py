"""The words of a project: `project.v`, `info.yaml` and `docs/info.md`, from the assignment and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import entries
from analoom.flows.files.outputs import generator_of
from analoom.generators.shuttle.tile import Tile
from analoom.pdk.shuttle.tiny_tapeout import PREFIX, USABLE_ANALOG, YAML_VERSION, TileFrame

from .assignment import Assignment
from .settings import TinyTapeoutSettings

BUSES = (("ui_in", "input"), ("uo_out", "output"), ("uio_in", "input"), ("uio_out", "output"), ("uio_oe", "output"))


def top_of(cell: Cell, settings: TinyTapeoutSettings) -> str:
    """The name of the top module."""
    return settings.top or f"{PREFIX}analoom_{generator_of(cell)}"


def module_text(top: str, frame: TileFrame, author: str) -> str:
    """`project.v`: the module that the shuttle's digital tools take the tile for."""
    lines = [f"    input  wire       {name}" for name in sorted(frame.supplies, key=lambda name: name != "VGND")]
    lines += [f"    {direction:6} wire [7:0] {bus}" for bus, direction in BUSES]
    lines += ["    inout  wire [7:0] ua", *(f"    input  wire       {name}" for name in ("ena", "clk", "rst_n"))]
    head = [
        f"/* {top}: an analog tile for Tiny Tapeout. Author: {_comment(author)} */",
        "",
        "`default_nettype none",
        "",
    ]
    return "\n".join([*head, "(* blackbox *)", f"module {top} (", ",\n".join(lines), ");", "endmodule", ""])


def _comment(words: str) -> str:
    """Words that end no comment."""
    return words.replace("*/", "* /")


def info_fields(cell: Cell, settings: TinyTapeoutSettings, given: Assignment) -> dict[str, Any]:
    """What `info.yaml` holds."""
    project = {
        "title": settings.title or cell.name,
        "author": settings.author,
        "discord": "",
        "description": settings.description or summary_of(cell),
        "language": "Analog",
        "clock_hz": settings.clock_hz,
        "tiles": settings.tile,
        "analog_pins": given.analog_pins,
        "uses_3v3": settings.uses_3v3,
        "top_module": top_of(cell, settings),
        "source_files": ["project.v"],
    }
    return {"project": project, "pinout": _pinout(given), "yaml_version": YAML_VERSION}


def info_text(fields: Mapping[str, Any]) -> str:
    """`info.yaml`."""
    return yaml.safe_dump(dict(fields), sort_keys=False, allow_unicode=True, width=200)


def summary_of(cell: Cell) -> str:
    """The first line of what the registry says of a cell."""
    found = entries().get(generator_of(cell))
    return found.summary if found else cell.name


def _pinout(given: Assignment) -> dict[str, str]:
    found = {}
    for short, buses in (("ui", ("ui_in",)), ("uo", ("uo_out",)), ("uio", ("uio_in", "uio_out"))):
        for n in range(8):
            found[f"{short}[{n}]"] = _names(given, *(f"{bus}[{n}]" for bus in buses))
    return found | {f"ua[{n}]": _names(given, f"ua[{n}]") for n in range(USABLE_ANALOG)}


def _names(given: Assignment, *pins: str) -> str:
    return ", ".join(port for pin in pins for port in given.ports_on(pin))


def page_text(cell: Cell, settings: TinyTapeoutSettings, given: Assignment, tile: Tile) -> str:
    """`docs/info.md`: what the tile holds, its pins, and what was measured of the wires to the analog ones."""
    doc = (entries()[generator_of(cell)].draw.__doc__ or "") if generator_of(cell) in entries() else ""
    words = " ".join(doc.split()) or summary_of(cell)
    lines = ["## How it works", "", words, "", f"The macro is `{cell.name}`, drawn by analoom with these fields:", ""]
    lines += [f"- `{name}`: {value}" for name, value in cell.spec.model_dump(mode="json").items()]
    lines += ["", "## How to test", "", "| pin | of the macro |", "|---|---|"]
    lines += [
        f"| {pin.name} | {_names(given, pin.name)} |" for pin in tile.plan.frame.pins() if given.ports_on(pin.name)
    ]
    lines += ["", "Wires to the analog pins, without the shuttle's own switches and pads:", ""]
    lines += ["| pin | length, um | least width, um | resistance, ohm | carries, mA |", "|---|---|---|---|---|"]
    for name, wire in sorted(tile.wires.items()):
        if name.startswith("ua["):
            row = f"{wire.length_um:g} | {wire.width_um:g} | {wire.ohm:.3g} | {wire.most_a * 1e3:.3g}"
            lines.append(f"| {name} | {row} |")
    lines += ["", "Direct current at 90 degC, resistance typical, the largest between two places of the net.", ""]
    return "\n".join([*lines, "## External hardware", "", "Sources of the analog pins' voltages and currents.", ""])
