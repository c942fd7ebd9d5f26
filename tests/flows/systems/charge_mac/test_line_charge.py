"""The charge that the lines of a row take up, by hand: a capacitance times the step across it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analoom.flows.systems.charge_mac.solver import Parts, _line_charge
from analoom.flows.systems.charge_mac.unit import BitLoad
from analoom.flows.systems.charge_mac.wires import no_wires
from analoom.generators.charge_mac.spec import ChargeMacSpec

SPEC = ChargeMacSpec(inputs=2, bits=3, outputs=1)
FREE = BitLoad(0, 0, 0, 0, 0, 0, 0)
"""Switches without capacitance."""
BITS = np.array([[1, 1, 0], [1, 0, 1]])
"""Weights of +3 and -1, the lowest bit first, the sign last."""
MOVES, SUMS = np.array([[0.4, 0.2]]), np.array([0.1])


@pytest.mark.parametrize("floats", [True, False])
def test_plates_that_are_on_charge_to_the_sum_and_wires_to_ground(floats: bool) -> None:
    """Units of 1 fF: three step 0.4 - 0.1 V from their line, one -0.2 - 0.1 V; of unused plates two hold the sum. Lines
    of 5 fF (x) and 7 fF (xb) for each input move by what it moves."""
    wires = replace(no_wires(SPEC)[0], lines=np.full((2, 2), [5e-15, 7e-15]))
    plates_c = 1e-15 * (3 * 0.3 + 1 * 0.3)
    lines_c = (5e-15 + 7e-15) * (0.4 + 0.2)
    common_c = 0.0 if floats else 2e-15 * 0.1
    found = _line_charge(Parts(1e-15, (wires,), FREE, floats), wires, BITS, MOVES, SUMS)
    assert found == pytest.approx(plates_c + lines_c + common_c, rel=1e-9, abs=0)
