"""The statements of one netlist file: comments gone, continuation lines joined, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analoom.pdk.errors import InputError

LARGEST_BYTES = 500_000_000
"""A larger netlist file is refused, not half read: the default limit of layouts too."""

LONGEST_WORD = 2048
"""No net or device has a longer name."""

COMMENT = re.compile(r"(?:^|\s)\$(?!\[|\.MODEL=|PINS\s|[A-Z_]\w*=).*$|;.*$", re.IGNORECASE)
"""`;` begins a comment, and so does `$` behind a blank, as in ngspice; the `$` options of CDL are none."""

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
SPOKEN = re.compile(r"(?i)\*\*\.(subckt|ends)\b|\*\.global\b")
"""Comments that say something of the circuit: xschem's top, and the global nets of CDL."""

SETTING = re.compile(r"([A-Za-z_]\w*)\s*=\s*('[^']*'|\{[^}]*\}|\"[^\"]*\"|\S+)")
LINE_STARTS = ".XMCRDQ"
"""First characters of the lines that are read. Comments, blank lines and `.control` blocks are not."""


@dataclass(frozen=True)
class Line:
    """One statement, continuation lines joined, and where it begins."""

    text: str
    file: Path
    number: int

    @property
    def place(self) -> str:
        return f"{self.file}, line {self.number}"

    def refused(self, why: str, remedy: str | None = None) -> InputError:
        return InputError(f"{self.place}: {why}", field="netlist", remedy=remedy)

    @property
    def first(self) -> str:
        """Its first word, in lower case."""
        return self.text.split(None, 1)[0].lower()

    @property
    def words(self) -> list[str]:
        """The words before the first setting."""
        before, equals, _ = self.text.partition("=")
        words = before.split()[:-1] if equals else before.split()
        return [word for word in words if word.lower() != "params:"] if ":" in before else words

    @property
    def subckt_name(self) -> str:
        """Of a .subckt statement, in upper case."""
        return self.words[1].upper()

    @property
    def model(self) -> str:
        """The last word before the settings, in upper case; empty where there is none."""
        words = self.words
        return words[-1].upper() if len(words) > 1 else ""

    @property
    def settings(self) -> dict[str, str]:
        """Value by name, in lower case, quotes and braces kept."""
        return {name.lower(): value for name, value in SETTING.findall(self.text)}


def file_statements(path: Path, skip_title: bool) -> Iterator[Line]:
    """Those of one file. The first line of a netlist may be a title. Raises InputError with file and line."""
    pending: list[str] = []
    begun = 0
    for number, raw in enumerate(_text(path).split("\n"), 1):
        text = _bare_line(raw)
        if not text:
            continue
        spoken = SPOKEN.match(text) if text[0] == "*" else None
        if text[0] in "*$" and spoken is None:
            continue
        if text[0] == "+" and not begun:
            raise Line(text, path, number).refused("a continuation of nothing")
        if text[0] == "+":
            pending += [text[1:].strip()] if pending else []  # else the title goes on
            continue
        if pending:
            yield _whole(pending, path, begun)
        is_title = number == 1 and skip_title and spoken is None and text[0].upper() not in LINE_STARTS
        pending, begun = ([] if is_title else [_said(text) if spoken else text]), number
    if pending:
        yield _whole(pending, path, begun)


def _bare_line(raw: str) -> str:
    """Without the comment at its end; blanks single, which keeps every search below linear."""
    text = " ".join(raw.split())
    if text[:4].lower() in (".inc", ".lib"):
        return text.split(" $ ")[0]  # a path may begin with a variable
    return COMMENT.sub("", text).rstrip() if ("$" in text or ";" in text) and text[0] != "*" else text


def _said(text: str) -> str:
    """`**.subckt` as it stands; CDL's `*.GLOBAL vdd!:P` without the directions."""
    return text if text[1] == "*" else re.sub(r":\w+", "", text[1:])


def _whole(parts: list[str], path: Path, number: int) -> Line:
    line = Line(" ".join(parts), path, number)
    if len(line.text) > LONGEST_WORD and max(map(len, line.text.split())) > LONGEST_WORD:
        raise line.refused(f"a word of more than {LONGEST_WORD} characters")
    return line


def _text(path: Path) -> str:
    """Of a file in UTF-8 or Latin-1."""
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path}: larger than {LARGEST_BYTES / 1e6:.0f} MB", field="netlist")
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path}: not a text file: {problem}", field="netlist") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    odd = CONTROL.search(text)
    if odd is not None:
        raise InputError(f"{path}: not a text file: it holds the control character {ord(odd[0])}", field="netlist")
    return text
