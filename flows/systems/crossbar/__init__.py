"""Arrays of synapses: bench, mismatch, reads and writes of any size.

What is beyond ngspice goes to `solver/`.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .array_files import array_of_file
    from .large.batch import BatchResult, read_batch
    from .solver.read import ArrayReader, array_reader
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".array_files": "array_of_file",
            ".large.batch": "BatchResult read_batch",
            ".solver.read": "ArrayReader array_reader",
        },
    )

__all__ = ["ArrayReader", "BatchResult", "array_of_file", "array_reader", "read_batch"]
