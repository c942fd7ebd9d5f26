"""What a cell is written as: GDS, OASIS, SPICE, CDL, LEF, Verilog, pictures.

`build.build_files` writes them all from one list of pins.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .build import BuildReport, build_files
    from .cdl import write_cdl
    from .lef import write_lef
    from .pattern_picture import write_pattern
    from .picture import write_picture
    from .verilog_stub import write_verilog
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".build": "BuildReport build_files",
            ".cdl": "write_cdl",
            ".lef": "write_lef",
            ".pattern_picture": "write_pattern",
            ".picture": "write_picture",
            ".verilog_stub": "write_verilog",
        },
    )

__all__ = ["BuildReport", "build_files", "write_cdl", "write_lef", "write_pattern", "write_picture", "write_verilog"]
