"""From weights to a chip: a trained network mapped, drawn, signed off, and judged on dies that it is trained for.

`run.compile_network` runs it by `options.CompileOptions`; a target is one record in `targets/`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .given.network_file import read_network
    from .given.ready_sets import read_dataset
    from .options import CompileOptions
    from .report import CompileReport
    from .run import compile_network
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".given.network_file": "read_network",
            ".given.ready_sets": "read_dataset",
            ".options": "CompileOptions",
            ".report": "CompileReport",
            ".run": "compile_network",
        },
    )

__all__ = ["CompileOptions", "CompileReport", "compile_network", "read_dataset", "read_network"]
