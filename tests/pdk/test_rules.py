"""Rule values against the installed files: the shuttle's deck and Magic's tech file, parsed here."""

import re

import pytest

from analoom.pdk import rules
from analoom.pdk.install import deck, magic_tech
from analoom.pdk.rules import Rule

ALL = {name: rule for name, rule in vars(rules).items() if isinstance(rule, Rule)}
DECK = [name for name, rule in ALL.items() if rule.deck and (rule.value_nm or rule.value_um2)]
MAGIC = [name for name, rule in ALL.items() if rule.magic and (rule.value_nm or rule.value_um2)]
NUMBERLESS = [name for name, rule in ALL.items() if rule.magic and name not in MAGIC]


@pytest.fixture(scope="module")
def deck_texts():
    """[(category, description)] of the deck's outputs."""
    return re.findall(r'\.output\(\s*"([^"]+)",\s*"([^"]+)"', deck().read_text())


@pytest.fixture(scope="module")
def magic_rules():
    """[(numbers before the text, text)] of the tech's drc section."""
    section = re.search(r"^drc\s*$(.*?)^end\s*$", magic_tech().read_text(), re.MULTILINE | re.DOTALL).group(1)
    lines = re.sub(r"\\\s*\n", " ", section).splitlines()
    found = (re.match(r'\s*([^"]*)"([^"]*)', line) for line in lines if not line.lstrip().startswith("#"))
    return [([int(n) for n in re.findall(r"(?<![\w/])\d+\b", m.group(1))], m.group(2)) for m in found if m]


def numbers(text):
    return [float(n) for n in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?=\s*u?m?)", text)]


@pytest.mark.parametrize("name", DECK)
def test_value_is_the_decks(name, deck_texts):
    rule = ALL[name]
    wanted = rule.value_um2 or rule.value_nm / 1000
    texts = [text for category, text in deck_texts if category == rule.deck]
    assert texts, f"the deck has no category {rule.deck}"
    if rule is not rules.GRID:
        assert any(wanted in numbers(text.split(":")[-1]) for text in texts)
    else:
        assert "poly.ongrid(0.005)" in deck().read_text()


def states(rule, values, text):
    """Whether a Magic statement holds the rule's number: before its text (nm, nm2) or within it (um, um2)."""
    if rule.value_um2:
        return round(rule.value_um2 * 1e6) in values or any(n == rule.value_um2 for n in numbers(text))
    wanted_nm = rule.magic_nm or rule.value_nm
    return wanted_nm in values or wanted_nm / 1000 in numbers(text)


@pytest.mark.parametrize("name", MAGIC)
def test_value_is_magics(name, magic_rules):
    rule = ALL[name]
    named = [(v, t) for v, t in magic_rules if rule.magic in re.split(r"[\s,+()]+", t[t.rfind("(") :])]
    assert named, f"the tech file has no rule {rule.magic}"
    assert any(states(rule, values, text) for values, text in named)


@pytest.mark.parametrize(
    "name", [n for n, rule in ALL.items() if rule.magic and not rule.value_nm and not rule.value_um2]
)
def test_rule_without_a_number_is_known_to_magic(name, magic_rules):
    assert any(ALL[name].magic in re.split(r"[\s,+()]+", text[text.rfind("(") :]) for _, text in magic_rules)


def test_every_id_is_a_name_and_every_text_words():
    """Names are those of the SkyWater periphery rules: a layer's short name, a point, a number with letters."""
    assert not [rule.id for rule in ALL.values() if not re.fullmatch(r"[\w/]+\.[\w.()-]+", rule.id)]
    assert not [rule.text for rule in ALL.values() if re.fullmatch(r"[a-z0-9_]+\.\w+", rule.text)]


def test_ids_are_unique():
    assert len({rule.id for rule in ALL.values()}) == len(ALL)


def test_the_origins_named_are_of_rules_and_of_a_file_that_has_them():
    by_id = {rule.id: rule for rule in ALL.values()}
    assert rules.ORIGINS.keys() <= by_id.keys()
    assert all(by_id[name].magic for name, origin in rules.ORIGINS.items() if "Magic" in origin)
    assert all(by_id[name].deck for name, origin in rules.ORIGINS.items() if origin.endswith("deck"))


def test_a_wrong_value_would_be_noticed(magic_rules):
    wrong = Rule("poly.1a", "poly width", 155, magic="poly.1a")
    named = [(v, t) for v, t in magic_rules if "(poly.1a)" in t]
    assert named
    assert not any(states(wrong, values, text) for values, text in named)
