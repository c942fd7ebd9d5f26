"""Random terms of one transistor in either of the installed model families, side by side.

The families disagree and neither is confirmed by the vendor: "continuous" draws a threshold shift only and, for
nfet_01v8, multiplies it by a shape factor that grows to four at minimum size; "binned" draws vth0, oxide thickness and
(nfet_01v8, pfet_01v8_hvt) the subthreshold offset `voff`. "continuous" is the default, because it is what a simulation
with the library's own mismatch section draws; the report shows both beside measured silicon (`analoom.pdk.silicon`).
"""

from __future__ import annotations

from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError, unknown

from .binned import binned_mismatch
from .coefficients import mos_mismatch

MODELS = ("continuous", "binned")
DEFAULT_MODEL = "continuous"


def random_terms(
    device: MosDevice, w_um: float, l_um: float, nf: int = 1, mult: int = 1, model: str = DEFAULT_MODEL
) -> dict[str, float]:
    """Sigma of each random parameter of one device (not of a pair), `mult` parallel devices taken together.

    Keys are model parameters: `delvto`, or `vth0`, `voff` (V), `toxe` (m), `nfactor` (1). Raises InputError.
    """
    checked_model(model)
    if w_um <= 0 or l_um <= 0 or mult < 1:
        raise InputError(f"w = {w_um:g} um, l = {l_um:g} um, mult = {mult}: must be positive", field="w")
    if model == "continuous":
        return {"delvto": mos_mismatch(device).sigma_vth_v(w_um, l_um, mult)}
    return binned_mismatch(device, w_um, l_um, nf).sigmas(w_um, l_um, mult)


def terms_source(device: MosDevice, w_um: float, l_um: float, nf: int, model: str) -> str:
    """Where the terms come from."""
    if model == "continuous":
        return mos_mismatch(device).source
    return binned_mismatch(device, w_um, l_um, nf).source


def checked_model(model: str) -> str:
    """`model` if it is known. Raises InputError."""
    if model not in MODELS:
        raise unknown("model", model, MODELS, "model", "--model ")
    return model
