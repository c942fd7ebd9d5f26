"""Layout versus schematic of a cell or a file, by the engines asked for: pins must match, nothing may float.

lvs_cell(build("mosfet"), Path("out/mosfet")).summary()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.files.application import NO_WATCH, Watch
from analoom.flows.files.engines import engines_asked
from analoom.flows.files.layout_source import LayoutSource, of_cell, of_file
from analoom.flows.files.outputs import write_whole
from analoom.flows.lvs.reference.includes import Netlists, Reference
from analoom.pdk.install import check_pdk_root

from .fast import check_fast
from .netgen import check_netgen
from .report import EngineReport, LvsReport


def _fast(
    source: LayoutSource, reference: Netlists, top: str, workdir: Path, watch: Watch, exact: bool
) -> EngineReport:
    watch.tell("fast: extracts and compares")
    return check_fast(source, reference, top, workdir, exact)


REFERENCE = "lvs_reference.spice"
"""The netlist of a cell as it was compared."""

ENGINES: Mapping[str, Callable[[LayoutSource, Netlists, str, Path, Watch, bool], EngineReport]] = {
    "fast": _fast,
    "netgen": check_netgen,
}


def run_lvs(
    source: LayoutSource,
    reference: str | Netlists,
    top: str,
    workdir: Path = Path("out"),
    engines: Sequence[str] = ("fast",),
    watch: Watch = NO_WATCH,
    exact: bool = True,
) -> LvsReport:
    """Compares `source` with subcircuit `top` of `reference`: SPICE text, a file, or several.

    The extracted pins must equal the ports of `top` by name, both ways. A label on two wires is an open, two ports on
    one wire a short; a gate, plate or well that nothing drives is an error even where both netlists agree. Sizes must
    be equal to well under a grid step; not `exact`, they may deviate as the PDK's setup of netgen allows (1 % of a
    width or length, any number of fingers and of resistor bodies in series), and what does is noted. Reports land in
    `workdir`. Other applications get the time limit of `watch`.
    Raises InputError for a netlist that cannot be used and for an engine that is not known, ToolError for a PDK_ROOT
    that holds no PDK.
    """
    names = engine_names(engines)
    check_pdk_root()
    workdir.mkdir(parents=True, exist_ok=True)
    path = write_whole(workdir / REFERENCE, reference) if isinstance(reference, str) else reference
    return LvsReport(source.name, {name: ENGINES[name](source, path, top, workdir, watch, exact) for name in names})


def lvs_cell(cell: Cell, workdir: Path, engines: Sequence[str] = ("fast",), watch: Watch = NO_WATCH) -> LvsReport:
    """Compares a cell drawn here with its own circuit."""
    return run_lvs(of_cell(cell), cell.spice(), cell.circuit.name, workdir, engines, watch)


def lvs_file(
    path: Path,
    netlist: Path | Sequence[Path],
    top: str | None,
    workdir: Path,
    engines: Sequence[str] = ("fast",),
    exact: bool = False,
    circuit: str | None = None,
    allow_include: Sequence[Path] = (),
) -> LvsReport:
    """Compares the layout file at `path` with SPICE files, of which the first holds or includes the schematic's top:
    `circuit`, or what has the name of the top cell.

    Sizes may deviate as the PDK's setup allows, unless `exact`. Files are included from the netlists' own folders and
    from `allow_include`.
    """
    source = of_file(path, top)
    reference = Reference((netlist,) if isinstance(netlist, Path) else tuple(netlist), tuple(allow_include))
    return run_lvs(source, reference, circuit or source.top.name, workdir, engines, exact=exact)


def engine_names(engines: Sequence[str], option: str = "--engine") -> tuple[str, ...]:
    """The engines to run, each once, "all" spelt out. Raises InputError for an unknown or missing name of `option`."""
    return engines_asked("LVS", engines, ENGINES, option)
