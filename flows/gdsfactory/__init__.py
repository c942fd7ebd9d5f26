"""analoom in gdsfactory: a Pdk with every registered cell, layers, wires and vias, and the circuit of what is routed.

Importing a module of this room imports gdsfactory (2 s).
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .assembly import circuit_of, draw_pins, links_of
    from .components import to_component
    from .process import pdk
else:
    __getattr__, __dir__ = doors(
        __name__,
        {".assembly": "circuit_of draw_pins links_of", ".components": "to_component", ".process": "pdk"},
    )

__all__ = ["circuit_of", "draw_pins", "links_of", "pdk", "to_component"]
