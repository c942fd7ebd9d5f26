"""Arrays and blocks made of cells, one a file."""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .amplifier import FollowerSpec, OpampSpec, OtaSpec
    from .cap_array import CapArraySpec
    from .charge_mac import ChargeMacSpec
    from .crossbar import CrossbarSpec
    from .current import BiasSpec, CurrentDacSpec, RampSpec
    from .res_array import ResArraySpec
    from .transistors import CurrentMirrorSpec, MatchedPairSpec
    from .translinear import TranslinearSpec
    from .weighted_sum import WeightedSumSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".amplifier": "FollowerSpec OpampSpec OtaSpec",
            ".cap_array": "CapArraySpec",
            ".charge_mac": "ChargeMacSpec",
            ".crossbar": "CrossbarSpec",
            ".res_array": "ResArraySpec",
            ".current": "BiasSpec CurrentDacSpec RampSpec",
            ".transistors": "CurrentMirrorSpec MatchedPairSpec",
            ".translinear": "TranslinearSpec",
            ".weighted_sum": "WeightedSumSpec",
        },
    )

__all__ = [
    "BiasSpec",
    "CapArraySpec",
    "ChargeMacSpec",
    "CrossbarSpec",
    "CurrentDacSpec",
    "CurrentMirrorSpec",
    "FollowerSpec",
    "MatchedPairSpec",
    "OpampSpec",
    "OtaSpec",
    "RampSpec",
    "ResArraySpec",
    "TranslinearSpec",
    "WeightedSumSpec",
]
