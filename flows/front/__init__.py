"""analoom: cells drawn in SKY130, checked, extracted, simulated, and told what mismatch does to them.

The front door: what is asked for first, imported when it is; the rooms behind it are `analoom.cells`,
`analoom.generators`, `analoom.flows` and `analoom.pdk`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

from .moved import follow_moved
from .notebooks import show_in_notebooks

if TYPE_CHECKING:
    from analoom.cells.model.cell import Cell, Pin, Spec
    from analoom.cells.model.functions import draw
    from analoom.cells.model.registry import build, entries, entry, register
    from analoom.flows.compile.options import CompileOptions
    from analoom.flows.compile.run import compile_network
    from analoom.flows.drc.check import drc_cell
    from analoom.flows.export.build import build_files
    from analoom.flows.flow import run_flow
    from analoom.flows.lvs.check import lvs_cell
    from analoom.flows.map_weights import map_weights, write_mapping
    from analoom.flows.mismatch import mismatch
    from analoom.flows.pex.extract import extract
    from analoom.flows.simulate import simulate
    from analoom.flows.sweep.plan.job import SweepJob
    from analoom.flows.sweep.run import run_sweep
    from analoom.pdk.errors import AnaloomError, InputError, NotCleanError, SpecError, ToolError

    from .version import __version__
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            "analoom.cells.model.cell": "Cell Pin Spec",
            "analoom.cells.model.functions": "draw",
            "analoom.cells.model.registry": "build entries entry register",
            "analoom.flows.compile.options": "CompileOptions",
            "analoom.flows.compile.run": "compile_network",
            "analoom.flows.drc.check": "drc_cell",
            "analoom.flows.export.build": "build_files",
            "analoom.flows.flow": "run_flow",
            "analoom.flows.lvs.check": "lvs_cell",
            "analoom.flows.map_weights": "map_weights write_mapping",
            "analoom.flows.mismatch": "mismatch",
            "analoom.flows.pex.extract": "extract",
            "analoom.flows.simulate": "simulate",
            "analoom.flows.sweep.plan.job": "SweepJob",
            "analoom.flows.sweep.run": "run_sweep",
            "analoom.pdk.errors": "AnaloomError InputError NotCleanError SpecError ToolError",
            ".version": "__version__",
        },
    )

__all__ = [
    "AnaloomError",
    "Cell",
    "CompileOptions",
    "InputError",
    "NotCleanError",
    "Pin",
    "Spec",
    "SpecError",
    "SweepJob",
    "ToolError",
    "__version__",
    "build",
    "build_files",
    "compile_network",
    "draw",
    "drc_cell",
    "entries",
    "entry",
    "extract",
    "lvs_cell",
    "map_weights",
    "mismatch",
    "register",
    "run_flow",
    "run_sweep",
    "simulate",
    "write_mapping",
]

follow_moved()
show_in_notebooks()
