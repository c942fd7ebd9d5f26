"""Quantities in few words: a value with its unit and prefix, fractions as per cent, relative changes."""

from __future__ import annotations

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))
_SMALL_PREFIXES = ((1e-12, "p"), (1e-15, "f"), (1e-18, "a"))
_PREFIXED = ("V", "A", "F", "S", "s", "Hz", "ohm", "W", "J", "C", "V/s", "A/s")

FRAC_DIGITS = 12
"""Decimals of a fraction that mean something; what is below comes from rounding in double precision."""
LEAST = {"V": 1e-12, "LSB": 1e-12, "bit": 1e-12, "V/V": 1e-12}
"""Of other units the least value that means something: voltages of a volt are known to sixteen digits at best."""

NOTHING = 1e-21
"""Of units with prefixes the least value that is shown: a thousandth of the smallest prefix."""

LARGEST_CHANGE = 1e9
"""Relative changes beyond this are of a value that was zero but for rounding."""


def quantity(value: float | None, unit: str = "", beside: float | None = None) -> str:
    """`0.0123, "V"` as `12.3 mV`, fractions as per cent; four significant digits, `-` for no value.

    What is rounding alone is 0: below LEAST, and of a difference what is nothing `beside` the value that changed.
    """
    if value is None:
        return "-"
    if abs(value) < max(LEAST.get(unit, 0.0), 10.0**-FRAC_DIGITS * abs(beside or 0.0)):
        value = 0.0
    if unit == "frac":
        return f"{100 * round(value, FRAC_DIGITS) + 0.0:.4g} %"
    if unit in _PREFIXED and abs(value) < NOTHING:
        return f"0 {unit}"
    if unit not in _PREFIXED or value == 0:
        return f"{value:.4g} {unit}".strip()
    scales = (*_PREFIXES, *_SMALL_PREFIXES)
    size, prefix = next(((s, p) for s, p in scales if abs(value) >= 0.99999 * s), scales[-1])
    return f"{value / size:.4g} {prefix}{unit}"


def relative(change: float | None) -> str:
    """A relative change as per cent, as a factor where it is huge, `-` where there is none, or none but of rounding."""
    if change is None or abs(change) > LARGEST_CHANGE:
        return "-"
    percent = 100 * round(change, FRAC_DIGITS) + 0.0
    return f"{percent:+.3g} %" if abs(change) < 10 else f"x {1 + change:.3g}"
