"""Values in a netlist: which texts are a number or an expression. klayout's reader never returns from some others."""

from __future__ import annotations

import re

DEEPEST = 50
"""Levels of brackets and signs in one expression."""

TOKEN = re.compile(r"\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[A-Za-z]*)|([A-Za-z_]\w*)|(\*\*|[-+*/()^,]))")


def is_value(text: str) -> bool:
    """Whether `text`, without its quotes or braces, is a number with a scale or an arithmetic expression."""
    tokens = _tokens(text)
    if not tokens:
        return False
    try:
        return _sum(tokens, 0, 0) == len(tokens)
    except (IndexError, ValueError):
        return False


def bare(value: str) -> str:
    """A value without the quotes or braces around it."""
    return value[1:-1] if len(value) > 1 and value[0] + value[-1] in ("''", '""', "{}") else value


def _tokens(text: str) -> list[str]:
    """`1` for a number, `a` for a name, else the operator. Empty where something else stands."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            return []
        found.append("1" if match[1] else "a" if match[2] else match[3])
        at = match.end()
    return found


def _sum(tokens: list[str], at: int, depth: int) -> int:
    """The position behind an expression that begins at `at`."""
    at = _operand(tokens, at, depth + 1)
    while at < len(tokens) and tokens[at] in ("+", "-", "*", "/", "^", "**"):
        at = _operand(tokens, at + 1, depth + 1)
    return at


def _operand(tokens: list[str], at: int, depth: int) -> int:
    if depth > DEEPEST:
        raise ValueError
    while tokens[at] in ("+", "-"):
        at += 1
    if tokens[at] == "a" and tokens[at + 1 : at + 2] == ["("]:
        return _arguments(tokens, at + 2, depth)
    if tokens[at] == "(":
        return _closed(tokens, _sum(tokens, at + 1, depth))
    if tokens[at] not in ("1", "a"):
        raise ValueError
    return at + 1


def _arguments(tokens: list[str], at: int, depth: int) -> int:
    at = _sum(tokens, at, depth)
    while tokens[at] == ",":
        at = _sum(tokens, at + 1, depth)
    return _closed(tokens, at)


def _closed(tokens: list[str], at: int) -> int:
    if tokens[at] != ")":
        raise ValueError
    return at + 1
