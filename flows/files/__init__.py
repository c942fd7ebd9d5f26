"""Where results go and layouts come from: output folders, drafts, provenance, applications, progress, layout
files, tables, quantities.

Nothing here knows what a result means.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .array_files import array_of_file
    from .results_table import Axis, ResultsTable, read_table
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".array_files": "array_of_file",
            ".results_table": "Axis ResultsTable read_table",
        },
    )

__all__ = ["Axis", "ResultsTable", "array_of_file", "read_table"]
