"""An error by source, and in total."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot


def with_total(sources: Mapping[str, float]) -> dict[str, float]:
    """Independent errors by source, fractions, and "total", the root of the sum of their squares."""
    return {**sources, "total": hypot(*sources.values())}
