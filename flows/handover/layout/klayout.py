"""A package for KLayout: technology, layers, the cell's layout, and a library whose cells analoom draws on the spot.

The folder has the form of KLayout's packages: copied to `~/.klayout/salt/`, it is there at the next start.
"""

from __future__ import annotations

import inspect
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import klayout.db as kdb

from analoom.cells.model import registry
from analoom.cells.model.cell import Cell, Spec
from analoom.flows.export.looks import write_layer_properties
from analoom.flows.files.application import run_tool
from analoom.flows.files.layout_source import of_cell, of_file
from analoom.flows.files.outputs import generator_of, write_layout, write_whole
from analoom.flows.handover.record import Check, Receiver, Written, failed, not_run, passed
from analoom.pdk.applications import find_tool
from analoom.pdk.errors import AnaloomError, ToolError
from analoom.pdk.install import package_version
from analoom.pdk.units import DBU_UM

from . import klayout_macro
from .klayout_macro import CELLS, LAYOUTS, LIBRARY
from .masks import regions_of, unlike

PACKAGE, TECHNOLOGY = "analoom_sky130", "sky130_analoom"
PLAIN = ("integer", "number", "boolean", "string")
TIMEOUT_S = 600

_START = """

_FOLDER = pathlib.Path(__file__).resolve().parent.parent
DrawnLibrary(_FOLDER)
"""

_CHECK = """import json, pathlib, pya
given = json.loads(pathlib.Path({asked!r}).read_text())
library = pya.Library.library_by_name({library!r})
told = {{"technology": {technology!r} in pya.Technology.technology_names(), "library": library is not None}}
if library is not None:
    told["cells"] = library.layout().pcell_names()
    told["layouts"] = [cell.name for cell in library.layout().each_cell()]
    layout = pya.Layout()
    layout.dbu = 0.001
    made = layout.create_cell(given["name"], {library!r}, given["fields"])
    told["made"] = made is not None
    if made is not None:
        flat = layout.create_cell("top")
        flat.insert(pya.CellInstArray(made.cell_index(), pya.Trans()))
        flat.flatten(True)
        options = pya.SaveLayoutOptions()
        options.add_cell(flat.cell_index())
        layout.write({gds!r}, options)
pathlib.Path({told!r}).write_text(json.dumps(told))
"""


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the package; KLayout is asked to load it and to draw the cell."""
    package = folder / PACKAGE
    files = {"gds": write_layout(cell, package / LAYOUTS / f"{cell.name}.gds")}
    files["lyp"] = write_layer_properties(package / "tech" / TECHNOLOGY)
    files["lyt"] = write_whole(package / "tech" / TECHNOLOGY / f"{TECHNOLOGY}.lyt", technology_xml())
    files["cells"] = write_whole(package / CELLS, json.dumps(cells_offered(cell), indent=1) + "\n")
    files["macro"] = write_whole(package / "pymacros" / "analoom_cells.lym", macro_xml())
    files["grain"] = write_whole(package / "grain.xml", grain_xml())
    return Written(files, checks_of(cell, package, step))


def technology_xml() -> str:
    """The `.lyt`: database unit, where the layers' looks are, and how metals are joined."""
    technology = kdb.Technology()
    technology.name, technology.description = TECHNOLOGY, "SKY130 as analoom draws it"
    technology.dbu, technology.layer_properties_file = DBU_UM, "layers.lyp"
    return str(technology.to_xml())


def macro_xml() -> str:
    """The `.lym` that KLayout runs at its start."""
    code = escape(
        inspect.getsource(klayout_macro).replace("from __future__ import annotations\n", "") + _START, quote=False
    )
    head = "<description>cells drawn by analoom</description><version/><category>pymacros</category><prolog/><epilog/>"
    keys = (
        "<doc/><autorun>true</autorun><autorun-early>false</autorun-early><shortcut/><show-in-menu>false</show-in-menu>"
    )
    end = "<group-name/><menu-path/><interpreter>python</interpreter><dsl-interpreter-name/>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<klayout-macro>{head}{keys}{end}<text>{code}</text></klayout-macro>\n'
    )


def grain_xml() -> str:
    """What KLayout's package manager reads."""
    version = package_version("analoom") or "0"
    title = "<title>analoom for SKY130</title><doc>Cells of analog neural networks, drawn by analoom.</doc>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<salt-grain><name>{PACKAGE}</name>'
        f"<version>{escape(version)}</version><api-version>0.28</api-version>{title}<license>Apache-2.0</license></salt-grain>\n"
    )


def cells_offered(cell: Cell) -> list[dict[str, Any]]:
    """Every registered generator with the fields of its spec; the one of `cell` starts with the cell's own."""
    mine, values = generator_of(cell), cell.spec.model_dump(mode="json")
    return [
        {"name": name, "summary": entry.summary, "fields": _fields(entry.spec_type, values if name == mine else {})}
        for name, entry in registry.entries().items()
    ]


def _fields(spec_type: type[Spec], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, told in spec_type.model_json_schema()["properties"].items():
        value = values.get(name, told.get("default"))
        kind = told.get("type") if told.get("type") in PLAIN and value is not None else "json"
        default = json.dumps(value) if kind == "json" else value
        field = {"name": name, "type": kind, "description": told.get("description", name), "default": default}
        found.append(field | ({"choices": told["enum"]} if "enum" in told and kind == "string" else {}))
    return found


def checks_of(cell: Cell, package: Path, step: Callable[[str], None]) -> dict[str, Check]:
    """What KLayout makes of the package: whether its parts are there, and whether the cell it draws is the cell."""
    try:
        tool = find_tool("klayout")
    except ToolError as error:
        return {"package": not_run(error.advice()), "drawn": not_run("without KLayout")}
    step(f"klayout {tool.version}")
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        gds, told = work / "drawn.gds", _asked(cell, package, work, str(tool.path))
        if not isinstance(told, dict):
            return {"package": failed(f"klayout {tool.version}: {told}"), "drawn": failed("nothing was drawn")}
        return {"package": _parts(cell, told, tool.version), "drawn": _drawn(cell, gds, told, tool.version)}


def _asked(cell: Cell, package: Path, work: Path, klayout: str) -> dict[str, Any] | str:
    """What a KLayout with this package alone says; words where it says nothing."""
    (work / "home" / "salt").mkdir(parents=True)
    (work / "home" / "salt" / PACKAGE).symlink_to(package.resolve())
    asked, told = work / "asked.json", work / "told.json"
    fields = _given(cell)
    asked.write_text(json.dumps({"name": generator_of(cell), "fields": fields}))
    words = {"asked": str(asked), "told": str(told), "gds": str(work / "drawn.gds")}
    (work / "check.py").write_text(_CHECK.format(library=LIBRARY, technology=TECHNOLOGY, **words))
    env = {"KLAYOUT_HOME": str(work / "home"), **_command()}
    done = run_tool([klayout, "-zz", "-r", str(work / "check.py")], work, TIMEOUT_S, env)
    if not told.is_file():
        return (done.stderr or done.stdout).strip()[-300:] or f"ended with {done.returncode}"
    found: dict[str, Any] = json.loads(told.read_text())
    return {**found, "said": done.stderr.strip()[-300:]}


def _command() -> dict[str, str]:
    """Our own command for KLayout's process, where none is named."""
    import sys

    beside = Path(sys.executable).parent / "analoom"
    return {} if os.environ.get("ANALOOM") or not beside.exists() else {"ANALOOM": str(beside)}


def _given(cell: Cell) -> dict[str, Any]:
    """The parameters of the cell as KLayout takes them."""
    offered = next(one for one in cells_offered(cell) if one["name"] == generator_of(cell))
    return {field["name"]: field["default"] for field in offered["fields"]}


def _parts(cell: Cell, told: Mapping[str, Any], version: str) -> Check:
    wanted = {entry["name"] for entry in cells_offered(cell)}
    missing = [what for what in ("technology", "library") if not told[what]]
    if told["library"]:
        missing += [*sorted(wanted - set(told["cells"])), *{cell.name}.difference(told["layouts"])]
    if missing:
        return failed(f"klayout {version} lacks {', '.join(missing[:5])}")
    return passed(f"klayout {version}: technology {TECHNOLOGY}, library {LIBRARY} of {len(wanted)} cells")


def _drawn(cell: Cell, gds: Path, told: Mapping[str, Any], version: str) -> Check:
    """The XOR of what KLayout drew with the cell."""
    if not gds.is_file():
        return failed(f"klayout {version} drew nothing: {told.get('said')}")
    try:
        drawn, wanted = regions_of(of_file(gds, None)), regions_of(of_cell(cell))
    except AnaloomError as error:
        return failed(f"klayout {version}: {error}")
    full = sum(not region.is_empty() for region in wanted.values())
    if wrong := unlike(wanted, drawn):
        return failed(f"klayout {version} drew another cell: {', '.join(wrong)}")
    return passed(f"klayout {version} drew {generator_of(cell)} from the library: {full} layers as here")


RECEIVER = Receiver("klayout", "a package for KLayout: technology, layers, and a library that analoom draws", write)
