"""What wires of a block run on: a lattice of lines, where pins and the edge are met on it, and the cheapest way there.

`Net` has the pins to be joined, and the wires that were found.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .lattice import Counted, Lattice
    from .net import Net
    from .search import Search
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".lattice": "Counted Lattice",
            ".net": "Net",
            ".search": "Search",
        },
    )

__all__ = ["Counted", "Lattice", "Net", "Search"]
