"""How high the drivers of word lines are: as their tracks ask, or as a latch, which holds those of few inputs."""

from __future__ import annotations

from analoom.cells.memory.latch import LatchSpec, latch_plan
from analoom.cells.memory.word_driver import OWN_TRACKS
from analoom.cells.strip.sizes import FIRST_TRACK_NM, TRACK_PITCH_NM


def words_height(address_bits: int) -> int:
    """Rail to rail, nm."""
    tracks = address_bits + OWN_TRACKS
    return max(latch_plan(LatchSpec()).height, 2 * FIRST_TRACK_NM + (tracks - 1) * TRACK_PITCH_NM)
