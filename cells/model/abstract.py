"""What whoever places and routes a cell may know of it: the layers it uses, what it blocks there, how to meet its pins.

The LEF is written from this, and a router of ours reads the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import klayout.db as kdb

from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS

from .landings import Access, landings
from .obstacles import Blockage, blockage, is_drawn, on_wide_metal
from .openings import openings
from .pin import Pin


class Abstract:
    """The abstract of a drawn cell: its layout, which must not change any more, and its pins. Lengths in nm."""

    def __init__(self, layout: kdb.Cell, pins: Sequence[Pin]) -> None:
        self._layout, self._pins = layout, tuple(pins)
        self._blocked: dict[Layer, Blockage] = {}
        self._found: dict[str, tuple[Access, ...]] = {}

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The routing layers that the cell draws on, from the bottom up."""
        return tuple(layer for layer in LEVELS if is_drawn(self._layout, layer))

    def blocked(self, layer: Layer) -> Blockage:
        """What a wire from outside must not enter on a routing layer. Raises InputError for any other layer."""
        if layer not in LEVELS:
            known = ", ".join(known.name.lower() for known in LEVELS)
            raise InputError(f"{layer.name.lower()} is no routing layer", field="layer", remedy=f"one of {known}")
        if layer not in self._blocked:
            self._blocked[layer] = blockage(self._layout, self._pins, layer, openings(self._layout, self._pins, layer))
        return self._blocked[layer]

    @cached_property
    def _wide(self) -> frozenset[Pin]:
        return frozenset().union(*(on_wide_metal(self._layout, layer, self._pins) for layer in LEVELS))

    def keep_off_nm(self, pin: Pin) -> int | None:
        """What wires of other nets keep from a place of a pin on wide metal; None where the layer's rules tell all."""
        return LEVELS[pin.layer].wide_space_nm if pin in self._wide else None

    def access(self, name: str) -> tuple[Access, ...]:
        """Every place of the pin `name`, in the order of the cell's pins. Raises InputError for a name it lacks."""
        places = [pin for pin in self._pins if pin.name == name]
        if not places:
            known = ", ".join(dict.fromkeys(pin.name for pin in self._pins))
            raise InputError(f"{self._layout.name} has no pin {name}", field="pin", remedy=f"one of {known}")
        if name not in self._found:
            self._found[name] = tuple(self._access(pin) for pin in places)
        return self._found[name]

    def _access(self, pin: Pin) -> Access:
        blocked = {layer: self.blocked(layer) for layer in LEVELS}
        found = landings(self._layout, pin, blocked, self._kept_off(pin.name))
        return Access(pin.layer, pin.box, self.keep_off_nm(pin), tuple(found))

    def _kept_off(self, name: str) -> dict[Layer, kdb.Region]:
        """By layer the pins of other nets than `name`, and what wires keep off them."""
        out = {layer: kdb.Region() for layer in LEVELS}
        for pin in self._pins:
            if pin.name != name:
                by_nm = self.keep_off_nm(pin) or LEVELS[pin.layer].space_nm
                out[pin.layer].insert(pin.box.enlarged(by_nm, by_nm))
        return out
