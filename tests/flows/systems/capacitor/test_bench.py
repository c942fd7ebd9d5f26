"""The bench of capacitor cells against the model's formula, and against an array with a unit in the wrong place."""

from __future__ import annotations

import pytest
from bare_cells import bare, capacitors

from analoom.cells.model.cell import Kind
from analoom.cells.model.circuit import Cap, Circuit
from analoom.flows.simulate import simulate
from analoom.flows.statistics.code_levels import code_levels
from analoom.pdk.devices import MIM_M3
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

UNIT_F = 2e-15 * 2.15**2
"""2 x 2 um: 2 fF/um2 on (w + 0.15)(l + 0.15), read from the installed `models_capacitors.spice` and parameter files."""


def values(cell, **options) -> dict[str, float]:
    return {name: m.value for name, m in simulate(cell, **options).metrics.items()}


def test_every_weight_is_its_units() -> None:
    v = values(capacitors((1, 1, 2, 4)))
    assert [v[f"c_b{k}"] for k in range(4)] == pytest.approx([UNIT_F, UNIT_F, 2 * UNIT_F, 4 * UNIT_F], rel=1e-9, abs=0)
    assert abs(v["ratio_error"]) < 1e-12
    assert abs(v["inl"]) < 1e-9


def test_a_unit_too_many_shows_in_its_ratio_and_in_the_converter() -> None:
    v = values(capacitors((1, 1, 2, 4), drawn=(1, 1, 2, 5)))
    assert v["ratio_error_b3"] == pytest.approx((5 / 9) / (4 / 8) - 1)
    assert v["ratio_error"] == pytest.approx(v["ratio_error_b3"])
    assert v["dnl"] > 0.1


def test_capacitance_follows_the_corner() -> None:
    """Source: `parameters_cap_high.spice` and `_low`: 2.23 and 1.78 fF/um2, +0.245 and +0.055 um."""
    slow, fast = (values(capacitors((1,)), corner=c)["c_b0"] for c in ("ss", "ff"))
    assert slow == pytest.approx(2.23e-15 * 2.245**2, rel=1e-3, abs=0)
    assert fast == pytest.approx(1.78e-15 * 2.055**2, rel=1e-3, abs=0)


@pytest.mark.parametrize("temp_degc", [-40.0, 27.0, 125.0])
def test_sampling_leaves_kt_over_c_and_takes_c_v_squared(temp_degc: float) -> None:
    """8 units: sqrt(kT/C), 239 uV for 73.96 fF at 27 degC; 1.8 V on every bottom plate."""
    v = values(capacitors((1, 1, 2, 4)), temp_degc=temp_degc)
    assert v["ktc_noise"] == pytest.approx((1.380649e-23 * (temp_degc + 273.15) / (8 * UNIT_F)) ** 0.5, rel=1e-6)
    assert v["switch_energy"] == pytest.approx(8 * UNIT_F * 1.8**2, rel=1e-6, abs=0)
    assert values(capacitors((1, 1, 2, 5)), temp_degc=temp_degc)["ktc_noise"] < v["ktc_noise"]


def test_a_cell_without_a_bottom_pin_is_refused() -> None:
    device = Cap("c", MIM_M3, 2.0, 2.0, {"top": "top", "bottom": "x"})
    with pytest.raises(InputError, match="needs the pins top and bottom"):
        simulate(bare(Kind.CAPACITOR, Circuit("odd", ("top", "x"), devices=(device,))))


def test_codes_switch_the_largest_weights_first() -> None:
    import numpy as np

    levels = code_levels(np.array([1, 1, 2]))
    assert levels is not None
    assert (levels @ [1, 1, 2]).tolist() == [0, 1, 2, 3, 4]
    assert levels[2].tolist() == [0, 0, 1]
    assert code_levels(np.array([3, 5])) is None
