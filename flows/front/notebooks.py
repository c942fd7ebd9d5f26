"""Cells show themselves in notebooks: IPython is told how when analoom is imported there; elsewhere nothing is done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analoom.cells.model.cell import Cell


def show_in_notebooks() -> None:
    """Lets the IPython shell that runs, if one does, show every Cell by picture and table."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        show_cells(shell)


def show_cells(shell: Any) -> None:
    """Tells an IPython shell how to show a Cell; what draws it is imported when it is first shown."""
    formatters = shell.display_formatter.formatters
    formatters["image/png"].for_type_by_name("analoom.cells.model.cell", "Cell", _picture)
    formatters["text/html"].for_type_by_name("analoom.cells.model.cell", "Cell", _page)


def _picture(cell: Cell) -> bytes:
    from analoom.flows.export.notebook import picture_of

    return picture_of(cell)


def _page(cell: Cell) -> str:
    from analoom.flows.export.notebook import page_of

    return page_of(cell)
