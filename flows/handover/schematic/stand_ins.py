"""Stand-ins for the library's symbols, for checks where the library is not installed: pins, type and netlist line only.

They are written into a temporary folder and never handed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from analoom.cells.model.circuit import Circuit
from analoom.flows.files.outputs import write_whole
from analoom.pdk.install import ROOT_VARIABLE, TECH

from .drawing import HEAD
from .library import FOLDER, PREFIX, Symbol, symbol_of


def library_folder() -> Path | None:
    """Where `$PDK_ROOT` has the library of symbols, if it has."""
    root = os.environ.get(ROOT_VARIABLE)
    folder = Path(root) / TECH / "xschem" if root else None
    return folder if folder and (folder / FOLDER).is_dir() else None


def write_stand_ins(circuits: Iterable[Circuit], folder: Path) -> Path:
    """Writes the symbols of every device of the circuits; returns the folder."""
    for symbol in {s.name: s for c in circuits for d in c.devices for s in [symbol_of(d)]}.values():
        write_whole(folder / symbol.path, symbol_text(symbol))
    return folder


def symbol_text(symbol: Symbol) -> str:
    """One stand-in."""
    line = f'format="@spiceprefix@name @pinlist {PREFIX}@model {symbol.sizes}"'
    lines = [HEAD, "G {}", f'K {{type=primitive\n{line}\ntemplate="name=x1 spiceprefix=X"\n}}', "V {}", "S {}", "E {}"]
    for terminal, (x, y) in symbol.pins.items():
        lines.append(f"B 5 {x - 2.5} {y - 2.5} {x + 2.5} {y + 2.5} {{name={terminal} dir=inout}}")
    return "\n".join([*lines, ""])
