"""What else a layout holds beside the layers of the fast check: layers others have rules for, markers, unknown ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.exemptions import AREA_NAMES, EXEMPTIONS, Exemption
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.official_layers import HARMLESS, RULED_ELSEWHERE, Gds

from .layers import CHECKED

KNOWN = {layer.value for layer in (*Layer, *CHECKED)}
IDLE = HARMLESS.keys() - {marker.value for marker in AREA_NAMES}
"""Layers that change nothing."""
RULES_NAMED = 4
"""A note on an area names so many rules."""


@dataclass(frozen=True)
class OtherLayers:
    """In words, in the order of their numbers: `ruled` by other engines, `harmless`, and `unruled` by anybody; `exempt`
    says which areas exempt from which rules.
    """

    ruled: tuple[str, ...]
    harmless: tuple[str, ...]
    unruled: tuple[str, ...]
    exempt: tuple[str, ...]

    @property
    def reason(self) -> str | None:
        """Why the fast check alone is no verdict; None where it is one."""
        what = "layers that only other engines have rules for"
        return f"{what}: {', '.join(self.ruled)}" if self.ruled else None

    @property
    def in_words(self) -> tuple[str, ...]:
        """Those that change no verdict."""
        told = (("layers without a rule here", self.unruled), ("marker and label layers, harmless", self.harmless))
        return (*self.exempt, *(f"{what}: {', '.join(layers)}" for what, layers in told if layers))


def other_layers(source: LayoutSource) -> OtherLayers:
    """The layers with something on them in the top cell or below that the fast check does not speak about."""
    found = {gds: index for gds, index in sorted(source.layers().items()) if gds not in KNOWN}
    drawn = [gds for gds, index in found.items() if _holds(source, index, kdb.Shapes.SAll - kdb.Shapes.STexts)]
    texts = [gds for gds, index in found.items() if gds not in drawn and _holds(source, index, kdb.Shapes.STexts)]
    areas = [marker for marker in AREA_NAMES if marker.value in drawn]
    return OtherLayers(
        ruled=tuple(_ruled(gds) for gds in drawn if gds in RULED_ELSEWHERE),
        harmless=_named([gds for gds in (*drawn, *texts) if gds in IDLE or gds in texts]),
        unruled=_named([gds for gds in drawn if gds not in RULED_ELSEWHERE and gds not in HARMLESS]),
        exempt=tuple(_exempts(marker, [e for e in EXEMPTIONS if e.marker is marker]) for marker in areas),
    )


def _holds(source: LayoutSource, index: int, kinds: int) -> bool:
    shapes = source.top.begin_shapes_rec(index)
    shapes.shape_flags = kinds
    return not shapes.at_end()


def _ruled(gds: Gds) -> str:
    name, engines = RULED_ELSEWHERE[gds]
    return f"{name} {gds[0]}/{gds[1]} ({', '.join(engines)})"


def _named(layers: Iterable[Gds]) -> tuple[str, ...]:
    return tuple(f"{HARMLESS.get((n, d), '')} {n}/{d}".strip() for n, d in sorted(layers))


def _exempts(marker: Marker, exemptions: list[Exemption]) -> str:
    rules = [f"{e.rule.id} ({e.instead.id} instead)" if e.instead else e.rule.id for e in exemptions]
    more = f" and {len(rules) - RULES_NAMED} more (drc --list-rules)" if len(rules) > RULES_NAMED else ""
    n, d = marker.value
    return f"{AREA_NAMES[marker]} {n}/{d} exempts from {', '.join(rules[:RULES_NAMED])}{more}"
