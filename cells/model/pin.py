"""A pin: a name, a layer and a box, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analoom.pdk.layers import Layer

from .drawing import Box, Drawing


@dataclass(frozen=True)
class Pin:
    """A named place to connect: `box` in nm on the drawing layer `layer`."""

    name: str
    layer: Layer
    box: Box
    use: Literal["signal", "power", "ground"] = "signal"


def draw_pin(drawing: Drawing, pin: Pin) -> Pin:
    """Draws the pin purpose shape and the net label of `pin`; the conductor itself is the caller's."""
    drawing.add(pin.layer.pin, pin.box)
    centre = pin.box.center()
    drawing.text(pin.layer.label, pin.name, centre.x, centre.y)
    return pin
