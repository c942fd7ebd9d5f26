"""Every rule bites: named when broken by one 5 nm step, silent exactly at its limit; and the official engines agree."""

import pytest
from drc_cases import CASES, STEP, bundle, layout_of, slot_of
from hand_marked import GOOD

from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.drc.fast.layers import DrcLayers
from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.flows.files.layout_source import of_layout
from analoom.pdk import rules
from analoom.pdk.layers import Marker

ALL_RULES = {rule.id for rule in vars(rules).values() if isinstance(rule, rules.Rule)}


def rules_broken(layout, deep=False):
    """{rule id: slots} of a layout, straight from the checks."""
    layers = DrcLayers(of_layout(layout, layout.top_cell()), deep)
    found = {}
    for check in CHECKS:
        for markers in check.run(layers):
            found.setdefault(check.rule.id, set()).update(slot_of(m.bbox()) for m in markers.each())
    return {rule: slots for rule, slots in found.items() if slots}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_rule_bites_one_step_past_its_limit(case):
    assert case.rule.id not in rules_broken(layout_of(case.draw(0)))
    assert case.rule.id in rules_broken(layout_of(case.draw(STEP)))


def test_every_rule_has_a_check_and_a_case():
    assert {check.rule.id for check in CHECKS} == ALL_RULES
    assert {case.rule.id for case in CASES} == ALL_RULES


@pytest.mark.parametrize("name", GOOD)
def test_thick_oxide_and_resistors_drawn_by_hand_are_clean(name):
    assert not rules_broken(layout_of(GOOD[name]))


def test_a_layout_of_markers_alone_is_checked(tmp_path):
    layout = layout_of([(Marker.HVI, 0, 0, 595, 2000)])
    report = check_fast(of_layout(layout, layout.top_cell()), tmp_path)
    assert report.state == "violations" and set(report.violations) == {"hvi.1"} and not report.notes


@pytest.mark.slow
def test_hierarchical_checks_agree_with_flat_ones():
    layout = bundle(CASES, STEP)
    assert rules_broken(layout, deep=True) == rules_broken(layout, deep=False)
