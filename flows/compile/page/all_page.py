"""The page of one network on all targets: a table, and links to the page of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analoom.flows.files.outputs import write_whole

from .page import PAGE, template


def write_all_page(report: Mapping[str, Any], folder: Path) -> Path:
    """Writes `report.html` into `folder`, beside the folders of the targets."""
    made = {name: one for name, one in report["targets"].items() if "error" not in one}
    page = template("all.html.j2").render(report=report, made=made, page=PAGE)
    return write_whole(folder / PAGE, page)
