"""What tools write otherwise: a statement of CDL, auCdl or OpenROAD as plain SPICE with the PDK's model names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from analoom.flows.lvs.devices.models import MODELS

from .lines import SETTING, Line

PREFIX = "SKY130_FD_PR__"
ESCAPE = re.compile(r"\\(?=[^\w\s\\])|(?<=\s)\\(?=\S)")
"""A backslash before a bracket or another sign, or before a whole name, as Verilog writes names."""

OPTION = re.compile(r"\s\$(?:\[([^\]]*)\]|(\.?\w+)=('[^']*'|\S+))")
"""CDL: `$[model]`, `$.MODEL=model`, `$SUB=net`, `$W=1`, and `$X=20` and others, which are of the drawing."""

PINS = re.compile(r"\s\$PINS\s(.*)$", re.IGNORECASE)
SIZES = ("w", "l", "m")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?[a-z]*", re.IGNORECASE)
DEVICES = "MRCXDQ"
TWO_PINS = "RC"


@dataclass(frozen=True)
class Dialect:
    """Reads statements. `ports` gives those of a subcircuit, all in upper case; None where there is none."""

    ports: Callable[[str], Sequence[str] | None]

    def plain(self, line: Line) -> Line:
        """The statement as SPICE. Raises InputError for pins by name that its subcircuit does not have."""
        text = line.text
        if "\\" in text:
            text = ESCAPE.sub("", text)
        if " =" in text or "= " in text:
            text = re.sub(r"\s*=\s*", "=", text)
        if " / " in text and (text[0] in "Xx" or line.first == ".subckt"):
            words, equals, settings = text.partition("=")
            text = words.replace(" / ", " ") + equals + settings
        if text[0].upper() in DEVICES:
            text = self._device(line if text is line.text else replace(line, text=text))
        return line if text == line.text else replace(line, text=text)

    def _device(self, line: Line) -> str:
        text = line.text
        if "$" in text and PINS.search(text):
            text = self._pins_by_name(line)
        elif "$" in text:
            text = _without_options(text)
        return self._full_model(text if text is line.text else " ".join(text.split()))

    def _pins_by_name(self, line: Line) -> str:
        text, by_name = PINS.sub("", line.text), PINS.findall(line.text)[0]
        given = {name.upper(): net for name, net in re.findall(r"(\S+?)=(\S+)", by_name)}
        words = text.split()
        ports = self.ports(words[-1].upper()) or ()
        if set(given) != set(ports) or len(words) != 2:
            known = f"the ports {' '.join(ports).lower()}" if ports else "no ports known here"
            raise line.refused(f"$PINS: {words[-1]} has {known}")
        return " ".join([words[0], *(given[port] for port in ports), words[1]])

    def _full_model(self, text: str) -> str:
        """Short model names in full; a value before the model of a resistor or capacitor is no net."""
        at = text.find("=")
        words = text.split() if at < 0 else re.sub(r"(?i)\bparams:", " ", text[: text.rfind(" ", 0, at)]).split()
        if len(words) < 2:
            return text
        name = words[-1].upper()
        full = name if name in MODELS or PREFIX + name not in MODELS or self.ports(name) is not None else PREFIX + name
        device = MODELS.get(full)
        if device is None:
            return text
        nets = words[1:-1]
        valued = text[0].upper() in TWO_PINS and len(nets) == len(device.terminals) + 1 and _is_number(nets[-1])
        if full == name and not valued:
            return text
        settings = [] if at < 0 else [text[text.rfind(" ", 0, at) :].strip()]
        return " ".join([words[0], *(nets[:-1] if valued else nets), full.lower(), *settings])


def _without_options(text: str) -> str:
    """Those options that say something of the circuit, put where SPICE has them."""
    net, model, sizes = "", "", []
    for bracketed, key, value in OPTION.findall(text):
        model = bracketed or (value if key.lower() == ".model" else model)
        net = value if key.lower() == "sub" else net
        sizes += [f"{key}={value}"] if key.lower() in SIZES else []
    rest = OPTION.sub("", text)
    words, settings = SETTING.sub("", rest).split(), [f"{n}={v}" for n, v in SETTING.findall(rest)]
    if model and text[0].upper() in TWO_PINS and len(words) > 3 and _is_number(words[-1]):
        words = words[:-1]
    if net and not model and len(words) > 3:
        words.insert(-1, net)
    elif net:
        words.append(net)
    return " ".join([*words, *([model] if model else []), *settings, *sizes])


def _is_number(word: str) -> bool:
    return NUMBER.fullmatch(word) is not None
