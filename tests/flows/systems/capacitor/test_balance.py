"""Routing balance: what extraction says of the drawn stubs, and that they change no device."""

import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.pex.extract import extract
from analoom.flows.systems.capacitor.balance import TOLERANCE, balance
from analoom.pdk.errors import InputError, SpecError


@pytest.mark.slow
def test_stubs_balance_the_wires_of_an_array(tmp_path):
    plain = registry.build("cap_array", {"weights": (1, 1, 2, 4, 8)})
    found = balance(plain, tmp_path)
    assert found.balanced and abs(found.excess_after).max() < abs(found.excess_before).max()
    top = extract(of_cell(found.cell), workdir=tmp_path).nets["top"].coupling_f
    couplings = [top[f"b{k}"] for k in range(5)]
    wrong = [c - w * found.scale_f for c, w in zip(couplings, (1, 1, 2, 4, 8), strict=True)]
    assert max(map(abs, wrong)) <= TOLERANCE * found.unit_f
    assert (found.bound >= abs(found.excess_after)).all()
    drc_cell(found.cell, tmp_path).require_clean()
    lvs_cell(found.cell, tmp_path).require_clean()
    sources = found.to_json()["converter"]["sources"]
    assert sources["routing after"]["inl_lsb"] < 0.3 * sources["routing before"]["inl_lsb"]


@pytest.mark.slow
def test_a_longer_stub_couples_more_to_its_own_weight_only(tmp_path):
    weights, tops = (1, 1, 2), []
    for stubs in ((0, 0, 0), (0.09, 0, 0)):
        cell = registry.build("cap_array", {"weights": weights, "stubs": stubs})
        tops.append(extract(of_cell(cell), workdir=tmp_path).nets["top"].coupling_f)
    assert tops[1]["b0"] - tops[0]["b0"] > 2e-18
    assert all(abs(tops[1][b] - tops[0][b]) < 0.5e-18 for b in ("b1", "b2"))


KINDS = [
    {"device": "cap_mim_m3_2", "w": 3.0},
    {"device": "stacked", "w": 2.5},
    {"device": "mom", "fingers": {"c": 5.0}},
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", KINDS, ids=lambda unit: unit["device"])
def test_other_units_balance_too(tmp_path, unit):
    """A unit without a model is measured by the extraction of the same array."""
    found = balance(registry.build("cap_array", {"weights": (1, 1, 2, 4), "unit": unit}), tmp_path)
    assert found.balanced and found.to_json()["balanced"]
    drc_cell(found.cell, tmp_path).require_clean()
    lvs_cell(found.cell, tmp_path).require_clean()


@pytest.mark.slow
@pytest.mark.parametrize("unit", [{"device": "stacked", "w": 2.5}, {"device": "mom"}], ids=lambda unit: unit["device"])
def test_a_stub_of_another_unit_couples_to_its_own_weight_only(tmp_path, unit):
    tops = []
    for stubs in ((0, 0), (0.09, 0)):
        cell = registry.build("cap_array", {"weights": (1, 1), "unit": unit, "stubs": stubs})
        tops.append(extract(of_cell(cell), workdir=tmp_path).nets["top"].coupling_f)
    assert tops[1]["b0"] - tops[0]["b0"] > 2e-18
    assert abs(tops[1]["b1"] - tops[0]["b1"]) < 0.5e-18


@pytest.mark.slow
def test_units_too_small_for_stubs_are_refused(tmp_path):
    cell = registry.build("cap_array", {"weights": (1, 2, 4), "unit": {"device": "cap_mim_m3_2", "w": 1.2}})
    with pytest.raises(InputError, match="too small for stubs"):
        balance(cell, tmp_path)


def test_what_cannot_be_balanced_is_refused(tmp_path):
    with pytest.raises(InputError, match="only a cap_array"):
        balance(registry.build("unit_cap"), tmp_path)
    for stubs, said in (((0.1,), "one per weight"), ((9, 0, 0, 0), "um a unit")):
        with pytest.raises(SpecError, match=said):
            registry.build("cap_array", {"stubs": stubs})
