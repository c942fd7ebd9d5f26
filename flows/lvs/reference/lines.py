"""The statements of a netlist file: comments gone, continuation lines joined, includes opened, each with its place."""

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

DEEPEST_INCLUDE = 16
COMMENT = re.compile(r"\s[$;](?:\s.*)?$|\s;.*$")
SETTING = re.compile(r"([A-Za-z_]\w*)\s*=\s*('[^']*'|\{[^}]*\}|\"[^\"]*\"|\S+)")
LINE_STARTS = ".XMCR"
"""First characters of the lines that are read. Comments, blank lines and `.control` blocks are not."""


@dataclass(frozen=True)
class Line:
    """One statement, continuation lines joined, and where it begins."""

    text: str
    file: Path
    number: int

    def refused(self, why: str) -> InputError:
        return InputError(f"{self.file}, line {self.number}: {why}", field="netlist")

    @property
    def first(self) -> str:
        """Its first word, in lower case."""
        return self.text.split(None, 1)[0].lower()

    @property
    def words(self) -> list[str]:
        """The words before the first setting."""
        words = re.sub(r"\s*=\s*", "=", self.text.replace("PARAMS:", "").replace("params:", "")).split()
        return words[: next((n for n, word in enumerate(words) if "=" in word), len(words))]

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


def statements(path: Path, above: tuple[Path, ...] = ()) -> Iterator[Line]:
    """Those of the file at `path`, included by the files `above`. Raises InputError with file and line."""
    control: Line | None = None
    for line in _joined(path, skip_title=not above):
        if line.first == ".control":
            control = line
        if control is None and line.first in (".include", ".inc"):
            yield from _included(line, (*above, path.resolve()))
        elif control is None and line.first not in (".lib", ".title", ".end"):
            yield line
        if line.first == ".endc":
            control = None
    if control is not None:
        raise control.refused(".control without .endc")


def _included(line: Line, above: tuple[Path, ...]) -> Iterator[Line]:
    """A file in the folder of the first netlist, or below: a netlist from elsewhere names no file of this machine."""
    name = line.text.split(None, 1)[1].strip().strip("\"'") if len(line.text.split(None, 1)) == 2 else ""
    path, folder = line.file.parent / name, above[0].parent
    if not path.resolve().is_relative_to(folder):
        raise line.refused(f"{name[:80]} lies outside {folder}; copy it there to include it")
    if not name or not path.is_file():
        raise line.refused(f"no such file to include: {name or 'none named'}")
    if path.resolve() in above or len(above) > DEEPEST_INCLUDE:
        raise line.refused(f"{name} includes itself, or is nested deeper than {DEEPEST_INCLUDE}")
    yield from statements(path, above)


def _joined(path: Path, skip_title: bool) -> Iterator[Line]:
    """Statements with their continuation lines; the first line of a netlist may be a title."""
    pending: list[str] = []
    begun = 0
    for number, raw in enumerate(_text(path).split("\n"), 1):
        text = _bare_line(raw)
        if not text or text[0] in "*;$":
            continue
        if text[0] == "+" and not begun:
            raise Line(text, path, number).refused("a continuation of nothing")
        if text[0] == "+":
            pending += [text[1:].strip()] if pending else []  # else the title goes on
            continue
        if pending:
            yield _whole(pending, path, begun)
        is_title = number == 1 and skip_title and text[0].upper() not in LINE_STARTS
        pending, begun = ([] if is_title else [text]), number
    if pending:
        yield _whole(pending, path, begun)


def _bare_line(raw: str) -> str:
    """Without the comment at its end; blanks single, which keeps every search below linear."""
    text = " ".join(raw.split())
    return COMMENT.sub("", text) if "$" in text or ";" in text else text


def _whole(parts: list[str], path: Path, number: int) -> Line:
    line = Line(" ".join(parts), path, number)
    if len(line.text) > LONGEST_WORD and max(map(len, line.text.split())) > LONGEST_WORD:
        raise line.refused(f"a word of more than {LONGEST_WORD} characters")
    odd = next((c for c in line.text if not c.isascii()), None) if not line.text.isascii() else None
    if odd is not None:
        raise line.refused(f"the character {odd!r}: names are plain ASCII")
    return line


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path}: larger than {LARGEST_BYTES / 1e6:.0f} MB", field="netlist")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as problem:
        raise InputError(f"{path}: not a text file: {problem}", field="netlist") from None
    odd = next((c for c in text if ord(c) < 32 and c not in "\n\r\t\f\v"), None) if not text.isprintable() else None
    if odd is not None:
        raise InputError(f"{path}: not a text file: it holds the control character {ord(odd)}", field="netlist")
    return text
