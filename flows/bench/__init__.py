"""What every testbench is made of: the device under test, measured values, operating points, noise.

The benches lie with their systems.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .device_under_test import Dut, make_dut
    from .measured import Curve, Measured, Metric, Table
    from .sim_result import SimResult, difference
    from .wiring import Wiring
else:
    __getattr__, __dir__ = doors(
        __name__,
        {
            ".device_under_test": "Dut make_dut",
            ".measured": "Curve Measured Metric Table",
            ".sim_result": "SimResult difference",
            ".wiring": "Wiring",
        },
    )

__all__ = [
    "Curve",
    "Dut",
    "Measured",
    "Metric",
    "SimResult",
    "Table",
    "Wiring",
    "difference",
    "make_dut",
]
