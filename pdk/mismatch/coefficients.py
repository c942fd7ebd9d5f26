"""Mismatch coefficients, read from the installed model files and from nowhere else.

Transistors ("continuous" models): sigma of one device's threshold = K / sqrt(w l mult) * G(w, l), all in um. K is
`sw_mm_vth0_<model>` of `models_global.spice`. G is 1 but where the model file multiplies the random term by the
device's corner-shape factor as well, as it does for nfet_01v8: there the apparent K grows to 4 times at the smallest
size. It is part of the model file, and so of the result. The files hold no other random term (those in tox and
mobility are commented out), so that a current factor has no mismatch of its own. A pair's difference is sqrt(2)
larger; measured data quoted as A_VT usually means the pair.

MIM capacitors: sigma(C)/C = `sw_mm_cmim` / sqrt((w + dw)(l + dw) mult) with dw = `sw_cap_mim_dw`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import sqrt

from analoom.pdk.devices import CapDevice, MosDevice
from analoom.pdk.errors import ToolError
from analoom.pdk.model_files import GLOBAL_FILE, parameter, subcircuit_text

_N = r"([0-9.eE+-]+)"
_SHAPE = re.compile(rf"\({_N}\*{_N}/l\+{_N}\)\*\({_N}\*{_N}/w\+{_N}\)\*\({_N}\*{_N}/\(w\*l\)\+{_N}\)")
_DRAW = "mismatch_factor*MC_MM_SWITCH*AGAUSS(0,1.0,1)/sqrt(l*w*mult)"
_MIM_DRAW = "mismatch_factor*MC_MM_SWITCH*AGAUSS(0,1.0,1)*sw_mm_cmim/sqrt(wc*lc*mult)"
_CAP_FILE = "parameters_cap_nom.spice"


@dataclass(frozen=True)
class MosMismatch:
    """`k_v_um` in V um; `shape` holds (a, b) of the factors a/l + b, a/w + b, a/(w l) + b, or nothing when G is 1."""

    model: str
    k_v_um: float
    shape: tuple[tuple[float, float], ...]
    source: str

    def shape_factor(self, w_um: float, l_um: float) -> float:
        """G(w, l)."""
        factor = 1.0
        for (a, b), length in zip(self.shape, (l_um, w_um, w_um * l_um), strict=False):
            factor *= a / length + b
        return factor

    def sigma_vth_v(self, w_um: float, l_um: float, mult: int = 1) -> float:
        """Sigma of one device's threshold voltage in V; `w_um` total width, `mult` parallel devices taken together."""
        return self.k_v_um / sqrt(w_um * l_um * mult) * self.shape_factor(w_um, l_um)


@dataclass(frozen=True)
class CapMismatch:
    """`k_um` in um (relative sigma times sqrt of area), `density_f_um2` in F/um2, `dw_um` added to both plate sides.

    `edge_f_um` is the capacitance of the plate's circumference in F/um.
    """

    model: str
    k_um: float
    density_f_um2: float
    dw_um: float
    source: str
    edge_f_um: float = 0.0

    def capacitance_f(self, w_um: float, l_um: float) -> float:
        """Nominal capacitance in F."""
        w, l = w_um + self.dw_um, l_um + self.dw_um  # noqa: E741
        return self.density_f_um2 * w * l + self.edge_f_um * 2 * (w + l)

    def sigma_frac(self, w_um: float, l_um: float, mult: int = 1) -> float:
        """Relative sigma of `mult` parallel capacitors taken together."""
        return self.k_um / sqrt((w_um + self.dw_um) * (l_um + self.dw_um) * mult)


@cache
def mos_mismatch(device: MosDevice) -> MosMismatch:
    """Coefficients of a transistor. Raises ToolError for a model written in another way than known."""
    name = f"sw_mm_vth0_{device.model}"
    text = _uncommented(subcircuit_text(device.model)).replace(" ", "")
    delvto = re.search(r"\+delvto=\{(.*)\}", text)
    inside = re.search(r"\+swx_vth=\{(.*)\}", text)
    term = f"{name}*{_DRAW}"
    shape: tuple[tuple[float, float], ...] = ()
    if delvto and inside and term in inside.group(1) and delvto.group(1).startswith("swx_vth*"):
        shape = _shape(device.model, delvto.group(1))
    elif not (delvto and f"+{term}" in delvto.group(1)):
        raise _unknown(device.model)
    return MosMismatch(
        device.model, parameter(GLOBAL_FILE, name), shape, f"{name} in {GLOBAL_FILE}, delvto of {device.model}"
    )


@cache
def cap_mismatch(device: CapDevice) -> CapMismatch:
    """Coefficients of a MIM capacitor. Raises ToolError for a model written in another way than known."""
    text = _uncommented(subcircuit_text(device.model)).replace(" ", "")
    if f"carea={{sw_cap_mim_ca*wc*lc*(1+{_MIM_DRAW})}}" not in text:
        raise _unknown(device.model)
    return CapMismatch(
        device.model,
        parameter(GLOBAL_FILE, "sw_mm_cmim"),
        parameter(_CAP_FILE, "sw_cap_mim_ca"),
        parameter(_CAP_FILE, "sw_cap_mim_dw") * 1e6,
        f"sw_mm_cmim in {GLOBAL_FILE}, sw_cap_mim_ca and _dw in {_CAP_FILE}",
    )


def _shape(model: str, delvto: str) -> tuple[tuple[float, float], ...]:
    found = _SHAPE.fullmatch(delvto.removeprefix("swx_vth*"))
    if found is None:
        raise _unknown(model)
    n = [float(x) for x in found.groups()]
    return tuple((n[k] * n[k + 1], n[k + 2]) for k in (0, 3, 6))


def _uncommented(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("*"))


def _unknown(model: str) -> ToolError:
    return ToolError(f"the mismatch of {model} is written in a form analoom does not know", field="models")
