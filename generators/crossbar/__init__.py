"""Crossbars of any size woven from a synapse.

The rim wires and labels their lines.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import CrossbarSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "CrossbarSpec",
        },
    )

__all__ = ["CrossbarSpec"]
