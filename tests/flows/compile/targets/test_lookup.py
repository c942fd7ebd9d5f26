"""Targets by name, and the record of the current one against the cell that it stands for."""

from __future__ import annotations

import pytest

from analoom.flows.compile.targets.lookup import TARGETS, target_of
from analoom.pdk.errors import InputError, SpecError


def test_every_target_that_the_command_line_names_is_built() -> None:
    assert set(TARGETS) == {"current", "pwm", "crossbar", "charge"}
    for name in TARGETS:
        assert target_of(name).name == name


def test_an_unknown_target_is_told_from_those() -> None:
    with pytest.raises(InputError, match="no target called 'curent'") as caught:
        target_of("curent")
    assert caught.value.remedy == "--target current"


def test_the_spec_of_the_current_target_is_that_of_its_dims_and_too_many_neurons_are_refused() -> None:
    current = target_of("current")
    assert current.levels == 15 and current.parsed(current.fields((4, 7, 3))).model_dump()["dims"] == (4, 7, 3)
    with pytest.raises(SpecError):
        current.parsed(current.fields((4, 1000, 3)))
