"""Sources of current: a binary current DAC, a bias of many mirrors, a ramp; a bench and statistics each.

Their random errors are those of mirrors, by `mirrors`; ngspice judges whole copies.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .bias_mismatch import BiasStatistics
    from .dac_mismatch import DacStatistics
    from .ramp_mismatch import RampStatistics
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".bias_mismatch": "BiasStatistics",
            ".dac_mismatch": "DacStatistics",
            ".ramp_mismatch": "RampStatistics",
        },
    )

__all__ = ["BiasStatistics", "DacStatistics", "RampStatistics"]
