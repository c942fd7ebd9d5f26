"""The arguments that the commands share, as typer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _read_cells(files: list[Path] | None) -> list[Path] | None:
    if files:
        from analoom.cells.model.cell_files import load_cells

        for file in files:
            load_cells(file)
    return files


def _with_folder(file: Path | None) -> Path | None:
    """A file that will be written at the end: that it cannot be is told before the work."""
    if file is not None:
        from analoom.flows.files.outputs import make_folder

        make_folder(file.parent)
    return file


def _cell_names(incomplete: str) -> list[str]:
    """What the shell may complete a name to."""
    from analoom.flows.listing import listing

    return [row["name"] for row in listing() if row["name"].startswith(incomplete)]


Name = Annotated[
    str | None, typer.Argument(metavar="NAME", help="A cell of `analoom list`.", autocompletion=_cell_names)
]
Source = Annotated[
    str | None,
    typer.Argument(metavar="NAME|FILE", help="A cell, or a GDS or OASIS file.", autocompletion=_cell_names),
]
Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME|FILE...",
        help="A cell, or GDS or OASIS files, or folders of them.",
        autocompletion=_cell_names,
    ),
]
FilesAtOnce = Annotated[int, typer.Option("--workers", min=1, help="Of several files, so many at a time.")]
JUnit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write the result as JUnit XML too.", callback=_with_folder),
]
CellFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--cells",
        metavar="FILE.py",
        help="A file of cells of your own. Repeatable.",
        callback=_read_cells,
        is_eager=True,
    ),
]
Params = Annotated[
    list[str] | None, typer.Option("-p", metavar="FIELD=VALUE", help="A spec field; the value is YAML. Repeatable.")
]
SpecFile = Annotated[Path | None, typer.Option("--spec", help="A YAML file of spec fields (`cell:` names the cell).")]
Out = Annotated[Path | None, typer.Option("--out", help="The folder for results, instead of out/<cell>/<spec name>.")]
Top = Annotated[str | None, typer.Option("--top", help="The top cell of a file that has several.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as one JSON document.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of everything random.")]
Corner = Annotated[str, typer.Option("--corner", help="tt, ss, ff, sf or fs.")]
Corners = Annotated[
    str | None, typer.Option("--corners", metavar="NAMES", help="A table over these corners (commas between), or all.")
]
Temperatures = Annotated[
    str | None,
    typer.Option("--temperatures", metavar="NUMBERS", help="A table over these degrees Celsius."),
]
Supplies = Annotated[
    str | None, typer.Option("--supplies", metavar="NUMBERS", help="A table over these supplies in V.")
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes of a table; all cores by default.")]
BenchSettings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the testbench. Repeatable.")
]
ListSettings = Annotated[bool, typer.Option("--settings", help="Print what --set takes for this cell, and no more.")]
WireCorner = Annotated[str, typer.Option("--corner", help="typical, fast or slow wires.")]
TempDegC = Annotated[float, typer.Option("--temp", help="Temperature in degrees Celsius.")]
DRC_ENGINES = "fast, klayout, magic, pins, zero_area, density, antenna (commas between), or all."
DrcEngines = Annotated[str, typer.Option("--engine", help=DRC_ENGINES)]
LvsEngines = Annotated[str, typer.Option("--engine", help="fast, netgen (commas between), or all.")]
LvsOfFlow = Annotated[str, typer.Option("--lvs-engine", help="fast, netgen (commas between), or all.")]
Timeout = Annotated[float, typer.Option("--timeout", help="Seconds after which another application is stopped.")]
MaxFile = Annotated[float, typer.Option("--max-file-mb", help="The largest layout file to read, in MB.")]
OutOfFlow = Annotated[Path | None, typer.Option("--out", help="The folder that holds all results, instead of out.")]
Results = Annotated[
    Path, typer.Argument(metavar="DIR|FILE", help="A folder of results, or a layout file that was checked.")
]
Version = Annotated[bool, typer.Option("--version", help="Tell the version.")]
Weights = Annotated[
    Path | None,
    typer.Option("--weights", help="Stored voltages, rows x cols, or integers, outputs x inputs, as .npy or .csv."),
]
