"""What a cell is handed over as: to a shuttle, to a digital flow, to the tools that people use.

`run.export_cell` writes a cell for one receiver, each of which is one record that `lookup` finds by its name.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .record import Check, Receiver
    from .run import ExportReport, export_cell
else:
    __getattr__, __dir__ = doors(__name__, {".record": "Check Receiver", ".run": "ExportReport export_cell"})

__all__ = ["Check", "ExportReport", "Receiver", "export_cell"]
