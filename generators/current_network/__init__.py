"""Networks of currents: layers of synapses with the somas of their inputs, and the chain that writes all weights.

Currents go in and come out; the weights are stored beside the transistors that they switch.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import CurrentLayerSpec, CurrentNetworkSpec, CurrentSomaSpec, CurrentSynapseSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "CurrentLayerSpec CurrentNetworkSpec CurrentSomaSpec CurrentSynapseSpec",
        },
    )

__all__ = [
    "CurrentLayerSpec",
    "CurrentNetworkSpec",
    "CurrentSomaSpec",
    "CurrentSynapseSpec",
]
