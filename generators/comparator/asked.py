"""What a part refuses of its size, told under the name of the block's field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from analoom.cells.model.cell import Spec
from analoom.pdk.errors import SpecError

S = TypeVar("S", bound=Spec)


def asked(spec: S, names: Mapping[str, str], part: Callable[[S], Spec], whose: str = "") -> None:
    """Makes a part's spec of a block's; `names` are the block's fields by the part's, `whose` tells of what a bound is.

    Raises SpecError with the block's field and its value.
    """
    try:
        part(spec)
    except SpecError as error:
        here = names.get(error.field or "", error.field or "")
        raise SpecError(here, getattr(spec, here, error.value), f"{error.bound}{whose}", error.rule) from None
