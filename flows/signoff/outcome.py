"""What one check of a sign-off says, and by which tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["passed", "failed", "not run"]

MOST_NAMED = 4
"""So many findings are spelt out, the others counted."""


@dataclass(frozen=True)
class Outcome:
    """`rules_run` counts the rules, names or pins that were looked at. A check that does not apply judges nothing."""

    state: State
    detail: str
    rules_run: int = 0
    tool: str | None = None
    version: str | None = None
    deck: str | None = None
    applies: bool = True

    @property
    def clean(self) -> bool:
        return self.state == "passed"

    def to_json(self) -> dict[str, Any]:
        """Its entry in the report; what is not known is left out."""
        out: dict[str, Any] = {"state": self.state, "detail": self.detail, "rules_run": self.rules_run}
        known = {"tool": self.tool, "version": self.version, "deck": self.deck}
        return out | {k: v for k, v in known.items() if v} | ({} if self.applies else {"applies": False})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Outcome:
        """What `to_json` gave. Raises TypeError for anything else."""
        return cls(**kept)


def judged(problems: Sequence[str], looked_at: str, rules: int) -> Outcome:
    """Failed with the first problems, or passed with what was looked at; nothing looked at is not run."""
    if problems:
        more = f"; and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
        return Outcome("failed", "; ".join(problems[:MOST_NAMED]) + more, rules)
    return Outcome("passed" if rules else "not run", looked_at, rules)


def not_applicable(why: str) -> Outcome:
    """Of a check that has nothing to say about this layout."""
    return Outcome("not run", why, applies=False)


def all_clean(outcomes: Mapping[str, Outcome]) -> bool:
    """Whether checks ran, and each that applies ran and found nothing."""
    judging = [outcome for outcome in outcomes.values() if outcome.applies]
    return bool(judging) and all(outcome.clean for outcome in judging)
