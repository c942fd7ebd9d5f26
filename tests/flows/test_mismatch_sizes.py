"""Mismatch over sizes: an own sigma_th or sigma of a capacitor goes in, and what comes out follows by hand."""

import csv
import json
from math import sqrt
from pathlib import Path

import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.mismatch_sizes import mismatch_sizes, parse_sizes
from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.capacitor.sections import wired_sections
from analoom.pdk.errors import InputError


def sizes(name, wanted, tmp_path, **more):
    return mismatch_sizes(name, parse_sizes(wanted), tmp_path, **more).to_json()


def sigma_of(report, size, metric, family="continuous"):
    entry = next(one for one in report["sizes"] if one["size"] == size)
    return entry["families"][family][metric]["sigma"]


@pytest.mark.slow
def test_an_own_sigma_of_capacitors_gives_the_ratio_error_of_the_smallest_weight(tmp_path):
    """A 2 um x 2 um unit at 1 % um is 0.5 %; of N units one errs by 0.5 % sqrt((1 - 1/N)), its share of the sum."""
    report = sizes("cap_array", "4x4,8x8", tmp_path, settings={"k_cap": 0.01})
    for size, units in (("4x4", 16), ("8x8", 64)):
        for family in ("continuous", "binned"):
            assert sigma_of(report, size, "ratio_error", family) == pytest.approx(0.005 * sqrt(1 - 1 / units), rel=1e-9)


@pytest.mark.slow
def test_an_own_sigma_of_thresholds_shrinks_with_the_units_of_an_output(tmp_path):
    """sigma(delta_vth) = k sqrt(2 / (units w l)), w = 2 um and l = 1 um a unit, whatever the family."""
    report = sizes("current_mirror", "1x2,2x8", tmp_path, settings={"k_vth": 0.005})
    for size, units in (("1x2", 2), ("2x8", 8)):
        for family in ("continuous", "binned"):
            wanted = 0.005 * sqrt(2 / (units * 2 * 1))
            assert sigma_of(report, size, "delta_vth", family) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.slow
def test_a_column_of_a_crossbar_errs_as_one_cell_over_the_root_of_its_rows(tmp_path):
    report = sizes("crossbar", "4x4,16x8", tmp_path)
    for size, rows in (("4x4", 4), ("16x8", 16)):
        for family in ("continuous", "binned"):
            cell, column = (sigma_of(report, size, f"{n}_gain_error", family) for n in ("cell", "column"))
            assert column == pytest.approx(cell / sqrt(rows), rel=1e-6)


@pytest.mark.slow
def test_every_number_is_in_the_table_for_both_families(tmp_path):
    report = sizes("crossbar", "4x4,8x8", tmp_path, model="binned")
    with open(report["table"], newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["size"], row["model"]) for row in rows} == {
        (size, model) for size in ("4x4", "8x8") for model in ("continuous", "binned")
    }
    for entry in report["sizes"]:
        assert entry["metrics"] == entry["families"]["binned"]
        told = [r for r in rows if (r["size"], r["model"], r["metric"]) == (entry["size"], "binned", "cell_gain_error")]
        assert float(told[0]["sigma"]) == pytest.approx(entry["metrics"]["cell_gain_error"]["sigma"], rel=1e-12, abs=0)
    assert "<svg" in Path(report["picture"]).read_text()
    assert json.loads(json.dumps(report)) == report


@pytest.mark.slow
def test_a_size_agrees_with_the_cell_alone(tmp_path):
    report = sizes("crossbar", "8x8", tmp_path, fields={"synapse": {"cell": "synapse_cs"}})
    alone = mismatch(build("crossbar", {"rows": 8, "cols": 8, "synapse": {"cell": "synapse_cs"}}))
    assert sigma_of(report, "8x8", "column_error") == pytest.approx(alone.metrics["column_error"].sigma, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "wanted", "fields", "said"),
    [
        ("cap_array", "3x3", {}, "9 units; weights 1, 1, 2, 4, ... need a power of two"),
        ("unit_cap", "4x4", {}, "a single capacitor has no sizes"),
        ("matched_pair", "4x4", {}, "matched_pair has no sizes ROWSxCOLS"),
        ("crossbar", "8x8", {"rows": 4}, "rows is given as a field, and --sizes sets it"),
    ],
)
def test_what_has_no_such_size_is_refused(name, wanted, fields, said, tmp_path):
    with pytest.raises(InputError, match=said):
        sizes(name, wanted, tmp_path, fields=fields)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "8", "8x", "0x8", "8x-8", "8x8x8", "axb", "999999x1"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(InputError, match="sizes"):
        parse_sizes(text)


@pytest.mark.parametrize(("name", "own"), [("matched_pair", {"k_vth": 0.01}), ("cap_array", {"k_cap": 0.01})])
def test_ngspice_draws_no_sigma_of_the_users_own(name, own):
    with pytest.raises(InputError, match="ngspice draws by the model files' own"):
        mismatch(build(name), engine="ngspice", samples=10, settings=own)


@pytest.mark.slow
def test_an_own_sigma_of_capacitors_is_that_of_the_budget_and_of_the_converter_too():
    """Both are linear in it: twice the sigma, twice the random error, with the same draws."""
    cell = build("cap_array", {"weights": [1, 1, 2, 4]})
    asked = [Asked("continuous", {"k_cap": k}, 1, budget=True) for k in (0.01, 0.02)]
    one, two = (wired_sections(cell, each) for each in asked)
    assert one["budget"]["random"] == pytest.approx(0.005 * sqrt(1 - 1 / 8), rel=1e-6)
    assert two["budget"]["random"] == pytest.approx(2 * one["budget"]["random"], rel=1e-9)
    peaks = [each["converter"]["sources"]["random"]["inl_lsb"] for each in (one, two)]
    assert peaks[1] == pytest.approx(2 * peaks[0], rel=0.01)
