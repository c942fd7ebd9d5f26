"""What shuttles take: a macro in the shuttle's frame of pins and supplies, wired to them.

`analog_wrapper` draws ChipFoundry's analog user area.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .analog_area import WrapperPlan, analog_wrapper
else:
    __getattr__, __dir__ = doors(__name__, {".analog_area": "WrapperPlan analog_wrapper"})

__all__ = ["WrapperPlan", "analog_wrapper"]
