"""By which error each kind of cell is judged in a sweep, and how many outputs must be good at once.

A new kind of cell needs a line here, and one in `error_budget` when its error can be split by source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analoom.cells.model.cell import Kind


@dataclass(frozen=True)
class Judged:
    """`error`: the mismatch metric that decides the resolution, a fraction of full scale or in LSB.

    `outputs`: of a spec and the bits asked, how many outputs (codes of a converter) share the cell.
    """

    error: str
    outputs: Callable[[Mapping[str, Any], int], int] = lambda spec, bits: 1


JUDGED: Mapping[Kind, Judged] = {
    Kind.ARRAY: Judged("worst_column_error", lambda spec, bits: int(spec["cols"])),
    Kind.CAPACITOR: Judged("inl", lambda spec, bits: 2**bits),
    Kind.MIRROR: Judged("gain_error", lambda spec, bits: len(spec["ratios"]) - 1),
    Kind.PAIR: Judged("gain_error"),
    Kind.SYNAPSE: Judged("cell_gain_error"),
    Kind.DEVICE: Judged("gain_error"),
    Kind.MULTIPLIER: Judged("gain_error"),
    Kind.MAC: Judged("output_error", lambda spec, bits: int(spec["outputs"])),
}
