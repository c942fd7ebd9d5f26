"""Runs inside KLayout, as the macro of the package that `klayout` writes: a library whose cells analoom draws.

Every change of a parameter runs `analoom build` in a process of its own: the command on PATH, or what `$ANALOOM` names.
So KLayout's Python needs nothing of analoom's. Without the command the library holds the layouts of the package alone.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from typing import Any

import pya

LIBRARY, LAYOUTS, CELLS = "analoom", "layouts", "cells.json"
TIMEOUT_S = 600


def executable() -> str | None:
    """The command that draws."""
    return os.environ.get("ANALOOM") or shutil.which("analoom")


class DrawnCell(pya.PCellDeclaration):
    """One generator of analoom's: a parameter for each plain field of its spec, the others as JSON."""

    def __init__(self, name: str, summary: str, fields: list[dict[str, Any]]) -> None:
        super().__init__()
        self.name, self.summary, self.fields = name, summary, fields

    def get_parameters(self) -> list[Any]:
        """Asked for by KLayout."""
        return [_parameter(field) for field in self.fields]

    def display_text(self, parameters: list[Any]) -> str:
        """Asked for by KLayout."""
        return str(self.name)

    def produce(self, layout: Any, layers: Any, parameters: list[Any], cell: Any) -> None:
        """Asked for by KLayout: draws the cell, or says why analoom refuses it."""
        values = {field["name"]: _value(field, given) for field, given in zip(self.fields, parameters, strict=True)}
        with tempfile.TemporaryDirectory() as place:
            gds, refused = _draw(self.name, values, pathlib.Path(place))
            if gds is None:
                at = layout.layer(pya.LayerInfo(83, 44))
                cell.shapes(at).insert(pya.Text(refused, pya.Trans()))
                raise RuntimeError(refused)
            drawn = pya.Layout()
            drawn.read(str(gds))
            cell.copy_tree(drawn.top_cell())


def _parameter(field: dict[str, Any]) -> Any:
    kinds = {"integer": pya.PCellParameterDeclaration.TypeInt, "number": pya.PCellParameterDeclaration.TypeDouble}
    kinds["boolean"] = pya.PCellParameterDeclaration.TypeBoolean
    kind = kinds.get(field["type"], pya.PCellParameterDeclaration.TypeString)
    made = pya.PCellParameterDeclaration(field["name"], kind, field["description"], field["default"])
    for choice in field.get("choices", ()):
        made.add_choice(str(choice), choice)
    return made


def _value(field: dict[str, Any], given: Any) -> Any:
    return json.loads(given) if field["type"] == "json" else given


def _draw(name: str, values: dict[str, Any], place: pathlib.Path) -> tuple[pathlib.Path | None, str]:
    """The file of a cell drawn, or None and why it was not."""
    command = executable()
    if command is None:
        return None, "analoom is not on PATH, and $ANALOOM names none"
    spec = place / "spec.yaml"
    spec.write_text(json.dumps(values))
    argv = [command, "build", name, "--spec", str(spec), "--out", str(place / "out"), "--json"]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(argv, capture_output=True, text=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL, env=clean)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return None, f"analoom said nothing: {done.stderr.strip()[-200:]}"
    if "error" in said:
        return None, str(said["error"]["message"])
    return pathlib.Path(said["files"]["gds"]), ""


class DrawnLibrary(pya.Library):
    """The library `analoom` of KLayout's browser."""

    def __init__(self, folder: pathlib.Path) -> None:
        super().__init__()
        self.description = "analoom: cells of analog neural networks"
        for path in sorted((folder / LAYOUTS).glob("*.gds")):
            self.layout().read(str(path))
        if executable() is not None:
            for entry in json.loads((folder / CELLS).read_text()):
                declared = DrawnCell(entry["name"], entry["summary"], entry["fields"])
                self.layout().register_pcell(entry["name"], declared)
        self.register(LIBRARY)
