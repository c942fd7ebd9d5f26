"""The table of rules: id, text, value, where it comes from, and which engines check it."""

from __future__ import annotations

from typing import Any

from analoom.pdk.rules import Rule

from .drc_fast_rules import CHECKS


def rule_rows() -> list[dict[str, Any]]:
    """One row a rule of the fast engine, in the order of the process.

    `deck` is the category of the shuttle's deck and `magic` the rule in drc(full), where that engine checks it too.
    """
    return [_row(rule) for rule in dict.fromkeys(check.rule for check in CHECKS)]


def _row(rule: Rule) -> dict[str, Any]:
    engines = ["fast", *(["klayout"] if rule.deck else []), *(["magic"] if rule.magic else [])]
    return {
        "id": rule.id,
        "text": rule.text,
        "value": rule_value(rule),
        "source": "SkyWater periphery rules" if not rule.id.endswith("m") or rule.deck else "drc(full) of Magic's tech",
        "deck": rule.deck,
        "magic": rule.magic,
        "engines": engines,
    }


def rule_value(rule: Rule) -> str:
    """The value with its unit, empty for a rule without a number."""
    if rule.value_nm:
        return f"{rule.value_nm / 1000:g} um"
    return f"{rule.value_um2:g} um2" if rule.value_um2 else ""
