"""The synapses: 2T1C and common-source, and the storage they share.

Tiles that abut into crossbars.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .synapse_2t1c import Synapse2t1cSpec
    from .synapse_cs import SynapseCsSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".synapse_2t1c": "Synapse2t1cSpec",
            ".synapse_cs": "SynapseCsSpec",
        },
    )

__all__ = ["Synapse2t1cSpec", "SynapseCsSpec"]
