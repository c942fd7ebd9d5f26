"""The table of rules: id, text, value, where it comes from, which engines check it; and those that do not apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analoom.flows.drc.fast.rule_table import CHECKS
from analoom.pdk.exemptions import AREA_NAMES, Exemption, exemptions_of
from analoom.pdk.rule_names import DECK_ALSO, DECK_NOT_APPLICABLE, MAGIC_ALSO, MAGIC_NOT_APPLICABLE
from analoom.pdk.rules import ORIGINS, Rule


def rule_rows() -> list[dict[str, Any]]:
    """One row a rule of the fast engine, in the order of the process, then the official rules that do not apply.

    `deck` is the category of the shuttle's deck and `magic` the rule in drc(full), where that engine checks it too;
    `also` are that rule's further names there; `exempt` are the areas in which the rule is not asked, with the rule
    asked instead and the source. A row without engines of ours has `reason`.
    """
    rules = dict.fromkeys(check.rule for check in CHECKS)
    return [*(_row(rule) for rule in rules), *_not_applicable()]


def counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many rules of fast, and how many names of the official engines it covers or leaves out as not applicable."""
    fast = [row for row in rows if "fast" in row["engines"]]
    return {
        "rules": len(fast),
        "deck_covered": len({row["deck"] for row in fast if row["deck"]} | DECK_ALSO.keys()),
        "deck_not_applicable": len(DECK_NOT_APPLICABLE),
        "magic_covered": len({row["magic"] for row in fast if row["magic"]} | MAGIC_ALSO.keys()),
        "magic_not_applicable": len(MAGIC_NOT_APPLICABLE),
    }


def _row(rule: Rule) -> dict[str, Any]:
    engines = ["fast", *(["klayout"] if rule.deck else []), *(["magic"] if rule.magic else [])]
    return {
        "id": rule.id,
        "text": rule.text,
        "value": rule_value(rule),
        "source": ORIGINS.get(rule.id, "SkyWater periphery rules"),
        "deck": rule.deck,
        "magic": rule.magic,
        "also": [name for table in (DECK_ALSO, MAGIC_ALSO) for name, id_ in table.items() if id_ == rule.id],
        "exempt": [_exempt(one) for one in exemptions_of(rule)],
        "engines": engines,
        "reason": None,
    }


def _exempt(one: Exemption) -> dict[str, str | None]:
    n, d = one.marker.value
    instead = one.instead.id if one.instead else None
    return {"area": AREA_NAMES[one.marker], "layer": f"{n}/{d}", "instead": instead, "source": one.source}


def _not_applicable() -> Iterator[dict[str, Any]]:
    for engine, column, table in (
        ("klayout", "deck", DECK_NOT_APPLICABLE),
        ("magic", "magic", MAGIC_NOT_APPLICABLE),
    ):
        for name, reason in table.items():
            empty: dict[str, Any] = {
                "text": "not applicable",
                "value": "",
                "source": "",
                "deck": None,
                "magic": None,
                "also": [],
                "exempt": [],
            }
            yield {"id": name, **empty, column: name, "engines": [engine], "reason": reason}


def rule_value(rule: Rule) -> str:
    """The value with its unit, empty for a rule without a number."""
    if rule.value_nm:
        return f"{rule.value_nm / 1000:g} um"
    return f"{rule.value_um2:g} um2" if rule.value_um2 else ""
