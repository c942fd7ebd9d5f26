"""Every rule name of the installed deck and of Magic's tech file is covered by a rule of ours, or said not to apply."""

import re

import pytest

from analoom.cells.model import registry
from analoom.flows.drc.rule_list import counts, rule_rows
from analoom.pdk import rules
from analoom.pdk.install import deck, magic_tech
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.rule_names import DECK_ALSO, DECK_NOT_APPLICABLE, MAGIC_ALSO, MAGIC_NOT_APPLICABLE
from analoom.pdk.rules import Rule

RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
IDS = {rule.id for rule in RULES}


def categories(text):
    """The categories a deck writes, its comments left out."""
    return set(re.findall(r'\.output\(\s*"([^"]+)"', re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)))


def names_in(text):
    """The names in parentheses at the end of the texts in a tech file's drc section."""
    section = re.search(r"^drc\s*$(.*?)^end\s*$", text, re.MULTILINE | re.DOTALL).group(1)
    lines = re.sub(r"\\\s*\n", " ", section).splitlines()
    texts = [found.group(1) for line in lines if (found := re.match(r'[^#"]*"([^"]*)', line))]
    return {text[text.rfind("(") + 1 :].strip().rstrip(")").strip() for text in texts}


def not_in_deck_tables(found):
    return found - {rule.deck for rule in RULES} - DECK_ALSO.keys() - DECK_NOT_APPLICABLE.keys()


def not_in_magic_tables(found):
    known = {rule.magic for rule in RULES}
    rest = found - MAGIC_ALSO.keys() - MAGIC_NOT_APPLICABLE.keys()
    return {name for name in rest if not known & set(re.split(r"[\s,+]+", name))}


def test_every_category_of_the_deck_is_accounted_for():
    found = categories(deck().read_text())
    assert len(found) > 250
    assert not not_in_deck_tables(found)


def test_every_rule_of_magics_full_style_is_accounted_for():
    found = names_in(magic_tech().read_text())
    assert len(found) > 150
    assert not not_in_magic_tables(found)


def test_a_new_rule_of_either_would_be_noticed():
    assert not_in_deck_tables(categories('  li.width(1.0).output("li.99", "li.99 : new")')) == {"li.99"}
    tech = 'drc\n width li 99 "Local interconnect width < %d (li.99)"\nend\n'
    assert not_in_magic_tables(names_in(tech)) == {"li.99"}


@pytest.mark.parametrize(
    ("tables", "found"),
    [
        ((DECK_ALSO, DECK_NOT_APPLICABLE), lambda: categories(deck().read_text())),
        ((MAGIC_ALSO, MAGIC_NOT_APPLICABLE), lambda: names_in(magic_tech().read_text())),
    ],
    ids=["deck", "magic"],
)
def test_the_tables_name_only_what_is_there(tables, found):
    names = found()
    assert all(name in names for table in tables for name in table)
    assert not tables[0].keys() & tables[1].keys()


def test_what_is_not_applicable_is_no_rules_name_and_the_others_lead_to_rules():
    assert not {rule.deck for rule in RULES} & DECK_NOT_APPLICABLE.keys()
    assert not {rule.magic for rule in RULES} & MAGIC_NOT_APPLICABLE.keys()
    assert {*DECK_ALSO.values(), *MAGIC_ALSO.values()} <= IDS


@pytest.mark.slow
def test_a_layer_said_to_be_unused_is_drawn_by_no_registered_cell():
    unused = {
        match.groups() for reason in DECK_NOT_APPLICABLE.values() if (match := re.search(r"\((\d+)/(\d+)", reason))
    }
    known = {
        layer.value
        for layer in (*Layer, Marker.RPM, Marker.URPM, Marker.POLYRES, Marker.DIODE, Marker.HVI, Marker.HVNTM)
    }
    assert len(unused) > 10 and not {(int(n), int(d)) for n, d in unused} & known
    for name, entry in registry.entries().items():
        layout = registry.build(name, entry.examples[0]).layout.layout()
        used = [
            info
            for info in layout.layer_infos()
            if any(not c.shapes(layout.layer(info)).is_empty() for c in layout.each_cell())
        ]
        assert {(info.layer, info.datatype) for info in used} <= known


def test_the_list_shows_covered_and_not_applicable():
    rows = rule_rows()
    found = counts(rows)
    assert found["rules"] == len(RULES)
    assert found["deck_covered"] + found["deck_not_applicable"] == len(categories(deck().read_text()))
    assert all(row["reason"] for row in rows if "fast" not in row["engines"])
    shown = {row["id"]: row for row in rows}
    assert shown["ct.1"]["also"] == [name for name, rule in DECK_ALSO.items() if rule == "ct.1"]
    assert shown["rpm.2"]["engines"] == ["fast", "klayout"]
    (area,) = [e for e in shown["licon.11"]["exempt"] if e["area"] == "areaid.sc"]
    assert (area["layer"], area["instead"]) == ("81/4", "licon.11a") and "licon.11" in area["source"]
    assert not shown["li.7"]["exempt"]
