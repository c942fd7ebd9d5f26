"""What a cell is: spec, circuit, drawing, registry.

Every generator imports from here.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .cell import Cell, Instance, Kind, LengthUm, MatchGroup, Pin, Spec, draw_pin
    from .cell_files import load_cells
    from .circuit import Cap, Circuit, Diode, Mos, Res, SubInstance
    from .drawing import Box, Drawing
    from .registry import Entry, build, cell_name, entries, entry, register
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".cell": "Cell Instance Kind LengthUm MatchGroup Pin Spec draw_pin",
            ".cell_files": "load_cells",
            ".circuit": "Cap Circuit Diode Mos Res SubInstance",
            ".drawing": "Box Drawing",
            ".registry": "Entry build cell_name entries entry register",
        },
    )

__all__ = [
    "Box",
    "Cap",
    "Cell",
    "Circuit",
    "Diode",
    "Drawing",
    "Entry",
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
