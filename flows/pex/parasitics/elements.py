"""Extracted elements as lines of SPICE, and the nodes they lie between."""

from __future__ import annotations

import re


def node(net: str) -> str:
    """A net's SPICE node: dots of a path, and what SPICE takes for something else, become underscores."""
    return re.sub(r"[^A-Za-z0-9_\[\]<>:!#+-]", "_", net)


def element(letter: str, k: int, a: str, b: str, value: float) -> str:
    """The line of the k-th extracted "R" (ohm) or "C" (F) between two nodes."""
    return f"{letter}pex{k} {node(a)} {node(b)} {value:.5g}"


TIE_OHM = 1e-3
"""Between what is one net without a resistance of its own."""


def tie(k: int, a: str, b: str) -> str:
    """The line of the k-th tie between two nodes of one net."""
    return f"Rtie{k} {node(a)} {node(b)} {TIE_OHM:g}"
