"""The official engines, on the same cases: each names the rule where it is broken, and is silent at the limit."""

import pytest
from drc_cases import CASES, STEP, Case, bundle
from drc_slots import deck_findings, magic_findings, says
from hand_marked import GOOD

from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_layout
from analoom.pdk import rules

pytestmark = [pytest.mark.tools, pytest.mark.slow]
DECK = [case for case in CASES if case.deck and case.rule.deck]
MAGIC = [case for case in CASES if case.magic and case.rule.magic]
SHADOWED = {"capm.11", "cap2m.11"}
"""At their limit the same category of the deck speaks already: it asks for 1.2 um to the bottom plate as well."""


def run(engine, cases, step, folder):
    """The engine's report on all cases at once."""
    layout = bundle(cases, step)
    layout.top_cell().flatten(True)
    report = run_drc(of_layout(layout, layout.top_cell()), [engine], folder).engines[engine]
    assert report.state != "not run", report.reason
    return report.report


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return {s: deck_findings(run("klayout", DECK, s, tmp_path_factory.mktemp("deck"))) for s in (0, STEP)}


@pytest.fixture(scope="module")
def magic(tmp_path_factory):
    return {s: magic_findings(run("magic", MAGIC, s, tmp_path_factory.mktemp("magic"))) for s in (0, STEP)}


@pytest.mark.parametrize("case", DECK, ids=lambda case: case.id)
def test_the_deck_agrees(case, deck):
    slot = DECK.index(case)
    assert slot not in deck[0].get(case.rule.deck, set())
    assert slot in deck[STEP].get(case.rule.deck, set())


@pytest.mark.parametrize("case", MAGIC, ids=lambda case: case.id)
def test_magic_agrees(case, magic):
    slot = MAGIC.index(case)
    named = {s: set().union(*(slots for text, slots in magic[s].items() if says(case.rule, text))) for s in magic}
    assert slot not in named[0]
    assert slot in named[STEP]


def test_every_engine_a_rule_claims_is_asked_about_it():
    claimed = [rule for rule in vars(rules).values() if isinstance(rule, rules.Rule)]
    assert {rule.id for rule in claimed if rule.deck} - {case.rule.id for case in DECK} == SHADOWED
    assert {rule.id for rule in claimed if rule.magic} <= {case.rule.id for case in MAGIC}


@pytest.mark.parametrize("engine", ["klayout", "magic"])
def test_thick_oxide_and_resistors_drawn_by_hand_are_clean(engine, tmp_path):
    drawn = [Case(rules.GRID, lambda step, shapes=shapes: list(shapes)) for shapes in GOOD.values()]
    found = (deck_findings if engine == "klayout" else magic_findings)(run(engine, drawn, 0, tmp_path))
    assert not found
