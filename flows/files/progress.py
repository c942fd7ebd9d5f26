"""How far long work is, told to whoever listens, as the command line does for its bar; in a script nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Part = TypeVar("Part")
Heard = Callable[[int, int], None]
"""Takes how many parts are done, of how many."""

_listener: ContextVar[Heard | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Heard | None) -> Iterator[None]:
    """Lets `listener` hear of the work in the block; None: nobody."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tracked(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts of long work one by one, telling how many are done; work within a part tells nothing."""
    listener = _listener.get()
    if listener is None:
        yield from parts
        return
    whole = list(parts)
    with heard_by(None):
        for done, part in enumerate(whole):
            listener(done, len(whole))
            yield part
        listener(len(whole), len(whole))
