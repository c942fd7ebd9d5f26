"""Schematics read back into a netlist, without xschem: pins are joined by the labels that lie on them.

A reader of its own: it takes places of pins, attributes and labels from the files alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analoom.cells.model.circuit import fold_line
from analoom.pdk.errors import InputError

from .drawing import LABEL, PORT
from .library import PREFIX

_INSTANCE = re.compile(r"^C \{([^}]*)\} (\S+) (\S+) (\d) (\d) \{([^}]*)\}", re.M)
_BOX = re.compile(r"^B 5 (\S+) (\S+) (\S+) (\S+) \{([^}]*)\}", re.M)

Place = tuple[float, float]


@dataclass(frozen=True)
class _Instance:
    symbol: str
    at: Place
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class PinBox:
    """A pin of a symbol: its name and the middle of its box."""

    name: str
    at: Place


def netlist_of(folder: Path, top: str, symbols: Path) -> str:
    """The netlist of the schematic `top` in `folder` and of those below it; `symbols` holds those of the devices.

    Raises InputError for a pin without a label and for a symbol that is not there.
    """
    texts: dict[str, str] = {}
    _add(folder, top, symbols, texts)
    return "\n".join(texts.values())


def pins_of(symbol: Path) -> list[PinBox]:
    """The pins of a symbol in the order of the file. Raises InputError where there is no such file."""
    try:
        text = symbol.read_text()
    except OSError:
        raise InputError(f"no symbol {symbol.name} in {symbol.parent}", field="symbols") from None
    found = []
    for x1, y1, x2, y2, words in _BOX.findall(text):
        at = (float(x1) + float(x2)) / 2, (float(y1) + float(y2)) / 2
        found.append(PinBox(_attributes(words)["name"], at))
    return found


def _add(folder: Path, name: str, symbols: Path, texts: dict[str, str]) -> None:
    instances = _instances(folder / f"{name}.sch")
    labels = {_near(one.at): one.attributes["lab"] for one in instances if one.symbol in (LABEL, PORT)}
    ports = [one.attributes["lab"] for one in instances if one.symbol == PORT]
    lines = []
    for one in (one for one in instances if one.symbol not in (LABEL, PORT)):
        own = folder / one.symbol
        if own.exists() and own.stem not in texts:
            _add(folder, own.stem, symbols, texts)
        nets = [_label(labels, one, pin) for pin in pins_of(own if own.exists() else symbols / one.symbol)]
        lines.append(fold_line([*_line(one, nets, own.stem if own.exists() else None)]))
    texts[name] = "\n".join([fold_line([".subckt", name, *ports]), *lines, f".ends {name}", ""])


def _line(one: _Instance, nets: list[str], circuit: str | None) -> list[str]:
    given = dict(one.attributes)
    name = given.pop("name")
    if circuit is not None:
        return [name, *nets, circuit]
    prefix, model = given.pop("spiceprefix"), given.pop("model")
    times = given.get("mult", given.get("MF"))
    sizes = [f"{key}={value}" for key, value in given.items()]
    return [f"{prefix}{name}", *nets, PREFIX + model, *sizes, *([f"m={times}"] if times else [])]


def _label(labels: Mapping[Place, str], one: _Instance, pin: PinBox) -> str:
    at = _near((one.at[0] + pin.at[0], one.at[1] + pin.at[1]))
    if at not in labels:
        raise InputError(f"pin {pin.name} of {one.attributes['name']} has no label", field="schematic")
    return labels[at]


def _near(at: Place) -> Place:
    return round(at[0], 3), round(at[1], 3)


def _instances(schematic: Path) -> list[_Instance]:
    found = _INSTANCE.findall(schematic.read_text())
    return [_Instance(symbol, (float(x), float(y)), _attributes(words)) for symbol, x, y, _, _, words in found]


def _attributes(words: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words.split())
