"""What the shuttle reads of an abstract, read as it reads it: numbers with three decimals, a rectangle a line.

Source: `precheck/pin_check.py` of TinyTapeout/tt-support-tools; a number written otherwise is refused here, as it is
misread there ("5.5" as 5.005).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analoom.cells.model.drawing import Box
from analoom.pdk.errors import InputError

_NUMBER = re.compile(r"-?\d+\.\d{3}")
_MACRO, _PIN = re.compile(r"^\s*MACRO (\S+)"), re.compile(r"^\s*PIN (\S+)\s*$")


@dataclass
class LefPin:
    """A pin: what it is used for, and its rectangles (nm) with their layers."""

    use: str = ""
    ports: list[tuple[str, Box]] = field(default_factory=list)


@dataclass
class LefMacro:
    """The macro of a name: origin and size (nm), pins by name."""

    origin: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (0, 0)
    pins: dict[str, LefPin] = field(default_factory=dict)


def read_lef(text: str, macro: str) -> LefMacro:
    """The macro of that name. Raises InputError where there is none, and for numbers that the shuttle misreads."""
    found, within, pin, layer = LefMacro(), False, "", ""
    seen = False
    for line in text.splitlines():
        words = line.split()
        if named := _MACRO.match(line):
            within = named[1] == macro
            seen |= within
        if not within or not words:
            continue
        if words[0] == "ORIGIN":
            found.origin = (_nm(words[1]), _nm(words[2]))
        elif words[0] == "SIZE":
            found.size = (_nm(words[1]), _nm(words[3]))
        elif (named := _PIN.match(line)) and not pin:
            pin = named[1]
            found.pins[pin] = LefPin()
        elif words == ["END", pin]:
            pin = ""
        elif pin and words[0] == "USE":
            found.pins[pin].use = words[1]
        elif pin and words[0] == "LAYER":
            layer = words[1]
        elif pin and words[0] == "RECT":
            found.pins[pin].ports.append((layer, Box(*map(_nm, words[1:5]))))
    if not seen:
        raise InputError(f"the LEF holds no MACRO {macro}", field="lef")
    return found


def _nm(word: str) -> int:
    if not _NUMBER.fullmatch(word):
        raise InputError(f"the LEF says {word!r}: the shuttle reads three decimals alone", field="lef", remedy="%.3f")
    return round(float(word) * 1000)
