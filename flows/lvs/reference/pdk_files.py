"""The PDK's own files, as netlists of other machines name them: taken as installed here, whatever their path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from analoom.pdk.errors import ToolError
from analoom.pdk.install import MODELS_PACKAGE, package_version, pdk_cells_netlist, pdk_sources, standard_cells_dir

MODELS = re.compile(
    r"(?:^|/)(?:libs\.tech/(?:ngspice|combined|xyce|hspice)|sky130_fd_pr)/|(?:^|/)sky130[a-z]?\.lib\.spice$"
    r"|\$\W*SKYWATER_MODELS",
    re.IGNORECASE,
)
"""open_pdks: `sky130A/libs.tech/ngspice/sky130.lib.spice`; skywater-pdk: `libraries/sky130_fd_pr/latest/models/...`;
xschem's variable."""

CELL_FILE = re.compile(r"(?:^|/)(sky130_fd_sc_[a-z]+)(?:__\w+)?\.(?:spice|cdl|sp)$", re.IGNORECASE)
"""open_pdks: `libs.ref/sky130_fd_sc_hd/spice/sky130_fd_sc_hd.spice`; skywater-pdk: a file a cell."""


def is_model_file(name: str) -> bool:
    """Whether `name`, as an include spells it, is one of the PDK's model files."""
    return MODELS.search(name) is not None


def cell_library(name: str) -> str | None:
    """The standard cell library that `name`, as an include spells it, is of."""
    found = CELL_FILE.search(name)
    return found[1].lower() if found else None


def installed_cells(library: str) -> Path | Mapping[str, Path] | None:
    """The PDK's one netlist of all cells, else the package's by cell in upper case; None where neither is installed."""
    whole = pdk_cells_netlist(library)
    if whole is not None:
        return whole
    try:
        return _by_cell(standard_cells_dir(library))
    except ToolError:
        return None


def installed_as() -> str:
    """Which PDK is installed, in words."""
    root = pdk_sources()["PDK_ROOT"]
    return f"the PDK in {root}" if root else f"the Python package {MODELS_PACKAGE} {package_version(MODELS_PACKAGE)}"


@cache
def _by_cell(folder: Path) -> Mapping[str, Path]:
    return {path.stem.upper(): path for path in sorted(folder.glob("*/*.spice"))}
