"""One subcircuit for each transistor size in use, with its model cards outside: what makes large netlists load fast.

In the installed library a transistor's model cards lie inside its subcircuit, so that ngspice copies thousands of
numbers for each instance. The cards depend on the instance by one expression only, of width and fingers; with the
size given it is a number, and the cards can stand once, outside. The subcircuit itself, its threshold shift and its
random draw stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analoom.cells.model.circuit import Device, Mos
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.model_files import subcircuit_text

from .diode_models import is_diode, repeatable
from .resistor_temperature import with_temperature

_HEAD_CHARACTERS = 300
_SLACK_UM = 1e-6
_BOUND = re.compile(r"\b(lmin|lmax|wmin|wmax)\s*=\s*([0-9.eE+-]+)")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_TRANSISTOR_LINE = re.compile(r"^([Xx]\S+(?: \S+)*? )(\S+fet\S*)( w=(\S+) l=(\S+) nf=(\d+)\b.*)$", re.M)
_SIZE_NAMES = ("w", "l", "nf")


@dataclass(frozen=True, order=True)
class Size:
    """One size of one model in use: total width and length in um (0 for a device without bins), and fingers."""

    model: str
    w_um: float = 0.0
    l_um: float = 0.0
    nf: int = 1

    @property
    def tag(self) -> str:
        """The size as part of a name: `w0p42_l0p15_nf1`."""
        return f"w{self.w_um:g}_l{self.l_um:g}_nf{self.nf}".replace(".", "p")

    @property
    def variant(self) -> str:
        """Name of this size's own subcircuit."""
        return f"{self.model}__{self.tag}" if self.w_um else self.model


def size_of(device: Device) -> Size:
    """The size of one device line."""
    model = device.device.model
    return Size(model, device.w_um, device.l_um, device.nf) if isinstance(device, Mos) else Size(model)


def with_variants(netlist: str) -> str:
    """The same netlist with every transistor line calling the subcircuit of its own size."""

    def renamed(line: re.Match[str]) -> str:
        start, model, rest, w, length, nf = line.groups()
        return f"{start}{Size(model, float(w), float(length), int(nf)).variant}{rest}"

    return _TRANSISTOR_LINE.sub(renamed, netlist)


def variant_text(size: Size) -> str:
    """Model cards and subcircuit of one size. Raises InputError for a size without a bin."""
    if not size.w_um:
        text = with_temperature(without_comments(subcircuit_text(size.model)))
        return repeatable(text) if is_diode(size.model) else text
    head, *bins = re.split(r"^(?=\.model )", subcircuit_text(size.model), flags=re.M)
    bins[-1], ends = re.split(r"^(?=\.ends)", bins[-1], flags=re.M)
    kept = [without_comments(text) for text in bins if _holds(text, size)]
    if not kept:
        what = f"w = {size.w_um:g} um, l = {size.l_um:g} um, nf = {size.nf}"
        raise InputError(f"{size.model} has no model bin for {what}", field="l")
    card = card_name(size.model)
    cards = _with_numbers("\n".join(kept), without_comments(head), size, f"{card}__{size.tag}")
    body = re.sub(rf"\b{size.model}\b(?=\s+d\s+g\s+s\s+b)", size.variant, without_comments(head), count=1)
    return "\n".join(
        [*(re.sub(rf"\b{card}\b", f"{card}__{size.tag}", text) for text in (cards, body)), ends.split()[0]]
    )


def without_comments(text: str) -> str:
    """`text` without comments and empty lines."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith("*"))


def card_name(model: str) -> str:
    """The name that the model cards of a transistor have before their bins' numbers."""
    found = re.search(r"^\.model (\w+)\.\d+ ", subcircuit_text(model), re.M)
    if found is None:
        raise ToolError(f"the model cards of {model} are written in a form analoom does not know", field="models")
    return found.group(1)


def _with_numbers(cards: str, head: str, size: Size, suffix: str) -> str:
    """The cards with the subcircuit's own parameters made global: each an expression of the size alone.

    `suffix` has the card's name in it: an n and a p transistor of one size have parameters of the same name.
    """
    local = dict(re.findall(r"(\w+)\s*=\s*(?:\{([^}]*)\}|\S+)", head))
    used = {name for braces in re.findall(r"\{([^}]*)\}", cards) for name in _IDENTIFIER.findall(braces)}
    lines = []
    for name in sorted(used & local.keys()):
        expression = local[name]
        if not set(_IDENTIFIER.findall(expression)) <= set(_SIZE_NAMES):
            raise ToolError(f"{name} of {size.model} depends on more than the size", field="models")
        lines.append(f".param {name}__{suffix} = {{{at_size(expression, size)}}}")
        cards = re.sub(rf"\b{name}\b", f"{name}__{suffix}", cards)
    return "\n".join([*lines, cards])


def at_size(expression: str, size: Size) -> str:
    """An expression of the models with the size's numbers put in."""
    numbers = dict(zip(_SIZE_NAMES, (f"{size.w_um:g}", f"{size.l_um:g}", str(size.nf)), strict=True))
    return re.sub(r"\b(w|l|nf)\b", lambda m: f"({numbers[m.group(1)]})", expression)


def _holds(bin_text: str, size: Size) -> bool:
    """Whether a bin's bounds (metres, on its first lines, ends included) hold `size`: bins go by a finger's width."""
    bound = {name: float(value) * 1e6 for name, value in _BOUND.findall(bin_text[:_HEAD_CHARACTERS])}
    long_enough = bound["lmin"] - _SLACK_UM <= size.l_um <= bound["lmax"] + _SLACK_UM
    return long_enough and bound["wmin"] - _SLACK_UM <= size.w_um / size.nf <= bound["wmax"] + _SLACK_UM
