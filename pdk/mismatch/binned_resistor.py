"""Mismatch of poly resistors in the per-size ("binned") models, a file a width of res_high_po and res_xhigh_po.

The body has sigma body_pelgrom / sqrt(w l mult); both heads are one resistor with sigma rend_mm / sqrt(mult). Generic
poly draws its sheet: 0.12 / sqrt(2 w l mult + rp1 / 1e5), w and l in um. Values are those of the same files at small
voltages and 27 degC. All of sky130_fd_pr (Apache-2.0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import hypot
from pathlib import Path

from analoom.pdk.devices import RESISTORS, ResDevice
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.install import binned_cells_dir

from .binned_cap import wire_parameter_files
from .expressions import parameters_in, value_of

ROOM_DEGC = 27.0
_BODY = "res_match={(body_pelgrom/sqrt(w*l*mult))*MC_MM_SWITCH*AGAUSS(0,1.0,1)}"
_HEAD = "*(1+rend_mm/sqrt(mult)*MC_MM_SWITCH*AGAUSS(0,1.0,1))"
_SHEET = "rp1_mm={rp1*MC_MM_SWITCH*AGAUSS(0,0.12,1)/sqrt(2.0*l*w*mult+rp1/100000.0)}"
_ELEMENT = re.compile(r"^(rend|rbody|rhrpoly\w*)\s.*?\br\s*=\s*\{([^}]*)\}", re.M)
_VOLTAGE = re.compile(r"\bv\(\w+,\w+\)")


@dataclass(frozen=True)
class BinnedResistor:
    """One resistor: the subcircuit `model`, its nominal body and heads, and their relative sigmas."""

    model: str
    body_ohm: float
    head_ohm: float
    body_frac: float
    head_frac: float
    source: str

    @property
    def sigma_frac(self) -> float:
        """Relative sigma of the whole."""
        return hypot(self.body_ohm * self.body_frac, self.head_ohm * self.head_frac) / (self.body_ohm + self.head_ohm)


@cache
def binned_resistor(device: ResDevice, w_um: float, l_um: float) -> BinnedResistor:
    """The resistor of that size. Raises InputError for a width without a file, ToolError for an unknown form."""
    if device.implant is None:
        return _generic(device, w_um, l_um)
    own = _of_width(device, w_um)
    file, text = binned_resistor_files(device, w_um)[-1], _text(device, w_um)
    bare = text.replace(" ", "")
    if bare.count(_BODY) != 1 or bare.count(_HEAD) != 1 or bare.count("AGAUSS") != 2:
        raise _unknown(own)
    names = _names(text, w_um, l_um)
    ohm = {name[:4]: value_of(_VOLTAGE.sub("0", r), names) for name, r in _ELEMENT.findall(text.replace("\n+", " "))}
    if len(ohm) != 2:
        raise _unknown(own)
    head = ohm.pop("rend")
    spreads = value_of("body_pelgrom/sqrt(w*l)", names), value_of("rend_mm", names)
    return BinnedResistor(own.model, ohm.popitem()[1], head, *spreads, f"body_pelgrom and rend_mm of {file.name}")


def binned_resistor_files(device: ResDevice, w_um: float) -> tuple[Path, ...]:
    """The model files of that width, the one with the random terms last; of generic poly the sheet's. Raises."""
    if device.implant is None:
        return (binned_cells_dir().parent / "models" / "r+c.mrp1monte.spice",)
    own, folder = _of_width(device, w_um), binned_cells_dir() / device.name
    files = [folder / f"{own.model}.model.spice"]
    if "__base" in files[0].read_text():
        files.append(folder / f"{device.model}__base.model.spice")
    return tuple(files)


def _of_width(device: ResDevice, w_um: float) -> ResDevice:
    known = {d.w_um: d for d in RESISTORS.values() if d.implant is device.implant and d.w_um is not None}
    if w_um not in known:
        raise InputError(f"the binned models hold no {device.name} {w_um:g} um wide", field="w")
    return known[w_um]


def _generic(device: ResDevice, w_um: float, l_um: float) -> BinnedResistor:
    (file,) = binned_resistor_files(device, w_um)
    if _SHEET not in file.read_text().replace(" ", ""):
        raise _unknown(device)
    names: dict[str, float | str] = {"w": w_um, "l": l_um, **{n: _wire(n) for n in ("rp1", "tol_poly", "poly_dw")}}
    ohm = value_of("rp1*l/(w-1e6*(-tol_poly-poly_dw))", names)
    sigma = value_of("0.12/sqrt(2.0*l*w+rp1/100000.0)", names)
    return BinnedResistor(device.model, ohm, 0.0, sigma, 0.0, f"rp1_mm of {file.name}")


def _names(text: str, w_um: float, l_um: float) -> dict[str, float | str]:
    """Every parameter of the subcircuit, random ones at their middle, and what it takes from outside."""
    found = {n: re.sub(r"AGAUSS\([^)]*\)", "0", e) for n, e in parameters_in(text.replace("\n+", " ")).items()}
    outside = {"MC_MM_SWITCH": 0.0, "sky130_fd_pr__res_high_po__var_mult": 0.0, "temper": ROOM_DEGC}
    return {**found, **outside, "w": w_um, "l": l_um, "mult": 1.0}


def _text(device: ResDevice, w_um: float) -> str:
    lines = binned_resistor_files(device, w_um)[-1].read_text().replace("\r", "").splitlines()
    return "\n".join(line for line in lines if not line.startswith("*"))


def _wire(name: str) -> float:
    for file in wire_parameter_files():
        found = re.search(rf"^\+?\s*{name}\s*=\s*([-+\d.eE]+)(u?)", file.read_text(), re.M)
        if found:
            return float(found.group(1)) * (1e-6 if found.group(2) else 1.0)
    raise ToolError(f"the installed models give no number to {name}", field="models")


def _unknown(device: ResDevice) -> ToolError:
    return ToolError(f"the mismatch of {device.model} is written in a form analoom does not know", field="models")
