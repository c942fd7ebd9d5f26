"""Mismatch of MIM capacitors in the per-size ("binned") models: 2.8 % um, six times the continuous models' 0.47 % um.

sigma(C)/C = k / sqrt(wc lc mf), wc = w + m3_dw (m4_dw on met4); C = camimc wc lc + cpmimc 2 (wc + lc). Read from
the device's own model file and the wire tables beside it, both of sky130_fd_pr (Apache-2.0).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from analoom.pdk.devices import CapDevice
from analoom.pdk.errors import ToolError
from analoom.pdk.install import binned_cells_dir

from .coefficients import CapMismatch

_NUMBER = r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)"
_DRAW = re.compile(rf"'carea\+cperim\+MC_MM_SWITCH\*AGAUSS\(0,1\.0,1\)\*{_NUMBER}\*{_NUMBER}\*\(carea\+cperim\)")
_FOLDER = "cap_mim_m3"


def binned_cap_file(device: CapDevice) -> Path:
    """The device's model. Raises ToolError when it is absent."""
    path = binned_cells_dir() / _FOLDER / f"{device.model}.model.spice"
    if not path.is_file():
        raise ToolError(f"the installed models hold no {path.name}", field="model", remedy="--model continuous")
    return path


def wire_parameter_files() -> tuple[Path, ...]:
    """The typical wires' parameters that the model needs."""
    models = binned_cells_dir().parent / "models"
    tables = models / "r+c"
    return (
        tables / "res_typical__cap_typical.spice",
        tables / "res_typical__cap_typical__lin.spice",
        models / "sky130_fd_pr__model__r+c.model.spice",
    )


@cache
def binned_cap_mismatch(device: CapDevice) -> CapMismatch:
    """Coefficients. Raises ToolError for a model written in another way than known."""
    file = binned_cap_file(device)
    text = file.read_text().replace(" ", "").replace("\r", "")
    draw = _DRAW.search(text)
    metal = device.bottom.name.lower().replace("met", "m")
    if draw is None or f"wc='w+{metal}_dw*1e6+tol_{metal}*1e6'" not in text or "/sqrt(wc*lc*mf)'" not in text:
        raise ToolError(f"the mismatch of {device.model} is written in a form analoom does not know", field="models")
    return CapMismatch(
        device.model,
        float(draw.group(1)) * float(draw.group(2)),
        _value("camimc"),
        (_value(f"{metal}_dw") + _value(f"tol_{metal}")) * 1e6,
        f"AGAUSS term of {file.name}, camimc and cpmimc of the typical wires",
        _value("cpmimc"),
    )


def _value(name: str) -> float:
    for file in wire_parameter_files():
        found = re.search(rf"^\+?\s*{name}\s*=\s*{_NUMBER}(u?)", file.read_text(), re.M)
        if found:
            return float(found.group(1)) * (1e-6 if found.group(2) else 1.0)
    raise ToolError(f"the installed models give no number to {name}", field="models")
