"""What an array needs to know of a unit capacitor: where its plates and landings lie, how close the next may come."""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.drawing import Box
from analoom.pdk.rules import Rule


@dataclass(frozen=True)
class Spacing:
    """A distance in nm and the rules it comes from, by their names."""

    nm: int
    rule: str

    @classmethod
    def of(cls, *rules: Rule) -> Spacing:
        """The sum of the rules' values."""
        return cls(sum(rule.value_nm for rule in rules), " + ".join(rule.id for rule in rules))


NONE = Spacing(0, "")


@dataclass(frozen=True)
class UnitOutline:
    """Boxes in nm from the unit's origin.

    `plate` is what is matched (the top plates, or the fingers' frame), `bottom` what lies on the bottom net, `landing`
    where via2 from below may meet it. The next unit's `bottom` keeps `beside` in x; its origin keeps `above` from the
    top of `bottom`; `least_x` and `least_y` bound the pitches where something else is wider. `hidden_bar` asks for a
    tab of the bottom plate over the wire below it; `sees_below` says that no plate hides what lies below from `top`.
    """

    plate: Box
    bottom: Box
    landing: Box
    beside: Spacing
    above: Spacing
    least_x: Spacing = NONE
    least_y: Spacing = NONE
    hidden_bar: bool = False
    sees_below: bool = False

    def pitch_x(self) -> Spacing:
        """The smallest column pitch, and what binds it."""
        natural = Spacing(self.bottom.width() + self.beside.nm, self.beside.rule)
        return max(natural, self.least_x, key=lambda s: s.nm)

    def pitch_y(self, top_nm: int | None = None) -> Spacing:
        """The smallest row pitch, and what binds it; `top_nm` where something reaches past the bottom plate."""
        natural = Spacing((self.bottom.top if top_nm is None else top_nm) + self.above.nm, self.above.rule)
        return max(natural, self.least_y, key=lambda s: s.nm)
