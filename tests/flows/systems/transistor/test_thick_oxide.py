"""Benches and mismatch of 5 V transistors: their supply, what is refused, and ngspice as the judge of both families."""

from __future__ import annotations

from math import sqrt

import pytest

from analoom.cells.model.registry import build
from analoom.flows.corners.files import _nominal
from analoom.flows.files.results_table import Axis
from analoom.flows.mismatch import mismatch
from analoom.flows.simulate import simulate
from analoom.pdk.errors import InputError, SpecError

N, P = "nfet_g5v0d10v5", "pfet_g5v0d10v5"


@pytest.mark.tools
@pytest.mark.parametrize("device", [N, P])
def test_the_supply_is_3v3_by_default_and_5v5_at_most(device: str) -> None:
    cell = build("mosfet", {"device": device, "l": 0.5})
    i_on = {v: simulate(cell, settings={"vdd": v} if v else {}).metrics["i_on"].value for v in (None, 1.8, 3.3, 5.5)}
    assert i_on[None] == i_on[3.3]
    assert i_on[1.8] < i_on[3.3] < i_on[5.5]
    with pytest.raises(SpecError):
        simulate(cell, settings={"vdd": 5.55})


@pytest.mark.tools
@pytest.mark.parametrize(("name", "field"), [("mosfet", "vdd"), ("matched_pair", "v_ds"), ("current_mirror", "vdd")])
def test_a_transistor_of_1v8_takes_no_3v3(name: str, field: str) -> None:
    with pytest.raises(InputError) as refused:
        simulate(build(name), settings={field: 3.3})
    assert refused.value.field == f"settings.{field}"
    assert "nfet_01v8 takes: at most 1.95 V" in str(refused.value)


@pytest.mark.tools
def test_mismatch_refuses_a_drain_voltage_that_is_too_high() -> None:
    with pytest.raises(InputError) as refused:
        mismatch(build("matched_pair"), settings={"v_ds": 3.3})
    assert refused.value.field == "settings.v_ds"


@pytest.mark.tools
@pytest.mark.full
@pytest.mark.parametrize("model", ["continuous", "binned"])
@pytest.mark.parametrize("device", [N, P])
def test_ngspice_judges_a_pair_of_5_v_at_a_drain_of_1v65(device: str, model: str) -> None:
    """Twins outside: without the pair's sqrt(2), and a coefficient 20 % off."""
    cell, settings = build("matched_pair", {"device": device}), {"v_ds": 1.65, "i_square": 2e-6}
    closed = mismatch(cell, model, settings=settings).metrics["gain_error"].sigma
    judged = mismatch(cell, model, "ngspice", 1000, 5, settings=settings).metrics["gain_error"]
    assert judged.ci95[0] <= closed <= judged.ci95[1]
    for wrong in (closed / sqrt(2), 1.2 * closed):
        assert not judged.ci95[0] <= wrong <= judged.ci95[1]


def test_the_nominal_supply_of_a_table_is_3v3_where_none_is_for_1v8() -> None:
    assert _nominal(Axis("vdd", (2.97, 3.3, 3.63), "V")) == 3.3
    assert _nominal(Axis("vdd", (1.62, 1.8, 1.95), "V")) == 1.8
