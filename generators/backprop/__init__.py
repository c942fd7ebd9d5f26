"""Networks that train themselves in continuous time: what they are, and their circuits.

Forward and update multipliers in each synapse, sigmoid and bump in each neuron, errors that run back in currents.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import BackpropNetworkSpec
else:
    __getattr__, __dir__ = doors(__name__, {".spec": "BackpropNetworkSpec"})

__all__ = ["BackpropNetworkSpec"]
