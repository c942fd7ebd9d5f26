"""Layouts to sign off: a cell's own files, and twins of them with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.registry import build
from analoom.flows.export.lef import write_lef
from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.signoff.subject import Subject, conductors

NAME = "mosfet"
Change = Callable[[kdb.Layout, kdb.Cell], None]


def files(folder: Path, name: str = NAME) -> tuple[Path, Path, Path]:
    """Layout, netlist and LEF of a cell, as a user brings them."""
    cell = build(name)
    netlist = folder / f"{name}.spice"
    netlist.write_text(cell.spice())
    return cell.write(folder / f"{name}.gds"), netlist, write_lef(cell, folder / f"{name}.lef")


def subject(folder: Path, change: Change | None = None, forbid: str = "", lef: str | None = None) -> Subject:
    """The cell's files with the layout changed, or its LEF replaced by another text."""
    gds, netlist, abstract = files(folder)
    if change is not None:
        layout = kdb.Layout()
        layout.read(str(gds))
        change(layout, layout.top_cell())
        layout.write(str(gds))
    if lef is not None:
        abstract.write_text(lef)
    source = of_file(gds, NAME)
    forbidden = conductors([forbid] if forbid else [])
    return Subject(gds, source, Reference((netlist,)), NAME, {"lef": abstract}, forbidden=forbidden)


def label_layers(layout: kdb.Layout) -> list[int]:
    """Those of the label purpose."""
    return [layout.layer(info) for info in layout.layer_infos() if info.datatype == 5]


def unlabelled(layout: kdb.Layout, top: kdb.Cell) -> None:
    """Takes the gate's labels away."""
    for index in label_layers(layout):
        for shape in [s for s in top.shapes(index).each() if s.text.string == "g"]:
            shape.delete()
