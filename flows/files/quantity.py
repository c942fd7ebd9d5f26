"""Quantities in few words: a value with its unit and prefix, fractions as per cent, relative changes."""

from __future__ import annotations

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))
_SMALL_PREFIXES = ((1e-12, "p"), (1e-15, "f"), (1e-18, "a"))
_PREFIXED = ("V", "A", "F", "S", "s", "Hz", "ohm", "W", "J", "C", "V/s", "A/s")

FRAC_DIGITS = 12
"""Decimals of a fraction that mean something; what is below comes from rounding in double precision."""


def quantity(value: float | None, unit: str = "") -> str:
    """`0.0123, "V"` as `12.3 mV`, fractions as per cent; four significant digits, `-` for no value."""
    if value is None:
        return "-"
    if unit == "frac":
        return f"{100 * round(value, FRAC_DIGITS) + 0.0:.4g} %"
    if unit not in _PREFIXED or value == 0:
        return f"{value:.4g} {unit}".strip()
    scales = (*_PREFIXES, *_SMALL_PREFIXES)
    size, prefix = next(((s, p) for s, p in scales if abs(value) >= 0.99999 * s), scales[-1])
    return f"{value / size:.4g} {prefix}{unit}"


def relative(change: float | None) -> str:
    """A relative change as per cent, as a factor where it is huge, `-` where there is none."""
    if change is None:
        return "-"
    return f"{100 * change:+.3g} %" if abs(change) < 10 else f"x {1 + change:.3g}"
