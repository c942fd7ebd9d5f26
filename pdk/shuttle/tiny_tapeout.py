"""What Tiny Tapeout's analog tiles ask of a design: the frame of pins, the supplies' straps, the metal that is banned.

Source: TinyTapeout/tt-support-tools at commit dfa73d614c6e8f7e55b860a743016d58cfe428e8: the templates
`tech/sky130A/def/analog/tt_analog_{1x2,2x2}[_3v3].def`, `precheck/pin_check.py`, `precheck/tech_data.py`,
`project_info.py`; of the straps' places `tech/sky130A/def/analog/magic_init_project.tcl`; the currents of a pin from
the specification of analog projects at tinytapeout.com. `tests/pdk/shuttle/test_tiny_tapeout.py` compares them with the
templates where a checkout lies (ANALOOM_TT_SUPPORT_TOOLS). Lengths are in nm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analoom.pdk.layers import Layer

Box4 = tuple[int, int, int, int]
"""Left, bottom, right, top."""
Direction = Literal["input", "output", "inout"]

PIN_LAYER = Layer.MET4
BANNED = (Layer.MET5,)
"""Metals that are the shuttle's own: its supplies run there above every tile."""
HEIGHT_NM = 225_760
ANALOG_PINS = 8
"""In the frame; a project may use the first `USABLE_ANALOG`."""
USABLE_ANALOG = 6
ANALOG_MOST_A = 4e-3
"""Of one analog pin."""
PREFIX = "tt_um_"
YAML_VERSION = 6

STRAP_LEAST_NM, STRAP_TO_EDGE_NM = 1_200, 10_000
"""Least width of a supply's strap, and how far from either edge it may end."""
STRAP_NM, STRAP_END_NM, STRAP_PITCH_NM, STRAP_FIRST_NM = 2_000, 5_000, 3_000, 1_000
"""Width of the template's straps, from the edge to their ends, from one to the next, and where the first starts."""

RING_NM = (100, 500)
"""Metal between these distances of an analog pin counts as wired to it, as does a via3 in the pin."""

_ROWS = (("ui_in", 3), ("uio_in", 11), ("uo_out", 19), ("uio_out", 27), ("uio_oe", 35))
"""The buses of eight along the top edge from the right, with the place of bit 0."""
_SINGLE = {"ena": 0, "clk": 1, "rst_n": 2}
_TOP_FIRST_NM, _TOP_PITCH_NM, _TOP_NM = 14_260, 2_760, (300, 1_000)
"""From the right edge of the first column of tiles to the first digital pin, from one to the next, and their sizes."""
_ANALOG_FIRST_NM, _ANALOG_PITCH_NM, _ANALOG_NM = 8_740, 19_320, (900, 1_000)
_COLUMN_NM, _WIDTHS_NM = 161_000, {"1x2": 161_000, "2x2": 334_880}
_LESS_3V3_NM = 15_640
"""How much narrower a tile with the 3.3 V supply is."""

Tiles = Literal["1x2", "2x2"]


@dataclass(frozen=True)
class FramePin:
    """A pin of the frame: its name, direction as the design sees it, and box (nm) on met4."""

    name: str
    direction: Direction
    box: Box4


@dataclass(frozen=True)
class TileFrame:
    """The frame of one size of tile, with or without the 3.3 V supply."""

    tiles: Tiles
    uses_3v3: bool = False

    @property
    def width_nm(self) -> int:
        """Of the tile."""
        return _WIDTHS_NM[self.tiles] - self._less_nm

    @property
    def supplies(self) -> tuple[str, ...]:
        """The names of the straps, the first leftmost."""
        return ("VDPWR", "VGND", "VAPWR") if self.uses_3v3 else ("VDPWR", "VGND")

    def pins(self) -> Iterator[FramePin]:
        """All 51, as the shuttle's templates place them."""
        for name, place in _SINGLE.items():
            yield FramePin(name, "input", self._top(place))
        for n in range(ANALOG_PINS):
            middle = _COLUMN_NM - self._less_nm - _ANALOG_FIRST_NM - n * _ANALOG_PITCH_NM
            half, high = _ANALOG_NM[0] // 2, _ANALOG_NM[1]
            yield FramePin(f"ua[{n}]", "inout", (middle - half, 0, middle + half, high))
        for bus, place in _ROWS:
            direction: Direction = "input" if bus.endswith("_in") else "output"
            yield from (FramePin(f"{bus}[{n}]", direction, self._top(place + n)) for n in range(8))

    def straps(self) -> dict[str, Box4]:
        """The supplies' straps by name, side by side at the left edge past the last analog pin."""
        found = {}
        for k, name in enumerate(self.supplies):
            left = STRAP_FIRST_NM + k * STRAP_PITCH_NM
            found[name] = (left, STRAP_END_NM, left + STRAP_NM, HEIGHT_NM - STRAP_END_NM)
        return found

    @property
    def _less_nm(self) -> int:
        return _LESS_3V3_NM if self.uses_3v3 else 0

    def _top(self, place: int) -> Box4:
        middle = _COLUMN_NM - self._less_nm - _TOP_FIRST_NM - place * _TOP_PITCH_NM
        half = _TOP_NM[0] // 2
        return (middle - half, HEIGHT_NM - _TOP_NM[1], middle + half, HEIGHT_NM)
