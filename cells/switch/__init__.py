"""Switches: the weight bit with its shift register, and the analog switch.

Drawn as strips.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .analog_switch import AnalogSwitchSpec
    from .weight_bit import WeightBitSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".analog_switch": "AnalogSwitchSpec",
            ".weight_bit": "WeightBitSpec",
        },
    )

__all__ = ["AnalogSwitchSpec", "WeightBitSpec"]
