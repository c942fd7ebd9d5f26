"""Every rule bites: named when broken by one 5 nm step, silent exactly at its limit; and the official engines agree."""

import pytest
from drc_cases import CASES, STEP, bundle, cut, layout_of, slot_of
from hand_marked import GOOD

from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.drc.fast.layers import DrcLayers
from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.flows.drc.signoff.klayout_deck import check_klayout
from analoom.flows.files.layout_source import of_layout
from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.rule_names import DECK_ALSO

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


UNCOVERED = [
    (Layer.MCON, Layer.LI1, rules.MCON_IN_LI),
    (Layer.MCON, Layer.MET1, rules.MET1_ENCLOSES_MCON),
    (Layer.VIA, Layer.MET1, rules.MET1_ENCLOSES_VIA),
    (Layer.VIA, Layer.MET2, rules.MET2_ENCLOSES_VIA),
    (Layer.VIA2, Layer.MET2, rules.MET2_ENCLOSES_VIA2),
    (Layer.VIA2, Layer.MET3, rules.MET3_ENCLOSES_VIA2),
    (Layer.VIA3, Layer.MET3, rules.MET3_ENCLOSES_VIA3),
    (Layer.VIA3, Layer.MET4, rules.MET4_ENCLOSES_VIA3),
    (Layer.VIA4, Layer.MET4, rules.MET4_ENCLOSES_VIA4),
    (Layer.VIA4, Layer.MET5, rules.MET5_ENCLOSES_VIA4),
]
"""Each cut, either of the metals it joins, and the rule that asks for that metal about it."""


def bare(layer, metal):
    """A cut with plenty of one metal and none of the other: no edge of that is near, so only a cover can miss it."""
    return layout_of([shape for shape in cut(layer) if shape[0] is not metal])


@pytest.mark.parametrize(("layer", "metal", "rule"), UNCOVERED)
def test_a_cut_without_one_of_its_metals_breaks_the_enclosure(layer, metal, rule):
    assert rule.id in rules_broken(bare(layer, metal))
    assert rule.id in rules_broken(bare(layer, metal), deep=True)
    assert rule.id not in rules_broken(layout_of(cut(layer)))


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(("layer", "metal", "rule"), UNCOVERED[-2:])
def test_the_deck_says_the_same_of_the_topmost_cut(layer, metal, rule, tmp_path):
    layout = bare(layer, metal)
    found = check_klayout(of_layout(layout, layout.top_cell()), tmp_path).violations
    assert {DECK_ALSO[name] for name in found} == {rule.id}


def test_a_layout_of_markers_alone_is_checked(tmp_path):
    layout = layout_of([(Marker.HVI, 0, 0, 595, 2000)])
    report = check_fast(of_layout(layout, layout.top_cell()), tmp_path)
    assert report.state == "violations" and set(report.violations) == {"hvi.1"} and not report.notes


@pytest.mark.slow
def test_hierarchical_checks_agree_with_flat_ones():
    layout = bundle(CASES, STEP)
    assert rules_broken(layout, deep=True) == rules_broken(layout, deep=False)
