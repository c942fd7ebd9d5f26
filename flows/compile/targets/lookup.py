"""Targets by name."""

from __future__ import annotations

from analoom.pdk.errors import unknown

from .charge import CHARGE
from .crossbar import CROSSBAR
from .current import CURRENT
from .pwm import PWM
from .record import Target

TARGETS = {target.name: target for target in (CURRENT, PWM, CROSSBAR, CHARGE)}
DEFAULT = CURRENT.name


def target_of(name: str) -> Target:
    """A target by its name. Raises InputError for one that is not known."""
    if name not in TARGETS:
        raise unknown("target", name, TARGETS, "target", "--target ")
    return TARGETS[name]
