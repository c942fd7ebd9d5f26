"""The commands that check and measure one cell or file: drc, lvs, pex, mismatch; and sim from its own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analoom.flows.files.array_files import read_array
from analoom.flows.many_files import FILES_AT_ONCE
from analoom.pdk.errors import InputError

from . import many, output
from .arguments import (
    DrcEngines,
    FilesAtOnce,
    Json,
    JUnit,
    ListSettings,
    LvsEngines,
    MaxFile,
    Name,
    Out,
    Params,
    Seed,
    Source,
    Sources,
    SpecFile,
    Timeout,
    Top,
    Weights,
    WireCorner,
)
from .options import (
    LARGEST_MB,
    TIMEOUT_S,
    chosen_cell,
    chosen_fields,
    chosen_source,
    one_of,
    spec_fields,
    watch,
    words_of,
)
from .sim import show_settings, sim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analoom.flows.files.layout_source import LayoutSource
    from analoom.flows.lvs.reference.includes import Reference

DRAWS = 1000
USUAL_MISMATCH = {"model": "continuous", "engine": "closed", "samples": DRAWS, "seed": 1}
"""What `mismatch` does when nothing else is asked for."""


def drc(
    sources: Sources = None,
    engine: DrcEngines = "fast",
    p: Params = None,
    spec: SpecFile = None,
    top: Top = None,
    out: Out = None,
    timeout: Timeout = TIMEOUT_S,
    max_file_mb: MaxFile = LARGEST_MB,
    list_rules: Annotated[bool, typer.Option("--list-rules", help="Print the rules, and who checks them.")] = False,
    workers: FilesAtOnce = FILES_AT_ONCE,
    junit: JUnit = None,
    json: Json = False,
) -> int:
    """Check a layout, or many, against the design rules."""
    if list_rules:
        from analoom.flows.drc.rule_list import rule_rows

        return output.finish("rules", rule_rows(), json)
    from analoom.flows.drc.check import engine_names, run_drc

    words = words_of(engine)
    asked, limits, source = engine_names(words), watch(timeout), _only(sources)
    files = many.several(sources, out, top=top, p=p, spec=spec)
    if files is not None:
        from analoom.flows.many_files.check import DrcOfFile

        check = DrcOfFile(words, limits.timeout_s, max_file_mb, out)
        return many.run("drc", files, check, workers, junit, json)
    layout = chosen_source(source, p or (), spec, top, max_file_mb)
    folder = _folder(layout, source, out)
    with output.working(f"DRC of {layout.name} ({', '.join(asked)})") as step:
        done = run_drc(layout, words, folder, limits.with_tell(step.now))
        report = _checked(layout, source, folder, "drc", done)
    many.write_junit([report], junit, "drc")
    return output.finish("drc", report, json, folder)


def lvs(
    sources: Sources = None,
    netlist: Annotated[
        list[Path] | None,
        typer.Option("--netlist", help="The reference SPICE netlist of a FILE; more of them add subcircuits."),
    ] = None,
    circuit: Annotated[
        str | None, typer.Option("--circuit", metavar="NAME", help="The netlist's top, when its name differs.")
    ] = None,
    allow_include: Annotated[
        list[Path] | None,
        typer.Option("--allow-include", metavar="DIR", help="Netlists may include files of DIR. Repeatable."),
    ] = None,
    engine: LvsEngines = "fast",
    p: Params = None,
    spec: SpecFile = None,
    top: Top = None,
    out: Out = None,
    timeout: Timeout = TIMEOUT_S,
    max_file_mb: MaxFile = LARGEST_MB,
    exact: Annotated[bool, typer.Option("--exact", help="Of a FILE: no tolerance of the PDK on sizes.")] = False,
    workers: FilesAtOnce = FILES_AT_ONCE,
    junit: JUnit = None,
    json: Json = False,
) -> int:
    """Compare a layout, or many, with its circuit. Sizes of a NAME must be equal, those of a FILE as the PDK allows."""
    from analoom.flows.lvs.check import engine_names, run_lvs

    asked, limits, source = engine_names(words_of(engine)), watch(timeout), _only(sources)
    files = many.several(sources, out, top=top, p=p, spec=spec)
    if files is not None:
        from analoom.flows.many_files.check import LvsOfFile

        check = LvsOfFile(asked, netlist or (), exact, limits.timeout_s, max_file_mb, out, circuit, allow_include or ())
        return many.run("lvs", files, check, workers, junit, json)
    layout = chosen_source(source, p or (), spec, top, max_file_mb)
    reference, name = _reference(layout, source, netlist or (), circuit, allow_include or ())
    folder = _folder(layout, source, out)
    with output.working(f"LVS of {layout.name} ({', '.join(asked)})") as step:
        done = run_lvs(
            layout, reference, name, folder, asked, limits.with_tell(step.now), exact or layout.cell is not None
        )
        report = _checked(layout, source, folder, "lvs", done)
    many.write_junit([report], junit, "lvs")
    return output.finish("lvs", report, json, folder)


def pex(
    source: Source = None,
    mode: Annotated[str, typer.Option("--mode", help="c: capacitances. rc: distributed resistances too.")] = "c",
    corner: WireCorner = "typical",
    min_c: Annotated[float, typer.Option("--min-c", help="rc: smaller couplings (F) go to the substrate.")] = 0.0,
    min_r: Annotated[float, typer.Option("--min-r", help="rc: smaller resistors (ohm) become shorts.")] = 0.0,
    reduce: Annotated[
        float | None, typer.Option("--reduce", help="rc: drop nodes that are fast up to this Hz.")
    ] = None,
    net: Annotated[str | None, typer.Option("--net", help="List the largest couplings of this net.")] = None,
    block: Annotated[
        str | None, typer.Option("--block", help="rc: rows and columns of a crossbar, 0:4,8:12, with devices.")
    ] = None,
    p: Params = None,
    spec: SpecFile = None,
    top: Top = None,
    out: Out = None,
    max_file_mb: MaxFile = LARGEST_MB,
    json: Json = False,
) -> int:
    """Extract the parasitics of a layout."""
    from analoom.flows.files.outputs import make_folder, write_step, write_whole
    from analoom.flows.files.settings_folder import settings_folder
    from analoom.flows.pex.couplings import largest_couplings
    from analoom.flows.pex.extract import extract, rc_options
    from analoom.flows.pex.symmetry import symmetry, wires, wires_csv

    one_of(corner, "corner", ("typical", "fast", "slow"))
    layout = chosen_source(source, p or (), spec, top, max_file_mb)
    chosen = {"mode": mode, "corner": corner, "min_c": min_c, "min_r": min_r, "reduce": reduce, "block": block}
    usual = {"mode": "c", "corner": "typical", "min_c": 0.0, "min_r": 0.0}
    folder = make_folder(settings_folder(_folder(layout, source, out), chosen, usual, bare=("mode", "corner")))
    with output.working(f"parasitics of {layout.name}"):
        options = rc_options(min_c, min_r, reduce)
        if block is not None:
            from analoom.flows.pex.crossbar.block import extract_block

            one_of(mode, "mode", ("rc",))
            found = extract_block(layout, corner, block, folder, options)
        else:
            found = extract(layout, mode=mode, corner=corner, workdir=folder, options=options)
        alike: dict[str, Any] = {}
        if layout.cell and block is None:
            table = write_whole(folder / "symmetry.csv", wires_csv(wires(layout.cell, found)[0]))
            alike = {"symmetry": {**symmetry(layout.cell, found), "table": str(table)}}
        report = write_step(folder, "pex", {**found.to_json(), **alike, "folder": str(folder)})
    return output.finish("pex", {**report, "largest_couplings": largest_couplings(report, net)}, json)


def mismatch(
    name: Name = None,
    model: Annotated[str, typer.Option("--model", help="continuous or binned.")] = "continuous",
    engine: Annotated[str, typer.Option("--engine", help="closed, mc or ngspice.")] = "closed",
    samples: Annotated[int, typer.Option("--samples", min=2, help="Draws of a Monte Carlo engine.")] = DRAWS,
    seed: Seed = 1,
    weights: Weights = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Operating point, limit, gradients, own sigma: k_vth=0.005."),
    ] = None,
    sizes: Annotated[
        str | None,
        typer.Option("--sizes", metavar="RxC,...", help="A table over sizes of the cell: 8x8,16x16,32x32."),
    ] = None,
    settings: ListSettings = False,
    p: Params = None,
    spec: SpecFile = None,
    out: Out = None,
    json: Json = False,
) -> int:
    """Tell what mismatch does to a cell: sigmas, yield, gradients."""
    from analoom.flows import mismatch as mismatch_flow
    from analoom.flows.files.outputs import cell_folder, make_folder, write_step
    from analoom.flows.files.settings_folder import given_files, settings_folder
    from analoom.flows.matching import matching_sections

    if settings:
        return show_settings("mismatch", chosen_fields(name, p or (), spec)[0], json)
    if sizes is not None:
        return _mismatch_sizes(name, sizes, model, engine, samples, seed, weights, setting, p, spec, out, json)
    cell = chosen_cell(name, p or (), spec)
    stored, fields = read_array(weights) if weights else None, spec_fields(setting or (), "--set")
    chosen = {"model": model, "engine": engine, "samples": samples, "seed": seed, "weights": stored, "set": fields}
    main = make_folder(out) if out else cell_folder(cell)
    folder = settings_folder(main, chosen, USUAL_MISMATCH, bare=("model", "engine"))
    given = {**given_files({"weights": stored}), "folder": str(folder)}
    values = stored.values if stored else None
    with output.working(f"mismatch of {cell.name} ({engine})"):
        found = mismatch_flow.mismatch(cell, model, engine, samples, seed, folder, values, fields)
        sections = matching_sections(cell, model, found.settings, found.seed, budget=False)
        report = write_step(folder, "mismatch", {**found.to_json(), **sections, **given})
    return output.finish("mismatch", report, json)


def _mismatch_sizes(
    name: str | None,
    sizes: str,
    model: str,
    engine: str,
    samples: int,
    seed: int,
    weights: Path | None,
    setting: list[str] | None,
    p: list[str] | None,
    spec: Path | None,
    out: Path | None,
    json: bool,
) -> int:
    from analoom.flows.files.outputs import OUT, make_folder, safe_name, write_step
    from analoom.flows.files.settings_folder import settings_folder
    from analoom.flows.mismatch_sizes import mismatch_sizes, parse_sizes

    if weights is not None:
        raise InputError("--weights are of one size, --sizes asks for several", field="weights", remedy="one of them")
    wanted, (named, fields) = parse_sizes(sizes), chosen_fields(name, p or (), spec)
    given = spec_fields(setting or (), "--set")
    chosen = {"sizes": sizes, "p": fields, "model": model, "engine": engine, "samples": samples, "seed": seed}
    chosen |= {"set": given}
    main = make_folder(out) if out else make_folder(OUT / safe_name(named) / "sizes")
    folder = make_folder(settings_folder(main, chosen, USUAL_MISMATCH, bare=("sizes", "model", "engine")))
    with output.working(f"mismatch of {named} over {len(wanted)} sizes ({engine})") as step:
        found = mismatch_sizes(named, wanted, folder, fields, model, engine, samples, seed, given, step)
        report = write_step(folder, "sizes", found.to_json())
    return output.finish("sizes", report, json)


def balance(name: Name = None, p: Params = None, spec: SpecFile = None, out: Out = None, json: Json = False) -> int:
    """Level the wiring of a capacitor array: drawn stubs, chosen by extraction."""
    from analoom.flows.export.build import build_files
    from analoom.flows.files.outputs import cell_folder, make_folder, write_step
    from analoom.flows.systems.lookup import balance_of

    cell = chosen_cell(name, p or (), spec)
    folder = make_folder(out) if out else cell_folder(cell)
    with output.working(f"balancing {cell.name}"):
        found = balance_of(cell)(cell, folder)
        write_step(folder, "build", build_files(found.cell, folder).to_json())
    report = {**_kept(folder, "balance", found), "folder": str(folder), "clean": found.balanced}
    return output.finish("balance", report, json)


COMMANDS = (drc, lvs, pex, sim, mismatch, balance)


def _reference(
    layout: LayoutSource, source: str | None, netlist: Sequence[Path], circuit: str | None, allowed: Sequence[Path]
) -> tuple[str | Reference, str]:
    """The circuit to compare with, and its name: `--netlist`, else the cell's own, or what lies beside a file."""
    from analoom.flows.lvs.reference.includes import Reference
    from analoom.flows.many_files.find import netlist_beside

    if netlist or layout.cell is None:
        given = tuple(netlist) or (netlist_beside(Path(str(source))),)
        return Reference(given, tuple(allowed)), circuit or layout.top.name
    if circuit or allowed:
        field = "circuit" if circuit else "allow_include"
        raise InputError(f"{field} is of a netlist, and none is given", field=field, remedy="--netlist REF.spice")
    return layout.cell.spice(), layout.cell.circuit.name


def _only(names: list[str] | None) -> str | None:
    return names[0] if names else None


def _folder(layout: LayoutSource, source: str | None, out: Path | None) -> Path:
    from analoom.flows.files.outputs import cell_folder, file_folder, make_folder

    if out:
        return make_folder(out)
    return cell_folder(layout.cell) if layout.cell is not None else file_folder(Path(str(source)))


def _checked(layout: LayoutSource, source: str | None, folder: Path, step: str, report: Any) -> dict[str, Any]:
    """The report of a check, kept with what KLayout shows its findings by."""
    from analoom.flows.many_files.folder import keep, require_verdict

    return require_verdict(keep(layout, folder, step, report.to_json(), None if layout.cell else Path(str(source))))


def _kept(folder: Path, name: str, report: Any) -> dict[str, Any]:
    from analoom.flows.files.outputs import write_step

    return write_step(folder, name, report.to_json())
