"""Single faults in our own source: one comparison, number, sign, term, argument or condition changed.

A mutant is an expression replaced by another one, found in the syntax tree; the rest of the file stays as it is.
Annotations, decorators, docstrings, texts and the doors of rooms are left alone: they compute nothing.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("pdk", "cells", "generators", "flows")
OTHER_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult}
AT_THE_BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OTHER_COMPARE = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OTHER_FUNCTION = {"min": "max", "max": "min", "floor": "ceil", "ceil": "floor", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """A fault: the file, from the root; where it stands (line, its text, offsets in bytes); both texts; its kind."""

    path: str
    line: int
    row: str
    start: int
    end: int
    before: str
    after: str
    kind: str

    @property
    def key(self) -> str:
        """What it is, wherever in the file its line has moved to: file, kind, line and both texts."""
        return f"{self.path}: {self.kind}: {self.row}: {self.before} -> {self.after}"

    def applied(self, text: str) -> str:
        """The file's text with the fault."""
        raw = text.encode()
        return (raw[: self.start] + self.after.encode() + raw[self.end :]).decode()


def sample(root: Path, count: int, seed: int) -> list[Mutant]:
    """Up to `count` different mutants, each kind as often as the next, the same for the same source and seed."""
    rng, by_kind = random.Random(seed), dict[str, list[Mutant]]()
    for mutant in mutants_of(root):
        by_kind.setdefault(mutant.kind, []).append(mutant)
    for found in by_kind.values():
        rng.shuffle(found)
    chosen: dict[str, Mutant] = {}
    while len(chosen) < count and any(by_kind.values()):
        for kind in sorted(by_kind):
            if by_kind[kind] and len(chosen) < count:
                mutant = by_kind[kind].pop()
                chosen.setdefault(mutant.key, mutant)
    return list(chosen.values())


def mutants_of(root: Path) -> Iterator[Mutant]:
    """Every mutant of every module below the packages of `root`, in the order of their names."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if path.name != "__init__.py" and "front" not in path.parts:
                yield from mutants_in(path.read_text(), str(path.relative_to(root)))


def mutants_in(text: str, path: str) -> Iterator[Mutant]:
    """Every mutant of one file."""
    rows, offsets = text.split("\n"), [0]
    for row in rows:
        offsets.append(offsets[-1] + len(row.encode()) + 1)
    for node in _computing(ast.parse(text)):
        start, end = (offsets[line - 1] + col for line, col in _ends(node))
        before = text.encode()[start:end].decode()
        for kind, change in CHANGES:
            for other in change(node):
                row, after = rows[node.lineno - 1].strip(), f"({ast.unparse(other)})"
                yield Mutant(path, node.lineno, row, start, end, before, after, kind)


def _ends(node: ast.expr) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)


def _computing(tree: ast.AST) -> Iterator[ast.expr]:
    """Expressions that are computed: none in annotations, decorators, texts with fields, or what types alone read."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_params", "type_comment"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.JoinedStr) or _for_types(node):
                continue
            if isinstance(node, ast.expr):
                yield node
            yield from _computing(node)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _arithmetic(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER_ARITHMETIC and not _holds_text(node):
        yield ast.BinOp(node.left, OTHER_ARITHMETIC[type(node.op)](), node.right)


def _dropped_term(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and not _holds_text(node):
        yield node.left
        yield node.right if isinstance(node.op, ast.Add) else ast.UnaryOp(ast.USub(), node.right)


def _sign(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div) and not _holds_text(node):
        yield ast.UnaryOp(ast.USub(), node)


def _number(node: ast.expr) -> Iterator[ast.expr]:
    """Twice and half; of whole numbers the half is whole too, and 0 becomes 1."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value = node.value
        half = value // 2 if isinstance(value, int) else value / 2
        yield from (ast.Constant(other) for other in ((2 * value, half) if value else (1,)))


def _compare(node: ast.expr) -> Iterator[ast.expr]:
    yield from _with_operator(node, OTHER_COMPARE)


def _boundary(node: ast.expr) -> Iterator[ast.expr]:
    yield from _with_operator(node, AT_THE_BOUNDARY)


def _with_operator(node: ast.expr, others: dict[type, type]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        for k, op in enumerate(node.ops):
            if type(op) in others:
                changed = deepcopy(node)
                changed.ops[k] = others[type(op)]()
                yield changed


def _condition(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def _arguments(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and len(node.args) > 1 and not any(isinstance(x, ast.Starred) for x in node.args):
        first, second, *rest = node.args
        if ast.dump(first) != ast.dump(second):
            yield ast.Call(node.func, [second, first, *rest], node.keywords)


def _function(node: ast.expr) -> Iterator[ast.expr]:
    """Min for max and the like; a root of squares becomes a sum."""
    name = node.func if isinstance(node, ast.Call) else None
    word = name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else ""
    if not isinstance(node, ast.Call) or not node.args:
        return
    if word in OTHER_FUNCTION and isinstance(name, ast.Name):
        yield ast.Call(ast.Name(OTHER_FUNCTION[word]), node.args, node.keywords)
    if word == "hypot" and len(node.args) == 2:
        yield ast.BinOp(node.args[0], ast.Add(), node.args[1])
    if word == "sqrt":
        yield node.args[0]


def _holds_text(node: ast.BinOp) -> bool:
    """Whether texts or types are joined, not numbers."""
    return any(isinstance(x, ast.JoinedStr) or isinstance(getattr(x, "value", 0), str | bytes) for x in ast.walk(node))


Change = Callable[[ast.expr], Iterator[ast.expr]]
CHANGES: tuple[tuple[str, Change], ...] = (
    ("arithmetic", _arithmetic),
    ("dropped term", _dropped_term),
    ("sign", _sign),
    ("number", _number),
    ("comparison", _compare),
    ("boundary", _boundary),
    ("condition", _condition),
    ("swapped arguments", _arguments),
    ("function", _function),
)
