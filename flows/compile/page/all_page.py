"""The page of one network on all targets: a table, and links to the page of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analoom.flows.files.outputs import write_whole
from analoom.flows.files.quantity import quantity

from .page import PAGE


def write_all_page(report: Mapping[str, Any], folder: Path) -> Path:
    """Writes `report.html` into `folder`, beside the folders of the targets."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("analoom.flows.compile.page", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quantity"] = quantity
    made = {name: one for name, one in report["targets"].items() if "error" not in one}
    page = environment.get_template("all.html.j2").render(report=report, made=made, page=PAGE)
    return write_whole(folder / PAGE, page)
