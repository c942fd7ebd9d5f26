"""Networks of currents as netlists: somas and synapses between their drawn wires, dies of them in ngspice, their bits.

Latches stand for the levels that they store, but where these are written (`written_bits`).
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .dies import NgspiceDies
    from .read_back import written_bits
    from .wires import NetworkWires, drawn_wires
else:
    __getattr__, __dir__ = doors(
        __name__,
        {".dies": "NgspiceDies", ".wires": "NetworkWires drawn_wires", ".read_back": "written_bits"},
    )

__all__ = ["NetworkWires", "NgspiceDies", "drawn_wires", "written_bits"]
