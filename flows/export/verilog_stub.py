"""The Verilog stub of a cell: a module with its pins and nothing inside, for netlists that instantiate it.

Every pin is an inout, as in the LEF and the CDL. Supplies are there under `USE_POWER_PINS` only, as digital flows ask.
"""

from __future__ import annotations

from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.files.outputs import write_whole

from .port_names import Port, ports_of
from .verilog_words import WORDS


def verilog_text(cell: Cell) -> str:
    """The module of `cell` as text. Raises InputError for names that Verilog cannot hold."""
    ports = ports_of(cell)
    supplies, signals = [p for p in ports if p.is_supply], [p for p in ports if not p.is_supply]
    lines = [f"  inout {_word(port)}" for port in signals]
    guarded = ["`ifdef USE_POWER_PINS", *(f"  inout {_word(port)}," for port in supplies), "`endif"]
    if not signals:
        guarded, lines = [], [f"  inout {_word(port)}" for port in supplies]
    body = [*(guarded if supplies else []), *(f"{line}," for line in lines[:-1]), *lines[-1:]]
    return "\n".join(["(* blackbox *)", f"module {escape(cell.name)} (", *body, ");", "endmodule", ""])


def write_verilog(cell: Cell, path: Path) -> Path:
    """Writes the stub of `cell`."""
    return write_whole(path, verilog_text(cell))


def escape(name: str) -> str:
    """`name` as an identifier; a word of the language gets a backslash before and a blank after."""
    return f"\\{name} " if name in WORDS else name


def _word(port: Port) -> str:
    return escape(port.name)
