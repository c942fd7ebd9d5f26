"""The command `export`: a cell for a shuttle, a digital flow or another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import output
from .arguments import Json, Name, Params, SpecFile
from .options import chosen_cell, spec_fields

To = Annotated[
    str, typer.Option("--to", metavar="RECEIVER", help="Whom it is for; a name that is not known lists them all.")
]
Folder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="A folder of its own, instead of one in out/<cell>.")
]
Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="What the receiver lets you choose. Repeatable."),
]


def export(
    name: Name = None,
    to: To = "",
    setting: Setting = None,
    settings: Annotated[bool, typer.Option("--settings", help="Print what --set takes, and no more.")] = False,
    p: Params = None,
    spec: SpecFile = None,
    out: Folder = None,
    json: Json = False,
) -> int:
    """Hand a cell over: its files in the receiver's form, checked as the receiver would."""
    from analoom.flows.handover.lookup import receiver_of
    from analoom.flows.handover.run import export_cell

    receiver = receiver_of(to)
    if settings:
        return output.finish("receiver", receiver.to_json(), json)
    fields = spec_fields(setting or (), "--set")
    receiver.chosen(fields)  # what is wrong is told before anything is drawn
    cell = chosen_cell(name, p or (), spec)
    with output.working(f"{cell.name} for {to}") as step:
        done = export_cell(cell, to, out, fields, step)
    return output.finish("export", done.to_json(), json)
