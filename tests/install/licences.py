"""Licences of installed distributions, as their metadata say, and what a distribution asks for, all the way down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions

from packaging.requirements import Requirement

FAMILIES = {
    "Apache": r"\bApache\b",
    "BSD": r"\b0?BSD\b|\bRedistribution and use in source and binary forms\b",
    "CC0": r"\bCC0\b",
    "GPL": r"\bL?GPL|\bGNU General Public",
    "ISC": r"\bISC\b",
    "MIT": r"\bMIT\b",
    "MPL": r"\bMPL\b|\bMozilla Public",
    "PSF": r"\bPSF\b|\bPython Software Foundation",
    "Zlib": r"\bZlib\b",
}
"""Free licences by the words that name them."""
NOT_FREE = re.compile(r"\bproprietary\b|\bcommercial\b|\bLicenseRef-|\bEULA\b", re.IGNORECASE)
HEAD = 80
"""Characters of a License field that name it; what comes after is its text, or that of bundled parts."""


@dataclass(frozen=True)
class Licence:
    """What a distribution says of its licence: names, and the text of its licence file where it names none."""

    package: str
    names: tuple[str, ...]
    text: str

    @property
    def families(self) -> frozenset[str]:
        """The free licences that it names, or else those that its licence file is."""
        said = " | ".join(self.names) or self.text
        return frozenset(name for name, words in FAMILIES.items() if re.search(words, said))

    @property
    def wrong(self) -> str | None:
        """Why it is not free: it says so, or nothing that is known; None for a free one."""
        if any(NOT_FREE.search(name) for name in self.names):
            return f"{self.package} says {' | '.join(self.names)}"
        return None if self.families else f"{self.package} names no free licence: {' | '.join(self.names) or 'none'}"


def licence_of(found: Distribution) -> Licence:
    """By License-Expression, License and classifiers; by the licence file where these say nothing."""
    said = [found.metadata.get(field) or "" for field in ("License-Expression", "License")]
    names = [" ".join(text.split())[:HEAD] for text in said if text.strip() not in ("", "UNKNOWN")]
    names += [c.rpartition(" :: ")[2] for c in found.metadata.get_all("Classifier") or () if c.startswith("License ::")]
    return Licence(normal(found.metadata["Name"]), tuple(names), " ".join(_licence_file(found).split()))


def _licence_file(found: Distribution) -> str:
    held = [path for path in found.files or () if re.fullmatch(r"(LICEN[CS]E|COPYING).*", path.name, re.IGNORECASE)]
    return next((text for path in held if (text := path.read_text())), "")


def closure(names: Sequence[str], path: Sequence[str]) -> dict[str, Distribution]:
    """The distributions on `path` that `names` (requirements) ask for on this machine, themselves among them.

    Raises LookupError for one that is not installed.
    """
    installed = {normal(found.metadata["Name"]): found for found in reversed([*distributions(path=list(path))])}
    seen: dict[tuple[str, str], Distribution] = {}
    left = [Requirement(name) for name in names]
    while left:
        asked = left.pop()
        for extra in ("", *asked.extras):
            key = (normal(asked.name), extra)
            if key not in seen:
                seen[key] = _installed(installed, key[0])
                left += _wanted(seen[key], extra)
    return {name: found for (name, _), found in seen.items()}


def _installed(installed: Mapping[str, Distribution], name: str) -> Distribution:
    if name not in installed:
        raise LookupError(f"{name} is not installed")
    return installed[name]


def _wanted(found: Distribution, extra: str) -> Iterator[Requirement]:
    """What it asks for without an extra, or only with it."""
    for asked in map(Requirement, found.requires or ()):
        plain = asked.marker is None or asked.marker.evaluate({"extra": ""})
        if plain is not bool(extra) and (plain or (asked.marker and asked.marker.evaluate({"extra": extra}))):
            yield asked


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
