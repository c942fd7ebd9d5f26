"""Leaf cells by family, and what a cell is (`model`), drawn with `parts`, `fingers` and `strip`."""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .model.cell import Cell, Instance, Kind, LengthUm, MatchGroup, Pin, Spec, draw_pin
    from .model.cell_files import load_cells
    from .model.circuit import Cap, Circuit, Diode, Mos, Res, SubInstance
    from .model.drawing import Box, Drawing
    from .model.registry import build, cell_name, entries, entry, register
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".model.cell": "Cell Instance Kind LengthUm MatchGroup Pin Spec draw_pin",
            ".model.cell_files": "load_cells",
            ".model.circuit": "Cap Circuit Diode Mos Res SubInstance",
            ".model.drawing": "Box Drawing",
            ".model.registry": "build cell_name entries entry register",
        },
    )

__all__ = [
    "Box",
    "Cap",
    "Cell",
    "Circuit",
    "Diode",
    "Drawing",
    "Instance",
    "Kind",
    "LengthUm",
    "MatchGroup",
    "Mos",
    "Pin",
    "Res",
    "Spec",
    "SubInstance",
    "build",
    "cell_name",
    "draw_pin",
    "entries",
    "entry",
    "load_cells",
    "register",
]
