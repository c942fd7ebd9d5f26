"""The SKY130 layer stack: heights, thicknesses and permittivities, and what follows from them alone.

Source: SkyWater metal stack drawing (skywater-pdk docs, `_static/metal_stack.ps`); the same heights stand in the height
lines of open_pdks' `sky130.tech`. The capacitor's film and top plate are not in the drawing: see FILM_UM, CAPM_UM.
"""

from __future__ import annotations

from math import sqrt

from .layers import Layer

EPS0_F_PER_UM = 8.8541878128e-18
"""Vacuum permittivity, F/um (CODATA 2018)."""

BOTTOM_UM = {
    Layer.POLY: 0.3262,
    Layer.LI1: 0.9361,
    Layer.MET1: 1.3761,
    Layer.MET2: 2.0061,
    Layer.MET3: 2.7861,
    Layer.MET4: 4.0211,
    Layer.MET5: 5.3711,
}
"""Height of a conductor's lower face above the silicon, um."""

THICKNESS_UM = {
    Layer.POLY: 0.18,
    Layer.LI1: 0.1,
    Layer.MET1: 0.36,
    Layer.MET2: 0.36,
    Layer.MET3: 0.845,
    Layer.MET4: 0.845,
    Layer.MET5: 1.26,
}
"""Conductor thickness, um."""

FILM_UM, CAPM_UM = 0.02, 0.1
"""MIM film and top plate thickness, um: the values KLayout-PEX fitted to 2 fF/um2 (the drawing has none). Those of the
upper capacitor, whose model has the same capacitance per area, are taken to be the same.
"""

MIM_ON = {Layer.CAPM: Layer.MET3, Layer.CAP2M: Layer.MET4}
"""MIM top plates, each with the metal under its film."""

K_UNDER_MET4 = 4.1
"""Relative permittivity of NILD5, the oxide between met3 and met4."""


def bottom_um(layer: Layer) -> float:
    """Height of the lower face of `layer` above the silicon, um."""
    return top_um(MIM_ON[layer]) + FILM_UM if layer in MIM_ON else BOTTOM_UM[layer]


def thickness_um(layer: Layer) -> float:
    """Thickness of `layer`, um."""
    return CAPM_UM if layer in MIM_ON else THICKNESS_UM[layer]


def top_um(layer: Layer | None) -> float:
    """Height of the upper face of `layer` above the silicon, um; None stands for the silicon itself."""
    if layer is None:
        return 0.0
    return bottom_um(layer) + thickness_um(layer)


def gap_um(upper: Layer, lower: Layer | None) -> float:
    """Oxide between the lower face of `upper` and the upper face of `lower` (None: the silicon), um."""
    return bottom_um(upper) - top_um(lower)


def mim_plate_f_per_um2(upper: Layer, plate: Layer) -> float:
    """Parallel plates: a MIM top plate under a wire on `upper` (met4 or met5), F/um2.

    Met5 is given the permittivity of the oxide below met4 as well, which differs from its own by 3 %.
    """
    return EPS0_F_PER_UM * K_UNDER_MET4 / gap_um(upper, plate)


MIM_F_PER_UM2, MIM_F_PER_UM = 2.00e-15, 0.19e-15
"""What sizes a MIM capacitor, typical, of its plate and of its rim; what it is, its model says.

Source: `camimc` and `cpmimc` of models/r+c/res_typical__cap_typical__lin.spice.
"""


def mim_f(w_um: float) -> float:
    """Capacitance of a square plate, F."""
    return MIM_F_PER_UM2 * w_um**2 + MIM_F_PER_UM * 4 * w_um


def mim_side_um(c_f: float) -> float:
    """Side of the square plate that has `c_f`, um: the inverse of `mim_f`."""
    rim = 2 * MIM_F_PER_UM / MIM_F_PER_UM2
    return sqrt(rim**2 + c_f / MIM_F_PER_UM2) - rim
