"""What of a part is judged under random errors: at which inputs copies are read, and what follows from that.

A multiplier's four readings at plus and minus x and w give the product (half their alternating sum), what x and w reach
by themselves, which are offsets of the other input, and what is there without either. A sigmoid's offset is the output
at equal inputs by its gain; a bump's centre the vertex of a parabola through the logarithm of three readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.probed import Point, Probe
from analoom.pdk.errors import InputError

from .amplifiers_bench import back_inputs, error_inputs
from .settings import BackSettings, BumpSettings, ErrorSettings, GilbertSettings, PartSettings, SigmoidSettings
from .stand import moved

Array = NDArray[np.float64]
X_V, W_V, STEP_V, ABOUT_V = 0.04, 0.04, 0.02, 0.04
"""How far inputs move: of a multiplier both, of a sigmoid, of a bump."""


@dataclass(frozen=True)
class OfGilbert(Probe):
    """A multiplier."""

    settings: GilbertSettings
    names: ClassVar[Mapping[str, str]] = {"gain_error": "frac", "offset_x": "V", "offset_w": "V", "offset_current": "A"}
    own: ClassVar[tuple[str, ...]] = ("op", "on")
    points: ClassVar[tuple[Point, ...]] = tuple({"v_x": x, "v_w": w} for x in (X_V, -X_V) for w in (W_V, -W_V))

    def lines(self, copies: int) -> Iterator[str]:
        yield from moved(("xp", "xn"), self.settings.v_x, "x")
        yield from (f"v_wn wn 0 {self.settings.v_w!r}", "v_w wp wn 0")
        for k in range(copies):
            yield from (f"v_{net}_{k} {net}_{k} 0 {self.settings.v_out!r}" for net in ("op", "on"))

    def reading(self, op: Mapping[str, float], copy: int) -> float:
        return float(op[f"v_on_{copy}#branch"] - op[f"v_op_{copy}#branch"])

    def quantities(self, readings: Array) -> Array:
        return product_errors(readings)


@dataclass(frozen=True)
class OfSigmoid(Probe):
    """A sigmoid."""

    settings: SigmoidSettings
    names: ClassVar[Mapping[str, str]] = {"offset": "V", "gain_error": "frac"}
    own: ClassVar[tuple[str, ...]] = ("yp", "yn")
    points: ClassVar[tuple[Point, ...]] = tuple({"v_x": x} for x in (STEP_V, 0.0, -STEP_V))

    def lines(self, copies: int) -> Iterator[str]:
        yield from moved(("xp", "xn"), self.settings.v_x, "x")

    def reading(self, op: Mapping[str, float], copy: int) -> float:
        return float(op[f"yn_{copy}"] - op[f"yp_{copy}"])

    def quantities(self, readings: Array) -> Array:
        high, rest, low = readings
        gain = (high - low) / (2 * STEP_V)
        return np.array([rest / gain, np.log(gain)]).T


@dataclass(frozen=True)
class OfBump(Probe):
    """A bump."""

    settings: BumpSettings
    names: ClassVar[Mapping[str, str]] = {"peak_error": "frac", "centre": "V"}
    own: ClassVar[tuple[str, ...]] = ("out",)
    points: ClassVar[tuple[Point, ...]] = tuple({"v_x": x} for x in (ABOUT_V, 0.0, -ABOUT_V))

    def lines(self, copies: int) -> Iterator[str]:
        yield from moved(("xp", "xn"), self.settings.v_x, "x")
        yield from (f"v_out_{k} out_{k} 0 {self.settings.v_out!r}" for k in range(copies))

    def reading(self, op: Mapping[str, float], copy: int) -> float:
        return float(op[f"v_out_{copy}#branch"])

    def quantities(self, readings: Array) -> Array:
        high, rest, low = np.log(readings)
        bend, tilt = (high + low - 2 * rest) / 2, (high - low) / 2
        at = -tilt / (2 * bend)
        return np.array([rest + at * tilt / 2, at * ABOUT_V]).T


@dataclass(frozen=True)
class OfError(Probe):
    """An error amplifier."""

    settings: ErrorSettings
    names: ClassVar[Mapping[str, str]] = {
        "offset_e": "V",
        "offset_g": "V",
        "gain_error_e": "frac",
        "gain_error_g": "frac",
    }
    own: ClassVar[tuple[str, ...]] = ("ep", "en", "gp", "gn")
    points: ClassVar[tuple[Point, ...]] = tuple({"v_n": n} for n in (STEP_V, 0.0, -STEP_V))

    def lines(self, copies: int) -> Iterator[str]:
        yield from error_inputs(self.settings)

    def reading(self, op: Mapping[str, float], copy: int) -> tuple[float, ...]:
        return tuple(float(op[f"{k}n_{copy}"] - op[f"{k}p_{copy}"]) for k in "eg")

    def quantities(self, readings: Array) -> Array:
        high, rest, low = readings
        gain = (high - low) / (2 * STEP_V)
        return np.concatenate([rest / gain, np.log(gain)], axis=1)


@dataclass(frozen=True)
class OfBack(Probe):
    """What brings errors back: output 0, the others without error and weight."""

    cell: Cell
    settings: BackSettings
    names: ClassVar[Mapping[str, str]] = {"gain_error": "frac", "offset_g": "V", "offset_w": "V", "offset": "V"}
    own: ClassVar[tuple[str, ...]] = ("ep", "en")
    points: ClassVar[tuple[Point, ...]] = tuple({"v_g0": g, "v_w0": w} for g in (X_V, -X_V) for w in (W_V, -W_V))

    def lines(self, copies: int) -> Iterator[str]:
        yield from back_inputs(self.cell, self.settings)

    def reading(self, op: Mapping[str, float], copy: int) -> float:
        return float(op[f"ep_{copy}"] - op[f"en_{copy}"])

    def quantities(self, readings: Array) -> Array:
        return product_errors(readings)


def product_errors(readings: Array) -> Array:
    """(copies, 4) of (4, copies) at (x, w) of (+, +), (+, -), (-, +), (-, -): error of the gain, offsets of x and of w,
    and what is there without either."""
    pp, pm, mp, mm = readings
    gain = (pp - pm - mp + mm) / (4 * X_V * W_V)
    by_x, by_w, alone = (pp + pm - mp - mm) / (4 * X_V), (pp - pm + mp - mm) / (4 * W_V), (pp + pm + mp + mm) / 4
    return np.array([np.log(gain), by_w / gain, by_x / gain, alone]).T


def probe_of(cell: Cell, settings: PartSettings) -> Probe:
    """How a part is read. Raises InputError for another cell."""
    match settings:
        case GilbertSettings():
            return OfGilbert(settings)
        case SigmoidSettings():
            return OfSigmoid(settings)
        case BumpSettings():
            return OfBump(settings)
        case ErrorSettings():
            return OfError(settings)
        case BackSettings():
            return OfBack(cell, settings)
    raise InputError(f"{cell.name} is no part of a network that trains itself", field="name")
