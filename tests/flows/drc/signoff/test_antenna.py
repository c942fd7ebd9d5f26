"""Antenna ratios by hand: the area of one gate, the sidewall of one wire, ratios as the tech file states them."""

import re

import pytest
from drc_cases import L, layout_of, mos

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.signoff.antenna import LEVELS, ratios
from analoom.flows.files.layout_source import of_layout
from analoom.flows.many_files.folder import require_verdict
from analoom.pdk.errors import ToolError
from analoom.pdk.install import magic_tech

GATE_UM2 = 0.42 * 0.15
LI_RATIO, LI_THICKNESS_UM, LI_WIDTH_UM = 75, 0.1, 0.17
LONGEST_NM = round(1000 * (LI_RATIO * GATE_UM2 / LI_THICKNESS_UM / 2 - LI_WIDTH_UM))
"""`antenna li sidewall 75`, `height allli 0.9361 0.10`: the sidewall is 2 (w + l) times 0.1 um."""


def antenna(length_nm, folder, diode=()):
    wire = [*mos(cap=600), (L.LICON, -85, 780, 85, 950), (L.LI1, -85, 780, 85, 780 + length_nm), *diode]
    layout = layout_of(wire)
    return run_drc(of_layout(layout, layout.top_cell()), ("antenna",), folder).engines["antenna"]


def tied(side):
    """A diode `side` nm square on the wire."""
    return [(L.DIFF, 1000, 780, 1000 + side, 780 + side), (L.LICON, 1100, 800, 1270, 970), (L.LI1, -85, 780, 1500, 970)]


def test_one_step_past_the_ratio_is_named(tmp_path):
    at = LONGEST_NM // 5 * 5
    assert antenna(at, tmp_path).clean and antenna(at, tmp_path).rules_run == len(LEVELS)
    assert set(antenna(at + 5, tmp_path).violations) == {"antenna.li1"}


def test_a_diode_raises_the_limit_by_its_area(tmp_path):
    """0.25 um2 with `450` per um2: 112.5 times the gate instead of 75."""
    assert antenna(LONGEST_NM + 1000, tmp_path, tied(500)).clean
    assert not antenna(round(LONGEST_NM * 1.6), tmp_path, tied(500)).clean


def test_a_small_diode_never_lowers_the_limit(tmp_path):
    assert antenna(LONGEST_NM - 3000, tmp_path, tied(300)).clean


def test_without_a_gate_there_is_nothing_to_judge(tmp_path):
    layout = layout_of([(L.MET1, 0, 0, 500, 1000)])
    report = run_drc(of_layout(layout, layout.top_cell()), ("antenna",), tmp_path)
    assert (report.clean, report.engines["antenna"].state) == (False, "not run")


def test_ratios_are_the_tech_files():
    text = magic_tech().read_text()
    found = {ratio.layer: ratio for ratio in ratios(text)}
    assert re.search(r"antenna m1,m2,m3 sidewall 400 2200 400", text)
    assert all((found[m].largest, found[m].with_diode, found[m].per_um2) == (400, 2200, 400) for m in (L.MET1, L.MET3))
    with pytest.raises(ToolError, match="no antenna ratio for li"):
        ratios(text.replace("antenna li ", "antenna xx "))


def test_a_layout_without_a_gate_is_told_so_and_no_tool_is_blamed(tmp_path):
    layout = layout_of([(L.MET1, 0, 0, 1000, 1000)])
    report = run_drc(of_layout(layout, layout.top_cell()), ("antenna",), tmp_path)
    with pytest.raises(ToolError, match="holds no gate") as told:
        require_verdict(report.to_json())
    assert told.value.remedy == "--engine all"
    missing = {"engines": {"antenna": {"state": "not run", "reason": "the tech file has no antenna ratio for li"}}}
    with pytest.raises(ToolError) as told:
        require_verdict(missing)
    assert told.value.remedy == "analoom doctor"
