"""Targets by name: those there are, and those that are known by name and not built yet."""

from __future__ import annotations

from analoom.pdk.errors import InputError, unknown

from .crossbar import CROSSBAR
from .current import CURRENT
from .pwm import PWM
from .record import Target

TARGETS = {target.name: target for target in (CURRENT, PWM, CROSSBAR)}
NOT_BUILT = ("charge",)
DEFAULT = CURRENT.name


def target_of(name: str) -> Target:
    """A target by its name. Raises InputError for one that is not known, and for one that is not built yet."""
    if name in NOT_BUILT:
        said = f"target {name!r} is not built yet; there is {', '.join(TARGETS)}"
        raise InputError(said, field="target", remedy=f"--target {DEFAULT}")
    if name not in TARGETS:
        raise unknown("target", name, [*TARGETS, *NOT_BUILT], "target", "--target ")
    return TARGETS[name]
