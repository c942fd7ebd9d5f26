"""What the pins of our cells are to a tile: analog, an input or an output of digital words, or a supply."""

from __future__ import annotations

import re
from typing import Any, Literal

from analoom.cells.model.cell import Cell
from analoom.flows.files.outputs import generator_of
from analoom.pdk.errors import as_given

Kind = Literal["analog", "input", "output", "supply", "unknown"]

_CHAIN = r"din|ck[12]b?"
_LOAD = rf"a\d+b?|{_CHAIN}|we|pcb"
_PATTERNS: dict[str, dict[Kind, str]] = {
    "translinear": {"analog": "ib|ip|in|op|on", "input": r"c\d+"},
    "charge_mac": {"analog": r"xb?\d+|vcm|out\d+", "input": rf"{_CHAIN}|rstb?|smpb?", "output": "dout"},
    "pwm_tile": {
        "analog": "iunit|vcas|vres|vdump|icmp",
        "input": rf"in\d+|{_LOAD}|resetb?|read|enb?",
        "output": r"out\d+|dout",
    },
    "current_network": {"analog": r"in\d+|bias\d+|out\d+", "input": _LOAD, "output": "dout"},
    "crossbar": {"analog": r"row\d+|col\d+|wbl\d+|r\d+|rb\d+", "input": r"wwlb?\d+|wlb?\d+"},
}
"""By generator: the names of its pins, by kind."""

FITS: dict[str, dict[str, Any]] = {
    "translinear": {"top_metal": "met4"},
    "charge_mac": {"inputs": 2},
    "pwm_tile": {"rows": 2, "cols": 1, "top_metal": "met4"},
    "current_network": {"dims": [2, 2]},
    "crossbar": {"rows": 2, "cols": 2},
}
"""By generator: a size that fits into a tile of 1x2, with no more analog pins than that has."""


def size_that_fits(cell: Cell) -> str | None:
    """The fields of one, as they are given on the command line; None where none is known."""
    fields = FITS.get(generator_of(cell))
    return " ".join(f"-p {name}={as_given(value)}" for name, value in fields.items()) if fields else None


def kind_of(cell: Cell, port: str) -> Kind:
    """The kind of a port; unknown for that of a cell that is not told of here."""
    if any(pin.use != "signal" for pin in cell.pins if pin.name == port):
        return "supply"
    patterns = _PATTERNS.get(generator_of(cell), {})
    return next((kind for kind, names in patterns.items() if re.fullmatch(names, port)), "unknown")
