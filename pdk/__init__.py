"""Facts about the SKY130 process, one subject a file. Imports nothing else of analoom."""

from typing import TYPE_CHECKING

from .doors import doors

if TYPE_CHECKING:
    from .errors import AnaloomError, InputError, NotCleanError, SpecError, ToolError
    from .layers import Layer
    from .rules import Rule
    from .units import to_nm, to_um
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".errors": "AnaloomError InputError NotCleanError SpecError ToolError",
            ".layers": "Layer",
            ".rules": "Rule",
            ".units": "to_nm to_um",
        },
    )

__all__ = ["AnaloomError", "InputError", "Layer", "NotCleanError", "Rule", "SpecError", "ToolError", "to_nm", "to_um"]
