"""The current-mode network: benches and mismatch of somas, synapses and layers, virtual dies of whole networks.

`solver/` solves a die from device curves; `dies` is its door, `measure` what a bench at the pins would find of it.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .dies import CurrentDies
    from .measured import Measured
else:
    __getattr__, __dir__ = doors(__name__, {".dies": "CurrentDies", ".measured": "Measured"})

__all__ = ["CurrentDies", "Measured"]
