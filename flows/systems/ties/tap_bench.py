"""What a tap cell holds: contacts of well and substrate, and the junction of the drawn well."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Spec
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.parasitics.left_out import NWELL
from analoom.pdk.layers import Layer


class Settings(Spec):
    """Nothing is asked."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`contacts_vdd`, `contacts_vss`; `c_well`: the drawn well's junction to the substrate at zero bias."""
    drawn = of_cell(dut.cell).drawn
    contacts = drawn(Layer.LICON) & drawn(Layer.TAP)
    inside = contacts & drawn(Layer.NWELL)
    return Measured(
        {
            "contacts_vdd": Metric(inside.count(), ""),
            "contacts_vss": Metric((contacts - inside).count(), ""),
            "c_well": Metric(NWELL.most_f(drawn(Layer.NWELL)), "F"),
        }
    )
