"""The command `sim`: one simulation of a cell, or a table over corners, temperatures and supplies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analoom.flows.files.array_files import read_array
from analoom.flows.files.extras import PARQUET

from . import output
from .arguments import (
    BenchSettings,
    Corner,
    Corners,
    Json,
    ListSettings,
    Name,
    Out,
    Params,
    SpecFile,
    Supplies,
    TempDegC,
    Temperatures,
    Weights,
    Workers,
)
from .options import chosen_cell, chosen_fields, numbers, one_of, spec_fields, words_of

if TYPE_CHECKING:
    from analoom.flows.bench.device_under_test import View
    from analoom.flows.bench.sim_result import SimResult


def sim(
    name: Name = None,
    view: Annotated[str, typer.Option("--view", help="schematic or post.")] = "schematic",
    corner: Corner = "tt",
    temp: TempDegC = 27.0,
    corners: Corners = None,
    temperatures: Temperatures = None,
    supplies: Supplies = None,
    workers: Workers = None,
    weights: Weights = None,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", help="Array: input voltages, vectors x rows, as .npy or .csv.")
    ] = None,
    shifts: Annotated[
        Path | None,
        typer.Option("--shifts", help="Array: threshold shifts, rows x cols, or dies x transistors x rows x cols."),
    ] = None,
    setting: BenchSettings = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Metrics and curves as Parquet beside the CSV.")] = False,
    settings: ListSettings = False,
    p: Params = None,
    spec: SpecFile = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Simulate a cell on the testbench of its kind; with --corners and the like, over all their combinations."""
    from analoom.flows.bench.mapped_weights import worth_of
    from analoom.flows.files.outputs import cell_folder, make_folder, write_step
    from analoom.flows.files.settings_folder import given_files, settings_folder
    from analoom.flows.post_layout import simulate_view

    if settings:
        return show_settings("sim", chosen_fields(name, p or (), spec)[0], json)
    asked: View = "post" if one_of(view, "view", ("schematic", "post")) == "post" else "schematic"
    one_of(corner, "corner", ("tt", "ss", "ff", "sf", "fs"))
    if parquet:
        PARQUET.require()
    cell, fields = chosen_cell(name, p or (), spec), spec_fields(setting or (), "--set")
    paths = {"weights": weights, "inputs": inputs, "shifts": shifts}
    files = {name: read_array(path, name) for name, path in paths.items() if path}
    held = files.get("weights")
    stored, worth = (held.values, worth_of(held)) if held else (None, None)
    chosen = {"corner": corner, "temp": temp, "set": fields, **files}
    chosen |= {"corners": words_of(corners or ""), "temperatures": words_of(temperatures or "")}
    chosen |= {"supplies": words_of(supplies or "")}
    main = make_folder(out) if out else cell_folder(cell)
    folder = settings_folder(main, chosen, {"corner": "tt", "temp": 27.0, "corners": ("all",)}, bare=("corner",))
    given = {**given_files(files), "folder": str(folder)}
    if inputs is not None or shifts is not None:
        from analoom.flows.systems.lookup import reader_of

        vectors = {name: file.values for name, file in files.items() if name != "weights"}
        with output.working(f"reading {cell.name} ({view}, {corner})"):
            batch = reader_of(cell)(cell, asked, corner, temp, folder, stored, settings=fields, worth=worth, **vectors)
        return output.finish("sim", write_step(folder, f"read_{view}", {**batch.to_json(), **given}), json)
    if corners is None and temperatures is None and supplies is None:
        with output.working(f"simulating {cell.name} ({view}, {corner})"):
            found = simulate_view(cell, asked, folder, corner, temp, stored, fields, worth)
            report = {**(_with_parquet(found, folder) if parquet else found.to_json()), **given}
        return output.finish("sim", write_step(folder, f"sim_{view}", report), json)
    from analoom.flows.corners.files import write_corners
    from analoom.flows.corners.table import corner_names, corner_table

    at = corner_names(words_of(corner if corners is None else corners))
    temps, volts = numbers(temperatures, "temperatures") or (temp,), numbers(supplies, "supplies")
    with output.working(f"simulating {cell.name} ({view})") as step:
        table = corner_table(cell, at, temps, volts, asked, fields, stored, workers, step)
    return output.finish("corners", write_corners(table, folder, given), json)


def show_settings(command: str, cell: str, json: bool) -> int:
    """Prints what `--set` takes."""
    from analoom.flows.listing import settings_of

    return output.finish("settings", settings_of(cell, command), json)


def _with_parquet(found: SimResult, folder: Path) -> dict[str, Any]:
    from analoom.flows.report.sim_parquet import write_tables

    report = found.to_json()
    return {**report, "files": {**report["files"], **write_tables(found, folder)}}
