"""The commands `signoff` and `verify`: all that a shuttle asks in one table; whether files are still as they were."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analoom.pdk.errors import InputError

from . import output
from .arguments import Json, MaxFile, Params, Source, SpecFile, Timeout, Top
from .options import LARGEST_MB, TIMEOUT_S, chosen_cell, chosen_source, is_file, watch, words_of

if TYPE_CHECKING:
    from analoom.flows.lvs.reference.includes import Reference

Netlists = Annotated[
    list[Path] | None,
    typer.Option("--netlist", help="The netlist of a FILE, instead of the one beside it; more add subcircuits."),
]
Circuit = Annotated[
    str | None, typer.Option("--circuit", metavar="NAME", help="The netlist's top, when its name differs.")
]
Allowed = Annotated[
    list[Path] | None,
    typer.Option("--allow-include", metavar="DIR", help="Netlists may include files of DIR. Repeatable."),
]
Lef = Annotated[Path | None, typer.Option("--lef", help="The LEF of a FILE, instead of the one beside it.")]
Forbid = Annotated[
    str | None,
    typer.Option("--forbid", metavar="LAYERS", help="Wiring layers that the shuttle keeps for itself: met5."),
]
Folder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="A folder of its own for all that is written.")
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only", metavar="CHECKS", help="These checks (commas between); without the others nothing is signed off."
    ),
]


def signoff(
    source: Source = None,
    netlist: Netlists = None,
    circuit: Circuit = None,
    allow_include: Allowed = None,
    lef: Lef = None,
    forbid: Forbid = None,
    only: Only = None,
    p: Params = None,
    spec: SpecFile = None,
    top: Top = None,
    out: Folder = None,
    timeout: Timeout = TIMEOUT_S,
    max_file_mb: MaxFile = LARGEST_MB,
    json: Json = False,
) -> int:
    """Check everything that a shuttle asks, and write the files with a manifest that `verify` reads."""
    from analoom.flows.signoff.run import check_names, sign_off_cell, sign_off_file
    from analoom.flows.signoff.subject import conductors

    forbidden, limits = conductors(words_of(forbid or "")), watch(timeout)
    names = check_names(words_of(only)) if only is not None else None
    if source is None or not is_file(source):
        _refuse(netlist=netlist, circuit=circuit, allow_include=allow_include, lef=lef, top=top)
        cell = chosen_cell(source, p or (), spec)
        with output.working(f"sign-off of {cell.name}") as step:
            heard = limits.with_tell(step.now)
            done = sign_off_cell(cell, out, forbidden=forbidden, only=names, watch=heard, step=step)
        return output.finish("signoff", done.to_json(), json)
    layout, path = chosen_source(source, p or (), spec, top, max_file_mb), Path(source)
    reference = _reference(path, netlist or [], allow_include or [])
    with output.working(f"sign-off of {layout.name}") as step:
        heard = limits.with_tell(step.now)
        done = sign_off_file(
            path, layout, reference, circuit, out, lef=lef, forbidden=forbidden, only=names, watch=heard, step=step
        )
    return output.finish("signoff", done.to_json(), json)


def verify(
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="The manifest.json of a sign-off.")],
    json: Json = False,
) -> int:
    """Tell whether the files of a sign-off are as they were, and its layout what its spec draws."""
    from analoom.flows.signoff.verification import verify as verified

    with output.working(f"verifying {manifest}"):
        report = verified(manifest)
    return output.finish("verify", report.to_json(), json)


def _refuse(**given: object) -> None:
    """What goes with a layout file only."""
    for option, value in given.items():
        if value:
            flag = f"--{option.replace('_', '-')}"
            said = f"{flag} goes with a layout file; a cell has its own"
            raise InputError(said, field=option, remedy=f"the command without {flag}")


def _reference(path: Path, netlists: list[Path], allowed: list[Path]) -> Reference | None:
    """The netlists given, or the one beside the file; None where there is none: nothing is then compared."""
    from analoom.flows.lvs.reference.includes import Reference
    from analoom.flows.many_files.find import netlist_beside

    if netlists:
        return Reference(tuple(netlists), tuple(allowed))
    try:
        return Reference((netlist_beside(path),), tuple(allowed))
    except InputError:
        return None
