"""Arrays of synapses: bench, mismatch, reads and writes of any size.

What is beyond ngspice goes to `solver/`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .large.batch import BatchResult, read_batch
    from .solver.read import ArrayReader, array_reader
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".large.batch": "BatchResult read_batch",
            ".solver.read": "ArrayReader array_reader",
        },
    )

__all__ = ["ArrayReader", "BatchResult", "array_reader", "read_batch"]
