"""The official engines, on the same cases: each names the rule where it is broken, and is silent at the limit."""

import re

import klayout.db as kdb
import klayout.rdb as rdb
import pytest
from drc_cases import CASES, STEP, Case, bundle, slot_of
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


def deck_findings(path):
    """{category: slots} of a KLayout report."""
    database, found = rdb.ReportDatabase(""), {}
    database.load(str(path))
    names = {category.rdb_id(): category.name().strip("'") for category in database.each_category()}
    for item in database.each_item():
        for value in item.each_value():
            box = kdb.CplxTrans(0.001).inverted() * shape_of(value).bbox()
            found.setdefault(names[item.category_id()], set()).add(slot_of(box))
    return found


def shape_of(value):
    """The marker in a report's value."""
    if value.is_polygon():
        return value.polygon()
    return value.edge_pair() if value.is_edge_pair() else value.edge()


def magic_findings(path):
    """{rule text: slots} of Magic's list."""
    found, scale, why = {}, 1.0, ""
    for line in path.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "scale":
            scale = float(rest)
        elif word == "why":
            why = rest
        elif word == "box":
            corners = [round(int(n) * scale * 1000) for n in rest.split()]
            found.setdefault(why, set()).add(slot_of(kdb.Box(*corners)))
    return found


def says(rule, text):
    """Whether a Magic text is about the rule: its name in the parentheses at the end, alone or beside others."""
    names = re.split(r"[\s,+)(]+", text[text.rfind("(") :])
    return rule.magic in names


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
