"""What the names of metrics mean: a line and a unit each, kept with the system that measures them.

A glossary's names stand for the metrics of that name, and `gain_error_<out>` for one a pin `out1`, `out2`, ...: what is
between < and > is any word. The unit is that of the value, of `sim` as of `mismatch`, which prints the sigma of that
quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a metric is, in a line, and its unit."""

    unit: str
    text: str


Glossary = Mapping[str, Meaning]
GAP = re.compile(r"<\w+>")


def meaning_of(glossary: Glossary, metric: str) -> Meaning | None:
    """What `metric` means; None where the glossary has no such name. The name that says most comes first."""
    names = [name for name in glossary if name == metric or ("<" in name and _stands_for(name, metric))]
    return glossary[max(names, key=lambda name: len(GAP.sub("", name)))] if names else None


def meanings(glossary: Glossary, metrics: Iterable[str]) -> dict[str, str]:
    """What each of `metrics` means, by name; those that no one explains are left out."""
    found = {metric: meaning_of(glossary, metric) for metric in metrics}
    return {metric: meaning.text for metric, meaning in found.items() if meaning}


def of_pins(glossary: Glossary, pins: Iterable[str]) -> dict[str, Meaning]:
    """The glossary of a cell with `pins`: `gain_error_<out>` for each of out1, out2, ...; other gaps as they are."""
    held, found = list(pins), dict[str, Meaning]()
    for name, meaning in glossary.items():
        stems = [gap.strip("<>") for gap in GAP.findall(name)]
        meant = [pin for pin in held if stems and re.fullmatch(rf"{stems[0]}\d*", pin)]
        found |= {GAP.sub(pin, name): meaning for pin in meant} or {name: meaning}
    return found


def _stands_for(name: str, metric: str) -> bool:
    return re.fullmatch(GAP.sub(r"\\w+", name), metric) is not None


SPECTRUM: Glossary = {
    "noise_white": Meaning("A/Hz^0.5", "density of the output's noise current without its 1/f part, below any pole"),
    "noise_corner": Meaning("Hz", "frequency at which the 1/f noise equals the white noise"),
}
"""Of `analoom.flows.bench.device_noise.spectrum_metrics`."""
