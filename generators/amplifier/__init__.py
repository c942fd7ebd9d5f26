"""Amplifiers of registered cells: a five-transistor OTA, a two-stage op-amp, a follower of either.

Parts, nets and wishes; the floorplan places and wires.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .follower import FollowerSpec
    from .opamp import OpampSpec
    from .ota import OtaSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".follower": "FollowerSpec",
            ".opamp": "OpampSpec",
            ".ota": "OtaSpec",
        },
    )

__all__ = ["FollowerSpec", "OpampSpec", "OtaSpec"]
