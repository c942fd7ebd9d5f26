"""Strips of resistive poly: body, heads, contacts.

What arrays of resistors are made of.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .strip import Strip
    from .unit import resistor_unit
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".strip": "Strip",
            ".unit": "resistor_unit",
        },
    )

__all__ = ["Strip", "resistor_unit"]
