"""What a sweep's table and page ask of its job, whatever its points are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Asked(Protocol):
    """A job: of a cell's specs, or of networks on targets."""

    @property
    def name(self) -> str: ...

    @property
    def cell(self) -> str:
        """Of what the points are, in a word or two."""
        ...

    @property
    def varied(self) -> tuple[str, ...]:
        """The columns that tell the points apart, in order."""
        ...

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns that split the front."""
        ...

    @property
    def listed(self) -> tuple[str, ...]:
        """Those of them whose values are lists."""
        ...

    @property
    def settings(self) -> tuple[str, ...]:
        """The columns that tell settings apart where arrays have sizes."""
        ...

    @property
    def sizes(self) -> Sequence[tuple[int, int]]: ...

    @property
    def told(self) -> tuple[str, ...]:
        """Columns that the page tells beside what was varied and the objectives."""
        ...

    @property
    def corners(self) -> Sequence[str]:
        """At which points are simulated."""
        ...

    @property
    def criterion_words(self) -> str:
        """When an output is good; "" where outputs are not judged."""
        ...

    @property
    def least_bits(self) -> int | None:
        """The lowest resolution that is looked for."""
        ...

    @property
    def renamed(self) -> Mapping[str, str]:
        """Metrics by the names that they had before."""
        ...

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...
