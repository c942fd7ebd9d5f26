"""Mismatch of poly resistors, read from the installed "continuous" model files and from nowhere else.

Sigma of one resistor's body is `sw_mm_<model>` / sqrt(w l mult); high_po and xhigh_po have a head beside it (two in
xhigh_po) with `sw_mm_...generic_po_head` / sqrt(w mult), drawn by itself. w and l in um, as in the models. A pair's
difference is sqrt(2) larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import hypot, sqrt

from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.model_files import GLOBAL_FILE, parameter, resistor_text

MODELS = ("sky130_fd_pr__res_generic_po", "sky130_fd_pr__res_high_po", "sky130_fd_pr__res_xhigh_po")
HEAD = "sky130_fd_pr__res_generic_po_head"
_DRAW = "{name}*mismatch_factor*MC_MM_SWITCH*AGAUSS(0,1.0,1)/sqrt({by}*mult)"


@dataclass(frozen=True)
class ResistorMismatch:
    """`body_um` (relative sigma times sqrt of area, um) and `head_root_um` (times sqrt of width); `heads` drawn alone.

    In high_po one draw stands for both heads, which the model takes as one.
    """

    model: str
    body_um: float
    head_root_um: float
    heads: int
    source: str

    def body_frac(self, w_um: float, l_um: float, mult: int = 1) -> float:
        """Relative sigma of the body."""
        return self.body_um / sqrt(_positive(w_um, l_um, mult))

    def sigma_ohm(self, w_um: float, l_um: float, body_ohm: float, head_ohm: float = 0.0, mult: int = 1) -> float:
        """Sigma of one resistor of `body_ohm` and heads of `head_ohm` each, ohm."""
        body = body_ohm * self.body_frac(w_um, l_um, mult)
        return hypot(body, sqrt(self.heads) * head_ohm * self.head_root_um / sqrt(w_um * mult))


@cache
def resistor_mismatch(model: str) -> ResistorMismatch:
    """Coefficients of a poly resistor. Raises InputError for another model, ToolError for an unknown form."""
    if model not in MODELS:
        raise InputError(f"no mismatch known of {model!r}; known: {', '.join(MODELS)}", field="model")
    text = "\n".join(line for line in resistor_text(model).splitlines() if not line.startswith("*")).replace(" ", "")
    body = _DRAW.format(name=f"sw_mm_{model}", by="w*l")
    head = _DRAW.format(name=f"sw_mm_{HEAD}", by="w")
    if text.count(body) != 1 or text.count("AGAUSS") != 1 + text.count(head):
        raise ToolError(f"the mismatch of {model} is written in a form analoom does not know", field="models")
    heads = text.count("reshead") - text.count(".modelreshead") if "reshead" in text else text.count(head)
    names = [f"sw_mm_{model}", *([f"sw_mm_{HEAD}"] if heads else [])]
    coefficients = [parameter(GLOBAL_FILE, name) for name in names]
    source = f"{', '.join(names)} in {GLOBAL_FILE}"
    return ResistorMismatch(model, coefficients[0], coefficients[1] if heads else 0.0, heads, source)


def _positive(w_um: float, l_um: float, mult: int) -> float:
    if w_um <= 0 or l_um <= 0 or mult < 1:
        raise InputError(f"w = {w_um:g} um, l = {l_um:g} um, mult = {mult}: must be positive", field="w")
    return w_um * l_um * mult
