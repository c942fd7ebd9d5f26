"""Reads what Magic's rule check wrote, and counts the rules of its tech file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analoom.flows.drc.report.findings import PLACES_KEPT

FINISHED = "finished"
"""The last line of a list of errors that was written whole."""
DRC_KEYWORDS = (
    *("width", "maxwidth", "spacing", "widespacing", "surround", "overhang", "extend", "area", "angles"),
    *("edge", "edge4way", "rect_only", "exact_overlap", "overlap", "no_overlap", "off_grid"),
    *("cifwidth", "cifspacing", "cifmaxwidth", "cifarea", "cifextend", "cifsurround", "cifangles"),
)
"""The words a rule statement of Magic's drc section starts with."""


UmBox = tuple[float, float, float, float]
"""Left, bottom, right and top in um."""


@dataclass(frozen=True)
class MagicFindings:
    """Distinct boxes by rule, in Magic's order. `finished` is False for a list cut short."""

    boxes: Mapping[str, tuple[UmBox, ...]]
    finished: bool

    @property
    def counts(self) -> dict[str, int]:
        return {why: len(found) for why, found in self.boxes.items()}

    @property
    def places(self) -> dict[str, tuple[str, ...]]:
        """The first of each rule, in words."""
        return {why: tuple(_place(box) for box in found[:PLACES_KEPT]) for why, found in self.boxes.items()}


def parse(text: str) -> MagicFindings:
    """The findings in Magic's list: lines `scale S`, `why TEXT`, `box X1 Y1 X2 Y2` and `finished`."""
    scale, why = 1.0, ""
    boxes: dict[str, dict[UmBox, None]] = {}
    lines = text.splitlines()
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "scale":
            scale = float(rest)
        elif word == "why":
            why = rest
            boxes.setdefault(why, {})
        elif word == "box":
            boxes[why][_box_um(rest, scale)] = None
    found = {reason: tuple(each) for reason, each in boxes.items()}
    return MagicFindings(found, bool(lines) and lines[-1] == FINISHED)


def rule_statements(tech: str) -> list[str]:
    """The statements of the tech's drc section that drc(full) holds."""
    section = re.search(r"^drc\s*$(.*?)^end\s*$", tech, re.MULTILINE | re.DOTALL)
    body = re.sub(r"\\\s*\n", " ", section.group(1) if section else "")
    statements, full = [], True
    for line in (line.strip() for line in body.splitlines()):
        words = line.split()
        if words and words[0] == "variants":
            full = words[1] == "*" or "(full)" in words[1]
        elif full and words and words[0] in DRC_KEYWORDS:
            statements.append(line)
    return statements


def _box_um(box: str, scale: float) -> UmBox:
    left, bottom, right, top = (int(number) * scale for number in box.split())
    return left, bottom, right, top


def _place(box: UmBox) -> str:
    left, bottom, right, top = box
    return f"({left:.3f}, {bottom:.3f})-({right:.3f}, {top:.3f})"
