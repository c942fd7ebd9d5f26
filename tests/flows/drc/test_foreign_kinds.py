"""Kinds of drawing found in layouts of others: what SkyWater's manual, the deck and Magic say of each."""

import klayout.db as kdb
import pytest
from drc_cases import hv, hv_well, layout_of, mos, shifted, tap

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.files.layout_source import of_layout
from analoom.pdk.layers import Marker as M


def beside_a_narrow_tap(space_nm):
    """Two 5 V transistors, hvntm drawn about each, this far apart, and a p-tap of 0.31 um in the middle."""
    one = [*mos(w=500, length=500, past=600), (M.HVNTM, -1035, -185, 1035, 685)]
    other = [shifted(shape, 2070 + space_nm) for shape in one]
    return [*one, *other, *tap(1035 + 195, -1000, 310, 2500), (M.HVI, -2000, -2000, 6000, 3000)]


def in_drawn_hvntm():
    """A 5 V transistor 0.30 um wide, its hvntm drawn as wide as hvntm.1 asks: the foundry's flip-flops have such."""
    return hv([*mos(w=300, length=500, past=600), (M.HVNTM, -1035, -200, 1035, 500)], 500)


def tap_near_a_wide_well():
    """A p-tap 0.30 um from an n-well in hvi, which reaches 0.50 um past its p-diffusion."""
    return [*hv_well(500), *tap(1300, 0, 500, 500)]


def reported(shapes, engines, folder):
    """The reports by engine."""
    layout = layout_of(shapes)
    return run_drc(of_layout(layout, layout.top_cell()), engines, folder).engines


def broken(report, *rules):
    """Those of the rules that a report names, by the id or in Magic's text."""
    assert report.state != "not run", report.reason
    return {rule for rule in rules if any(rule in name for name in report.violations)}


@pytest.mark.full
@pytest.mark.tools
def test_drawn_hvntm_keeps_its_own_space_whatever_is_generated_beside_a_tap(tmp_path):
    for report in reported(beside_a_narrow_tap(700), ["fast", "klayout", "magic"], tmp_path).values():
        assert not broken(report, "hvntm.")
    assert broken(reported(beside_a_narrow_tap(695), ["fast"], tmp_path)["fast"], "hvntm.2")


@pytest.mark.full
@pytest.mark.tools
def test_drawn_hvntm_stands_for_what_magic_would_generate(tmp_path):
    """Magic, which does not read it, goes on about its own: told here, and taken out of the drawing here too."""
    found = reported(in_drawn_hvntm(), ["fast", "klayout", "magic"], tmp_path)
    assert not broken(found["fast"], "hvntm.") and not broken(found["klayout"], "hvntm.")
    assert broken(found["magic"], "hvntm.1")
    bare = [shape for shape in in_drawn_hvntm() if shape[0] is not M.HVNTM]
    assert broken(reported(bare, ["fast"], tmp_path)["fast"], "hvntm.1")


@pytest.mark.full
@pytest.mark.tools
def test_a_tap_near_a_well_in_hvi_breaks_the_manual_alone(tmp_path):
    """difftap.20 asks 0.43 um to the well; Magic 0.76 um to the diffusion in it, here 0.80; the deck nothing."""
    found = reported(tap_near_a_wide_well(), ["fast", "klayout", "magic"], tmp_path)
    assert broken(found["fast"], "difftap.20") and "difftap.20 (0.76 um)" in " ".join(found["fast"].notes)
    assert not broken(found["klayout"], "difftap.20") and not broken(found["magic"], "diff/tap.20")


def test_what_only_the_manual_asks_is_told(tmp_path):
    layout = layout_of([(M.HVI, 0, 0, 600, 2000)])
    layout.top_cell().shapes(layout.layer(93, 44)).insert(kdb.Box(0, 0, 500, 525))
    report = check_fast(of_layout(layout, layout.top_cell()), tmp_path)
    assert set(report.violations) == {"nsd.10a"}
    assert report.notes == ("asked by SkyWater's manual, by neither the deck nor Magic: nsd.10a",)
