"""What is chosen for a project: its tile, its words, which pin goes where, and how wide the wires are."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import LengthUm, Spec
from analoom.pdk.errors import SpecError
from analoom.pdk.shuttle.tiny_tapeout import ANALOG_MOST_A, PREFIX, Tiles

TOP = re.compile(rf"{PREFIX}[A-Za-z0-9_]+")
LINE = re.compile(r"[^\x00-\x1f\x7f]*")
LONGEST = 200
SIGNOFF = ("klayout", "magic", "pins", "zero_area", "antenna")
Word = Annotated[str, Field(max_length=LONGEST)]


class TinyTapeoutSettings(Spec):
    """Of an export to Tiny Tapeout."""

    tile: Tiles = Field("1x2", description="size of the project, in tiles of the shuttle")
    uses_3v3: bool = Field(False, description="whether the tile has the 3.3 V supply VAPWR beside the 1.8 V one")
    top: Word = Field("", description="name of the top module, tt_um_...; by default tt_um_analoom_<cell>")
    title: Word = Field("", description="title of the project; by default the cell's name")
    author: Word = Field("not given", description="who made it")
    description: Word = Field("", description="one line of what it does; by default the cell's own")
    clock_hz: int = Field(0, ge=0, le=10**9, description="frequency of the clock, 0 for none")
    pins: dict[str, str] = Field(
        {},
        description="where pins of the macro go: ua[n], ui[n], uo[n], uio[n] (or uio_in[n], uio_out[n]), clk, rst_n, "
        "VGND, VDPWR, VAPWR, or open for an output; the others go where their kind goes",
    )
    analog_width: LengthUm = Field(
        1.0, ge=0.3, le=10.0, description="width of wires to analog pins", json_schema_extra={"unit": "um"}
    )
    supply_width: LengthUm = Field(
        3.0, ge=0.3, le=20.0, description="width of supplies' wires", json_schema_extra={"unit": "um"}
    )
    analog_ohm: float = Field(
        500.0,
        gt=0,
        le=1e6,
        description="largest resistance of a wire to an analog pin, typical",
        json_schema_extra={"unit": "ohm"},
    )
    analog_current: float = Field(
        100e-6,
        gt=0,
        le=ANALOG_MOST_A,
        description="direct current that each analog pin is to carry",
        json_schema_extra={"unit": "A"},
    )
    fill: bool = Field(True, description="whether capacitors between the supplies fill the tile where it is empty")
    precheck: str = Field("", description="a checkout of tt-support-tools, whose own precheck is run too")
    signoff: Literal["fast", "all"] = Field(
        "all",
        description="which design rule checks and comparisons run: those in process, or KLayout, Magic and netgen too",
    )

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if self.top and not TOP.fullmatch(self.top):
            raise SpecError("top", self.top, f"{PREFIX} and then letters, digits and _", "the shuttle's names")
        for name in ("title", "author", "description"):
            if not LINE.fullmatch(getattr(self, name)):
                raise SpecError(name, getattr(self, name), "one line", "it stands in info.yaml and in the pages")
        if not self.author.strip():
            raise SpecError("author", self.author, "a name", "info.yaml must have one")
        return self
