"""Tables sampled from ngspice: each is found once a process, by what it is of, and handed to other processes as JSON.

    @sampled("name", Table)
    def table(place): ...

`told()` holds all that a process has, `learn(told)` gives it to another, which then samples nothing of it again.
Numbers stay the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
T = TypeVar("T")
Told = Mapping[str, Mapping[str, Any]]
"""By name of the table and by what it is of: plain JSON."""
_ALL: dict[str, Sampled[..., Any]] = {}


class Sampled(Generic[P, T]):
    """A function whose results are kept by their arguments' text, which must tell all of them."""

    def __init__(self, find: Callable[P, T], of: Callable[..., T]) -> None:
        self._find, self._of = find, of
        self.kept: dict[str, T] = {}
        self.__doc__ = find.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        key = repr((args, sorted(kwargs.items())))
        if key not in self.kept:
            self.kept[key] = self._find(*args, **kwargs)
        return self.kept[key]

    def told(self) -> dict[str, Any]:
        """All results as JSON."""
        return {key: _encoded(value) for key, value in self.kept.items()}

    def learn(self, told: Mapping[str, Any]) -> None:
        """Takes results over; those that are here stay."""
        for key, value in told.items():
            self.kept.setdefault(key, self._of(**_decoded(value)) if isinstance(value, dict) else self._of(value))


def sampled(name: str, of: Callable[..., T]) -> Callable[[Callable[P, T]], Sampled[P, T]]:
    """Makes a function keep and tell its results: dataclasses `of` arrays, tuples and numbers, or numbers."""
    return partial(_named, name, of)


def _named(name: str, of: Callable[..., T], find: Callable[P, T]) -> Sampled[P, T]:
    made = Sampled(find, of)
    _ALL[name] = made
    return made


def told() -> dict[str, dict[str, Any]]:
    """Everything that was sampled in this process, by name."""
    return {name: one.told() for name, one in _ALL.items() if one.kept}


def learn(found: Told) -> None:
    """Takes over what another process told. A name that is not known here, or not yet, is passed over."""
    for name, results in found.items():
        if name in _ALL:
            _ALL[name].learn(results)


def _encoded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, tuple):
        return [_encoded(one) for one in value]
    if is_dataclass(value):
        return {field.name: _encoded(getattr(value, field.name)) for field in fields(value)}
    return value


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(one) for one in value)
    if isinstance(value, dict):
        if set(value) == {"array", "dtype"}:
            return np.array(value["array"], dtype=value["dtype"])
        return {name: _decoded(one) for name, one in value.items()}
    return value
