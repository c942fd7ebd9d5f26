"""What networks of currents are made of: the soma, a rectifier with mirrors, and the synapse, weights in unit devices.

Both are drawn in rows that share wells, taps and rails, so that they stand side by side.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .spec import CurrentSomaSpec, CurrentSynapseSpec
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".spec": "CurrentSomaSpec CurrentSynapseSpec",
        },
    )

__all__ = ["CurrentSomaSpec", "CurrentSynapseSpec"]
