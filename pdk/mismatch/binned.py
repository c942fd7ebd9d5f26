"""Mismatch coefficients of the "binned" models: the per-size files, where each size bin names its own random terms.

One device's parameter p (`vth0`, `voff`, `nfactor`, or `toxe` as a fraction of itself) has sigma = slope_p /
sqrt(w l mult), w and l in um. Which slope a bin uses stands in the bin, the slopes in the device's mismatch file, both
of sky130_fd_pr (Apache-2.0). All terms are independent draws of one device: a pair's difference is sqrt(2) larger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.install import binned_cells_dir

PARAMETERS = ("vth0", "voff", "toxe", "nfactor")
SLACK_UM = 1e-6

_BOUND = re.compile(r"\b(lmin|lmax|wmin|wmax)\s*=\s*([0-9.eE+-]+)")
_HEAD_CHARACTERS = 300
_SLOPE = re.compile(r"^\.param\s+(\w+_slope\d*)\s*=\s*([-+0-9.eE]+)\s*(?:;.*)?$", re.M)
_NUMBER = r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)"
_ROOT = r"sqrt\(l\*w\*mult\)"
_TERM = re.compile(rf"^\+ ?(\w+)=\{{({_NUMBER}.*)\+MC_MM_SWITCH\*AGAUSS\(0,1\.0,1\)\*\((.*)\)\}}", re.M)


@dataclass(frozen=True)
class BinnedTerm:
    """`slope` times sqrt(um2): V um for voltages, um for `nfactor`, m um for `toxe` (nominal value included)."""

    parameter: str
    slope: float
    name: str


@dataclass(frozen=True)
class BinnedMismatch:
    """The random terms of one size."""

    model: str
    terms: tuple[BinnedTerm, ...]
    source: str

    def sigmas(self, w_um: float, l_um: float, mult: int = 1) -> dict[str, float]:
        """Sigma of each parameter of one device, in the model's own units; zero terms are left out."""
        return {t.parameter: t.slope / sqrt(w_um * l_um * mult) for t in self.terms if t.slope}


@cache
def binned_mismatch(device: MosDevice, w_um: float, l_um: float, nf: int = 1) -> BinnedMismatch:
    """Terms of the bin a size falls in. Raises InputError for a size without a bin, ToolError for an unknown form."""
    text = bin_text(device, w_um, l_um, nf).replace(" ", "")
    slopes, found = _slopes(device), []
    for parameter, _, nominal, spread in _TERM.findall(text):
        found.append(_term(device, parameter, float(nominal), spread, slopes))
    if {t.parameter for t in found} - set(PARAMETERS) or "vth0" not in {t.parameter for t in found}:
        raise _unknown(device)
    if len(found) != text.count("AGAUSS"):
        raise _unknown(device)
    names = ", ".join(t.name for t in found if t.slope)
    return BinnedMismatch(device.model, tuple(found), f"{names} of {mismatch_file(device).name}, and the size's bin")


def bin_text(device: MosDevice, w_um: float, l_um: float, nf: int = 1) -> str:
    """The model card of the size's bin (the first that holds it). Bins go by a finger's width. Raises InputError."""
    for text in _bins(bins_file(device)):
        bound = {name: float(value) * 1e6 for name, value in _BOUND.findall(text[:_HEAD_CHARACTERS])}
        long = bound["lmin"] - SLACK_UM <= l_um <= bound["lmax"] + SLACK_UM
        if long and bound["wmin"] - SLACK_UM <= w_um / nf <= bound["wmax"] + SLACK_UM:
            return text
    what = f"w = {w_um:g} um, l = {l_um:g} um, nf = {nf}"
    raise InputError(f"{device.model} has no bin for {what} in the binned models", field="l")


def bins_file(device: MosDevice) -> Path:
    """The typical models of all sizes."""
    return _file(device, "tt.pm3")


def parameter_files(device: MosDevice) -> tuple[Path, ...]:
    """Parameters of all devices (length of diffusion), of the typical corner, and the mismatch slopes."""
    return binned_cells_dir().parent / "models/parameters/lod.spice", _file(device, "tt.corner"), mismatch_file(device)


def mismatch_file(device: MosDevice) -> Path:
    """The device's slopes."""
    return _file(device, "mismatch.corner")


def _file(device: MosDevice, what: str) -> Path:
    path = binned_cells_dir() / device.name / f"{device.model}__{what}.spice"
    if not path.is_file():
        raise ToolError(f"the installed models hold no {path.name}", field="model", remedy="--model continuous")
    return path


def _term(device: MosDevice, parameter: str, nominal: float, spread: str, slopes: dict[str, float]) -> BinnedTerm:
    scaled_form = rf"{_NUMBER}\*(?:1\.0\*)?\((\w+)/{_ROOT}\)"
    inner = re.fullmatch(rf"{scaled_form}|(\w+)/{_ROOT}", spread)
    if inner is None:
        raise _unknown(device)
    factor, scaled, plain = inner.groups()
    name = scaled or plain
    if name not in slopes or (parameter == "toxe") != (factor is not None):
        raise _unknown(device)
    return BinnedTerm(parameter, slopes[name] * (float(factor) if factor else 1.0), name)


@cache
def _bins(path: Path) -> tuple[str, ...]:
    _, *bins = re.split(r"^(?=\.model )", path.read_text(), flags=re.M)
    bins[-1] = re.split(r"^(?=\.ends)", bins[-1], flags=re.M)[0]
    return tuple(bins)


def _slopes(device: MosDevice) -> dict[str, float]:
    return {name: float(value) for name, value in _SLOPE.findall(mismatch_file(device).read_text())}


def _unknown(device: MosDevice) -> ToolError:
    return ToolError(f"the binned mismatch of {device.model} is written in a form analoom does not know", field="model")
