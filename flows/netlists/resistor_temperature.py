"""Temperature coefficients that ngspice drops: of a resistor whose value is an expression of voltages.

Such a resistor becomes a controlled source, and of its `.model` neither tc1 nor tc2 nor tnom stays: the body of
res_xhigh_po then keeps its value at every temperature, where its model says -0.25 % a degree. Here the polynomial is
multiplied into the expression. `tests/flows/netlists/test_resistor_temperature.py` holds ngspice to both.
"""

from __future__ import annotations

import re

_BY_VOLTAGE = re.compile(r"^(r\S+ \S+ \S+) (\w+) (r = \{)([^}]*\bv\([^}]*)\}", re.M | re.I)
_MODEL = r"^\.model {name} r tc1 = \{{?([^\s}}]+)\}}? tc2 = \{{?([^\s}}]+)\}}? tnom = (\S+)"


def with_temperature(subcircuit: str) -> str:
    """The same subcircuit, its voltage-dependent resistors with their model's temperature coefficients in the value."""

    def opened(found: re.Match[str]) -> str:
        line, name, start, value = found.groups()
        model = re.search(_MODEL.format(name=name), subcircuit, re.M | re.I)
        if model is None:
            return found.group(0)
        tc1, tc2, tnom = model.groups()
        value = re.sub(r"\n\+", "\n+", value)
        step = f"(temper-({tnom}))"
        return f"{line} {start}({value})\n+ *(1+({tc1})*{step}+({tc2})*{step}*{step})}}"

    return _BY_VOLTAGE.sub(opened, subcircuit)
