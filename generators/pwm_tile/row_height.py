"""How a row's height is shared: the driver of the word line lies below that of the pulse, back to back at vdd."""

from __future__ import annotations

from analoom.cells.pulse_width.plan import pwm_plan
from analoom.generators.memory.word_size import words_height

from .spec import PwmTileSpec


def pulse_height(spec: PwmTileSpec) -> int:
    """Rail to rail of the pulse's driver, nm: what the word line's leaves of a row."""
    return pwm_plan(spec.cell).height - words_height(spec.address_bits)
