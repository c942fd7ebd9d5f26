"""The command `map`: trained weights as the voltages that a crossbar stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analoom.flows.files.array_files import read_array

from . import output
from .arguments import Corner, Json, Params, SpecFile, TempDegC
from .options import chosen_fields, spec_fields


def map_weights(
    weights: Annotated[Path, typer.Argument(metavar="W", help="Weights, outputs x inputs, as .npy or .csv.")],
    cell: Annotated[str, typer.Option("--cell", help="The array; its rows and columns follow from the weights.")],
    out: Annotated[Path, typer.Option("--out", metavar="V", help="Where the voltages go: a .npy or .csv file.")],
    scale: Annotated[
        float | None, typer.Option("--scale", help="The weight at full range; by default the largest.")
    ] = None,
    levels: Annotated[
        int | None, typer.Option("--levels", help="So many equally spaced gains; by default any gain.")
    ] = None,
    corner: Corner = "tt",
    temp: TempDegC = 27.0,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="The read: v_read, weight_low, weight_high (V). Repeatable."),
    ] = None,
    p: Params = None,
    spec: SpecFile = None,
    json: Json = False,
) -> int:
    """Map trained weights to the voltages that a crossbar stores."""
    from analoom.flows import map_weights as mapping
    from analoom.flows.files.settings_folder import given_files

    given, (name, fields) = read_array(weights), chosen_fields(cell, p or (), spec)
    path, read = mapping.checked_path(out), spec_fields(setting or (), "--set")
    with output.working(f"mapping {weights} to {name}"):
        found = mapping.map_weights(given.values, name, fields, scale, levels, corner, temp, read)
        files = mapping.write_mapping(found, path)
    return output.finish("map", {**found.to_json(), **given_files({"weights": given}), "files": files}, json)
