"""Arithmetic of the model files: parameters by name, worked out from those they name; nothing else is understood.

`pow` takes the size of its base, as ngspice does: `pow(-1.7, 3)` is 4.913 there.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping

from analoom.pdk.errors import ToolError

_PARAMETER = re.compile(r"(\w+)\s*=\s*(?:\{([^}]*)\}|([-+]?[\d.]+(?:[eE][-+]?\d+)?))")
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "pow": lambda base, power: abs(base) ** power,
    "pwr": lambda base, power: math.copysign(abs(base) ** power, base),
    "min": min,
    "max": max,
    "abs": abs,
}
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def parameters_in(text: str) -> dict[str, str]:
    """Expressions by parameter's name, of lines such as `+ a = {2*b}` or `.param w = 1 l = 5`; the last one counts."""
    return {name: braced or plain for name, braced, plain in _PARAMETER.findall(text)}


def value_of(expression: str, names: Mapping[str, float | str]) -> float:
    """The number of an expression; `names` are numbers, or expressions of one another. Raises ToolError."""
    try:
        return _worked_out(ast.parse(expression.strip(), mode="eval").body, names)
    except (SyntaxError, KeyError, TypeError) as problem:
        raise ToolError(f"the models say {expression!r}, which is not understood: {problem}", field="models") from None


def _worked_out(node: ast.expr, names: Mapping[str, float | str]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            known = names[name]
            return value_of(known, names) if isinstance(known, str) else known
        case ast.UnaryOp(op=ast.USub(), operand=of):
            return -_worked_out(of, names)
        case ast.UnaryOp(op=ast.UAdd(), operand=of):
            return _worked_out(of, names)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_worked_out(left, names), _worked_out(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _FUNCTIONS[name](*(_worked_out(arg, names) for arg in args))
    raise KeyError(ast.unparse(node))
