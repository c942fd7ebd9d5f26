"""Areas exempt from rules: what is broken is found, and found no more under the marker that exempts it.

Each fixture is a case of `drc_cases` one step past its limit, without and with the marker about it. The deck and Magic
are asked about those under the marker: what one of them still flags keeps the fast check from a verdict of its own.
"""

import pytest
from drc_cases import CASES, STEP, Case, bundle, contact, layout_of, mos, ring, tap, within
from drc_slots import deck_findings, magic_findings, says

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast.engine import check_fast
from analoom.flows.drc.fast.layers import DrcLayers
from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.flows.files.layout_source import of_layout
from analoom.pdk import rules
from analoom.pdk.exemptions import AREA_NAMES, EXEMPTIONS
from analoom.pdk.layers import Layer as L
from analoom.pdk.layers import Marker as M
from analoom.pdk.official_layers import RULED_ELSEWHERE

PAIRS = [(e, case) for e in EXEMPTIONS for case in CASES if case.rule is e.rule]


def breaks(rule, shapes, deep=False):
    """Whether shapes break a rule."""
    layout = layout_of(shapes)
    layers = DrcLayers(of_layout(layout, layout.top_cell()), deep)
    return any(not found.is_empty() for check in CHECKS if check.rule is rule for found in check.run(layers))


@pytest.mark.parametrize(("exemption", "case"), PAIRS, ids=lambda x: getattr(x, "id", None) or x.marker.name)
def test_what_is_broken_is_no_fault_under_the_marker(exemption, case):
    assert breaks(case.rule, case.draw(STEP))
    assert not breaks(case.rule, within(exemption.marker, case.draw(STEP)))


def test_every_exemption_has_a_fixture_and_says_where_it_comes_from():
    assert {(e.rule, e.marker) for e, _ in PAIRS} == {(e.rule, e.marker) for e in EXEMPTIONS}
    assert len({(e.rule, e.marker) for e in EXEMPTIONS}) == len(EXEMPTIONS)
    assert {e.marker for e in EXEMPTIONS} == AREA_NAMES.keys()
    assert all(e.source for e in EXEMPTIONS)


@pytest.mark.parametrize("deep", [False, True])
def test_a_fault_that_reaches_out_of_the_area_is_one(deep):
    narrow = mos(w=400)
    assert not breaks(rules.MOS_WIDTH, [*narrow, (M.STDCELL, -400, -200, 400, 600)], deep)
    assert breaks(rules.MOS_WIDTH, [*narrow, (M.STDCELL, -400, -200, 0, 600)], deep)
    assert breaks(rules.MOS_WIDTH, [*narrow, (M.STDCELL, 5000, 5000, 6000, 6000)], deep)


def test_gates_of_standard_cells_have_limits_of_their_own():
    """difftap.2b: 0.36 um."""
    assert breaks(rules.STDCELL_MOS_WIDTH, within(M.STDCELL, mos(w=355)))
    assert not breaks(rules.STDCELL_MOS_WIDTH, mos(w=355))


@pytest.mark.parametrize("deep", [False, True])
def test_a_ring_of_cuts_is_one_only_in_the_seal_ring(deep):
    drawn = ring(L.MCON, 170)
    bare = [shape for shape in drawn if shape[0] is not M.SEALID]
    assert not breaks(rules.MCON_SIZE, drawn, deep) and not breaks(rules.MCON_RING, drawn, deep)
    assert breaks(rules.MCON_SIZE, bare, deep)


def test_an_mcon_in_the_core_lies_in_li1_too():
    """MR_mcon.CON.10 of the deck of 2026-03 asks it everywhere; until then the deck left the core out."""
    cut, metal = (L.MCON, 0, 0, 170, 170), (L.MET1, -100, -100, 300, 300)
    assert not breaks(rules.MCON_IN_LI, within(M.COREID, [cut, metal, (L.LI1, 0, 0, 170, 170)]))
    assert breaks(rules.MCON_IN_LI, within(M.COREID, [cut, metal, (L.LI1, 5, 0, 170, 170)]))


def test_the_report_says_what_an_area_exempts_from(tmp_path):
    shapes = [*mos(w=360), *contact(tap(2000, 0, 410, 410), 2120, 120)]
    layout = layout_of(within(M.STDCELL, shapes))
    report = check_fast(of_layout(layout, layout.top_cell()), tmp_path)
    (note,) = report.notes
    assert report.clean, report.summary()
    assert note == "areaid.sc 81/4 exempts from difftap.2 (difftap.2b instead), licon.11 (licon.11a instead)"


@pytest.mark.slow
@pytest.mark.tools
def test_magic_reads_a_cell_with_two_standard_cells_in_it(tmp_path):
    """It takes areaid.sc for an outline, and warns of the second; a layer it does not know is still no verdict."""
    one, other = (M.STDCELL, 0, 0, 1000, 1000), (M.STDCELL, 2000, 0, 3000, 1000)
    met1 = (L.MET1, 0, 0, 1000, 1000)
    found = {}
    for name, more in (("known", []), ("unknown", [(M.UHVI, 0, 0, 500, 500)])):
        layout = layout_of([one, other, met1, *more])
        found[name] = run_drc(of_layout(layout, layout.top_cell()), ["magic"], tmp_path).engines["magic"]
    assert found["known"].state == "clean", found["known"].reason
    assert found["unknown"].state == "not run" and "Unknown layer" in found["unknown"].reason


ASKED = {"klayout": lambda case: case.deck and case.rule.deck, "magic": lambda case: case.magic and case.rule.magic}
"""Which cases an engine is asked about."""


@pytest.mark.tools
@pytest.mark.full
def test_a_diode_is_asked_what_any_diffusion_is(tmp_path):
    """What Magic asks of a diode's diffusion is broken here too, as the mark changes nothing but the reach of taps."""
    drawn = [(case, case.draw(STEP)) for case in CASES if ASKED["magic"](case)]
    marked = [Case(c.rule, lambda step, s=s: within(M.DIODE, s)) for c, s in drawn if any(x[0] is L.DIFF for x in s)]
    layout = bundle(marked, STEP)
    layout.top_cell().flatten(True)
    report = run_drc(of_layout(layout, layout.top_cell()), ["magic"], tmp_path).engines["magic"]
    found = magic_findings(report.report)
    flagged = [c for n, c in enumerate(marked) if any(n in s for text, s in found.items() if says(c.rule, text))]
    assert len(flagged) > 20
    assert [c.rule.id for c in flagged if not breaks(c.rule, c.draw(STEP))] == []
    assert not {rules.TAP_REACH, rules.NTAP_REACH} & {c.rule for c in flagged}


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize(("engine", "least"), [("klayout", 12), ("magic", 4)])
def test_what_an_engine_flags_all_the_same_keeps_the_fast_check_from_a_verdict(engine, least, tmp_path):
    asked = [(e, c) for e, c in PAIRS if ASKED[engine](c) and (engine, e.marker) != ("magic", M.UHVI)]
    drawn = [Case(c.rule, lambda step, e=e, c=c: within(e.marker, c.draw(step))) for e, c in asked]
    layout = bundle(drawn, STEP)
    layout.top_cell().flatten(True)
    report = run_drc(of_layout(layout, layout.top_cell()), [engine], tmp_path).engines[engine]
    assert report.state == "violations", report.reason
    if engine == "klayout":
        found = deck_findings(report.report)
        named = [found.get(c.rule.deck, set()) for _, c in asked]
    else:
        found = magic_findings(report.report)
        named = [set().union(*(s for text, s in found.items() if says(c.rule, text))) for _, c in asked]
    flagged = [e.marker for n, (e, _) in enumerate(asked) if n in named[n]]
    assert len(asked) - len(flagged) >= least
    assert {marker.value for marker in flagged} <= RULED_ELSEWHERE.keys()
