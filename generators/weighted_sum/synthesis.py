"""Whole units that make a sum: a search over the error of the worst coefficient and the number of units.

With one amplifier, inputs of negative sign pull at the inverting input: their coefficients are feedback by leg. What
that makes of gain for the other input, 1 + all of them, is shared there among the positive ones by conductance. Is it
too small, a leg to `mid` is added on the inverting side, is it then too large, one on the other. In the inverting form
every positive input has an inverter of its own, and all pull at one amplifier's inverting input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import floor
from typing import Literal

from .network import MID, OUT, Leg, Network, Stage

Form = Literal["one", "three"]
MOST_FEEDBACK, MOST_LEAST = 96, 64
"""How many units of the feedback, and of the smallest leg of the positive side, are tried."""
INVERTER_UNITS = 8
"""Units of either resistor of an inverter, as on the slide that this form is from."""
BALANCED = 1e-6
"""Below such a part of the gain no leg to `mid` is wanted."""
EXCESS = 1.1
"""Most gain by what the positive coefficients ask for: an amplifier's offset is multiplied by it."""
FEEDBACK, MINUS_REST, PLUS_REST = "feedback", "minus_rest", "plus_rest"

Terms = tuple[tuple[str, float], ...]
"""The wanted coefficient of each net."""


@dataclass(frozen=True)
class Found:
    """Units by the resistors' names, the relative error of the worst coefficient, and by how much an offset of the
    summing amplifier is multiplied."""

    units: tuple[tuple[str, int], ...]
    error_frac: float
    offset_gain: float

    @property
    def total(self) -> int:
        """All units."""
        return sum(count for _, count in self.units)


def front(terms: Terms, form: Form, most_units: int, open_gain: float) -> tuple[Found, ...]:
    """The sums that no other beats in both error and units, by units; none where none fits in `most_units`.

    Errors are those with amplifiers of `open_gain`.
    """
    best: list[Found] = []
    for found in sorted(_tried(terms, form, most_units, open_gain), key=lambda one: (one.total, one.error_frac)):
        if not best or found.error_frac < best[-1].error_frac:
            best.append(found)
    return tuple(best)


def fewest(terms: Terms, form: Form, most_units: int, open_gain: float, error: float) -> Found | None:
    """The fewest units that err by `error` at most, of those the ones that multiply an offset least; None of none."""
    good = [found for found in _tried(terms, form, most_units, open_gain) if found.error_frac <= error]
    return min(good, key=lambda one: (one.total, one.offset_gain, one.error_frac), default=None)


@cache
def _tried(terms: Terms, form: Form, most_units: int, open_gain: float) -> tuple[Found, ...]:
    of_form = _one if form == "one" else _inverting
    return tuple(of_form(dict(terms), most_units, open_gain))


def names(terms: Terms, form: Form) -> tuple[str, ...]:
    """The resistors in their order: feedback, inputs, reference, then the legs to `mid` or what inverters have."""
    nets = tuple(net for net, _ in terms)
    if form == "one":
        return (FEEDBACK, *nets, MINUS_REST, PLUS_REST)
    return (FEEDBACK, *nets, *(name for net, c in terms if c > 0 for name in (f"{net}_to", f"{net}_back")))


def network(terms: Terms, form: Form, units: tuple[int, ...]) -> Network:
    """The stages of a sum with such units, in the order of `names`; a resistor of no units is left out."""
    held = {name: count for name, count in zip(names(terms, form), units, strict=True) if count}
    at = {name: k for k, name in enumerate(held)}
    stages = _one_stage(terms, at) if form == "one" else _inverting_stages(terms, at)
    return Network(tuple(held), tuple(held.values()), stages)


def _one_stage(terms: Terms, at: Mapping[str, int]) -> tuple[Stage, ...]:
    minus = [Leg(net, at[net]) for net, c in terms if c < 0]
    plus = [Leg(net, at[net]) for net, c in terms if c > 0]
    minus += [Leg(MID, at[MINUS_REST])] if MINUS_REST in at else []
    plus += [Leg(MID, at[PLUS_REST])] if PLUS_REST in at else []
    return (Stage("sum", OUT, at[FEEDBACK], tuple(minus), tuple(plus)),)


def _inverting_stages(terms: Terms, at: Mapping[str, int]) -> tuple[Stage, ...]:
    out = {net: f"{net}_inverted" for net, c in terms if c > 0}
    inverters = [Stage(f"invert_{net}", out[net], at[f"{net}_back"], (Leg(net, at[f"{net}_to"]),)) for net in out]
    legs = tuple(Leg(out.get(net, net), at[net]) for net, _ in terms)
    return (*inverters, Stage("sum", OUT, at[FEEDBACK], legs))


def error_frac(terms: Terms, form: Form, units: tuple[int, ...], open_gain: float) -> float:
    """The relative error of the worst coefficient that these units make with amplifiers of such a gain."""
    made = network(terms, form, units).coefficients([net for net, _ in terms], None, open_gain)
    return max(abs(float(m) / c - 1) for m, (_, c) in zip(made, terms, strict=True))


def _one(terms: Mapping[str, float], most: int, open_gain: float) -> Iterator[Found]:
    negative = {net: -c for net, c in terms.items() if c < 0}
    wanted = sum(c for c in terms.values() if c > 0)
    missing = wanted - 1 - sum(negative.values())
    for feedback in range(1, MOST_FEEDBACK + 1):
        legs = {net: max(round(feedback / c), 1) for net, c in negative.items()}
        rests = {floor(feedback / missing), floor(feedback / missing) + 1} - {0} if missing > BALANCED else {0}
        for rest in sorted(rests):
            gain = 1 + sum(feedback / n for n in legs.values()) + (feedback / rest if rest else 0.0)
            if not rest or gain <= EXCESS * wanted:
                minus = {FEEDBACK: feedback, **legs, MINUS_REST: rest}
                yield from _with_plus(terms, minus, gain, most, 1 + gain / open_gain)


def _with_plus(
    terms: Mapping[str, float], minus: Mapping[str, int], gain: float, most: int, loss: float
) -> Iterator[Found]:
    """The positive side in all sizes beside a negative one that leaves it `gain`, all less by a factor `loss`."""
    feedback, gain = minus[FEEDBACK], gain / loss
    made = {net: -feedback / minus[net] / loss for net, c in terms.items() if c < 0}
    positive = {net: c for net, c in terms.items() if c > 0}
    left = gain - sum(positive.values())
    shares = positive | ({PLUS_REST: left} if positive and left > BALANCED * gain else {})
    for least in range(1, MOST_LEAST + 1) if shares else (0,):
        plus = {PLUS_REST: 0, **{net: max(round(least * max(shares.values()) / c), 1) for net, c in shares.items()}}
        units = {**minus, **plus}
        if sum(units.values()) > most:
            return
        conductance = sum(1 / n for n in plus.values() if n)
        positive_made = {net: gain / plus[net] / conductance for net in positive}
        yield _found(terms, "one", units, made | positive_made, gain)


def _inverting(terms: Mapping[str, float], most: int, open_gain: float) -> Iterator[Found]:
    """Inverters of equal units err by what their amplifier lacks of gain alone."""
    inverters = {n: INVERTER_UNITS for net, c in terms.items() if c > 0 for n in (f"{net}_to", f"{net}_back")}
    for feedback in range(1, MOST_FEEDBACK + 1):
        legs = {net: max(round(feedback / abs(c)), 1) for net, c in terms.items()}
        units = {FEEDBACK: feedback, **legs, **inverters}
        if sum(units.values()) <= most:
            gain = 1 + sum(feedback / n for n in legs.values())
            loss = 1 + gain / open_gain
            ideal = {net: feedback / n / loss for net, n in legs.items()}
            made = {net: v / (1 + 2 / open_gain) if terms[net] > 0 else -v for net, v in ideal.items()}
            yield _found(terms, "three", units, made, gain)


def _found(
    terms: Mapping[str, float], form: Form, units: Mapping[str, int], made: Mapping[str, float], offset_gain: float
) -> Found:
    order = names(tuple(terms.items()), form)
    worst = max(abs(made[net] / c - 1) for net, c in terms.items())
    return Found(tuple((name, units[name]) for name in order), worst, offset_gain)
