"""What is signed off: a layout file with its netlist and abstract, copied into the folder that is handed over."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.export.build import build_files
from analoom.flows.files.layout_source import LayoutSource, of_file
from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.lvs.reference.netlist import read_known
from analoom.flows.lvs.reference.ties import tied_names
from analoom.flows.many_files.find import is_layout
from analoom.pdk.errors import InputError
from analoom.pdk.layers import CONDUCTORS, Layer


@dataclass(frozen=True)
class Subject:
    """`layout` is the file as it is handed over, `source` what was read from it.

    `views` are the other files that list pins, by format: lef, cdl, verilog. `forbidden` are conductors that the
    shuttle keeps for itself. `exact`: sizes must equal those of the netlist, as of cells drawn here.
    """

    layout: Path
    source: LayoutSource
    reference: Reference | None
    circuit: str
    views: dict[str, Path]
    exact: bool = False
    cell: Cell | None = None
    forbidden: tuple[Layer, ...] = ()

    @property
    def name(self) -> str:
        return self.source.top.name

    @cached_property
    def ports(self) -> tuple[str, ...] | None:
        """The ports of the netlist's top, None without a netlist. Raises InputError for one that cannot be used."""
        if self.reference is None:
            return None
        netlist = read_known(self.reference, self.circuit).netlist
        circuit = circuit_named(netlist, self.circuit)
        return tuple(name for pin in circuit.each_pin() for name in tied_names(pin.name()))


def subject_of_cell(cell: Cell, folder: Path, forbidden: Sequence[Layer]) -> Subject:
    """The files of a cell written to `folder`; the layout is what is read back from there."""
    files = build_files(cell, folder).files
    views = {name: files[name] for name in ("lef", "cdl", "verilog")}
    source, reference = of_file(files["gds"]), Reference((files["spice"],))
    return Subject(files["gds"], source, reference, cell.circuit.name, views, True, cell, tuple(forbidden))


def subject_of_file(
    path: Path,
    source: LayoutSource,
    folder: Path,
    reference: Reference | None,
    circuit: str | None,
    lef: Path | None,
    forbidden: Sequence[Layer],
) -> Subject:
    """A layout of the user's with its netlists and its LEF, copied to `folder` under their own names."""
    netlists = reference.files if reference else ()
    given = _named_apart([path, *netlists, *([lef] if lef else [])])
    for file in given:
        try:
            shutil.copyfile(file, folder / file.name)
        except OSError as error:
            said = f"cannot read {file}: {error.strerror}"
            raise InputError(said, field="file", remedy="a file that is there") from None
    views = {"lef": folder / lef.name} if lef else {}
    name = circuit or source.top.name
    return Subject(folder / path.name, source, reference, name, views, forbidden=tuple(forbidden))


def lef_beside(layout: Path) -> Path | None:
    """`adc.lef` beside `adc.gds`, None where there is none."""
    stem = layout.name.split(".")[0] if is_layout(layout) else layout.stem
    beside = layout.with_name(f"{stem}.lef")
    return beside if beside.is_file() else None


def conductors(names: Iterable[str]) -> tuple[Layer, ...]:
    """Wiring layers by name, as `met5`. Raises InputError for a name that is none."""
    known = {layer.name.lower(): layer for layer in CONDUCTORS}
    for name in names:
        if name.lower() not in known:
            said = f"{name!r} is no wiring layer; known: {', '.join(known)}"
            raise InputError(said, field="forbid", remedy="--forbid met5")
    return tuple(known[name.lower()] for name in names)


def _named_apart(files: Sequence[Path]) -> list[Path]:
    """The files, which lie in one folder later. Raises InputError for two of one name."""
    seen: dict[str, Path] = {}
    for file in files:
        before = seen.setdefault(file.name, file)
        if before.resolve() != file.resolve():
            raise InputError(f"{before} and {file} have one name", field="netlist", remedy="rename one of them")
    return list(seen.values())
