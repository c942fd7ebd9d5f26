"""The command line `analoom`: a thin layer over the Python API.

`--json` puts one JSON document on stdout, all else goes to stderr. Exit 0: clean or done, 1: not clean,
2: could not run, 128 + the signal's number: interrupted.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Annotated, Any

import typer

from analoom.pdk.errors import AnaloomError, InputError, Interrupted

from . import output
from .arguments import (
    CellFiles,
    Corner,
    DrcEngines,
    Json,
    LvsOfFlow,
    Name,
    Out,
    OutOfFlow,
    Params,
    Results,
    Seed,
    SpecFile,
    TempDegC,
    Version,
    Weights,
)
from .checks import COMMANDS
from .compile import compile_net
from .export import export
from .map import map_weights
from .options import chosen_cell, words_of
from .remedies import usage_error, with_remedy
from .signoff import signoff, verify
from .sweep import sweep

app = typer.Typer(
    help="Physical design generator for analog neural networks in SKY130.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]
"""The option parser's base class of its complaints, wherever typer keeps its parser."""


INTERRUPTED = 130
"""What typer makes of Ctrl-C."""


@app.callback()
def start(context: typer.Context, version: Version = False, cells: CellFiles = None) -> None:
    """Physical design generator for analog neural networks in SKY130."""
    if version:
        from analoom.pdk.install import package_version

        typer.echo(package_version("analoom"))
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("list")
def list_cells(name: Name = None, json: Json = False) -> int:
    """List the cells; with NAME the fields, pins and metrics of one."""
    from analoom.flows.listing import about, listing

    return output.finish("list", listing(), json) if name is None else output.finish("about", about(name), json)


@app.command()
def build(name: Name = None, p: Params = None, spec: SpecFile = None, out: Out = None, json: Json = False) -> int:
    """Draw a cell: GDS, OASIS, SPICE, CDL, LEF, Verilog stub and a picture."""
    from analoom.flows.export.build import build_files
    from analoom.flows.files.outputs import cell_folder, make_folder, write_step

    cell = chosen_cell(name, p or (), spec)
    folder = make_folder(out) if out else cell_folder(cell)
    with output.working(f"building {cell.name}"):
        report = write_step(folder, "build", build_files(cell, folder).to_json())
    return output.finish("build", report, json)


for command in COMMANDS:
    app.command()(command)


@app.command()
def flow(
    name: Name = None,
    p: Params = None,
    spec: SpecFile = None,
    engine: DrcEngines = "all",
    lvs_engine: LvsOfFlow = "all",
    corner: Corner = "tt",
    temp: TempDegC = 27.0,
    seed: Seed = 1,
    weights: Weights = None,
    out: OutOfFlow = None,
    json: Json = False,
) -> int:
    """Take a cell through everything, and write its report."""
    from analoom.flows.drc import check as drc
    from analoom.flows.files.array_files import read_array
    from analoom.flows.flow import FlowOptions, run_flow
    from analoom.flows.lvs import check as lvs

    drc_engines, lvs_engines = tuple(words_of(engine)), lvs.engine_names(words_of(lvs_engine), "--lvs-engine")
    drc.engine_names(drc_engines)  # an unknown one is refused before work starts
    cell = chosen_cell(name, p or (), spec)
    stored = read_array(weights) if weights else None
    options = FlowOptions(drc_engines, lvs_engines, corner, temp, seed=seed, weights=stored)
    with output.working(cell.name) as step:
        report = run_flow(cell, out, options, step).to_json()
    return output.finish("flow", report, json)


app.command("map")(map_weights)
app.command("compile")(compile_net)
app.command()(export)
app.command()(signoff)
app.command()(verify)
app.command()(sweep)


@app.command()
def demo(out: OutOfFlow = None, json: Json = False) -> int:
    """Take a matched pair, a capacitor array and a crossbar through everything, and a network from weights to dies."""
    from analoom.flows.compile.demo import with_network
    from analoom.flows.demo import run_demo

    with output.working("demo") as step:
        done = with_network(run_demo(out, step), out, step)
    return output.finish("demo", done, json)


@app.command()
def report(
    folder: Results,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    json: Json = False,
) -> int:
    """Write the HTML page of a folder of results, or of a layout file that was checked."""
    from analoom.flows.files.outputs import file_folder
    from analoom.flows.report.page import write_report

    from .browser import open_page

    if show and json:
        raise InputError("--open shows the page, --json is for a script", field="open", remedy="give one of the two")
    page = write_report(file_folder(folder) if folder.is_file() else folder)
    if show:
        open_page(page)
    return output.finish("report", {"report": str(page)}, json)


@app.command()
def doctor(json: Json = False) -> int:
    """Tell which tools and PDK parts are in place; exit code 1 where a part of the PDK cannot be used."""
    from analoom.flows.doctor import examine

    report = examine()
    return output.finish("doctor", report, json) or int(bool(report["problems"]))


@app.command("help")
def tell_help(command: Annotated[str | None, typer.Argument(metavar="COMMAND", help="A command.")] = None) -> None:
    """Tell what a command takes, as its --help does."""
    _commands()(args=[*([command] if command else []), "--help"], prog_name="analoom", standalone_mode=False)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits with its code; what could not run is told, never a traceback."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them takes 40 ms at every start
    words = sys.argv[1:] if arguments is None else arguments
    with output.stdout_for(json="--json" in words):
        code = _run(words)
    sys.exit(code)


def _run(words: list[str]) -> int:
    whole = _commands()
    try:
        code = int(whole(args=words, prog_name="analoom", standalone_mode=False) or 0)
        return _interrupted() if code == INTERRUPTED else code
    except AnaloomError as error:
        return output.fail(with_remedy(error, words, whole.commands))
    except USAGE_ERROR as error:
        return output.fail(usage_error(error, words, whole.commands))
    except OSError as error:
        return output.fail(InputError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")))
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()


def _interrupted() -> int:
    """Ctrl-C where `main` was called from Python; the executable ends its child itself."""
    output.fail(Interrupted())
    return INTERRUPTED


@cache
def _commands() -> Any:
    """The commands as typer parses them, each with the option --cells of the whole: it may stand before or after."""
    whole: Any = typer.main.get_command(app)
    (cells,) = (option for option in whole.params if option.name == "cells")
    cells.expose_value = False  # its callback reads the files
    for command in whole.commands.values():
        command.params.append(cells)
    return whole


if __name__ == "__main__":
    main()
