"""The paths of a switch: which pins each joins, and at which levels of the others it is closed or open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analoom.pdk.errors import InputError

SUPPLY, GROUND = "vdd", "vss"
CLOCKED = {"en", "enb"}
CLOCKS = ("ck1", "ck1b", "ck2", "ck2b")
LATCHED = {"d", "q", *CLOCKS}


@dataclass(frozen=True)
class Path:
    """From the pin `near` to the pin `far`; `closed` and `open` are levels of the control pins, in shares of vdd."""

    near: str
    far: str
    closed: Mapping[str, float]
    open: Mapping[str, float]


def paths_of(ports: Sequence[str]) -> tuple[Path, ...]:
    """The paths of a switch with these pins, the one that a 1 closes first.

    A clocked switch joins `a` to `b` while `en` is high; a stored bit joins `a` to `y` while it is 1, and `c`, where
    there is one, while it is 0: with both its clocks on, its latches let `d` through. Raises InputError for other pins.
    """
    pins = set(ports)
    if CLOCKED | {"a", "b"} <= pins:
        return (Path("a", "b", {"en": 1.0, "enb": 0.0}, {"en": 0.0, "enb": 1.0}),)
    if LATCHED | {"a", "y"} <= pins:
        through = {"ck1": 1.0, "ck1b": 0.0, "ck2": 1.0, "ck2b": 0.0}
        one, none = {**through, "d": 1.0}, {**through, "d": 0.0}
        return (Path("a", "y", one, none), *((Path("c", "y", none, one),) if "c" in pins else ()))
    wanted = "a, b, en and enb, or a, y, d, q and two pairs of clocks"
    raise InputError(f"a switch needs the pins {wanted}; not {', '.join(ports)}", field="name")
