"""The model by which the search evens out wires, against extractions of drawn arrays."""

import numpy as np
import pytest
from oracles.array_wires import array_wires

from analoom.cells.model import registry
from analoom.flows.systems.capacitor.converter_errors import converter_errors
from analoom.flows.systems.capacitor.wire_error import wires_to_top_f
from analoom.generators.cap_array.spec import TOPS
from analoom.generators.matching.centroid import STARTS
from analoom.generators.matching.wire_model import WireModel

UNITS = [
    ({"w": 3.0}, 0.012),
    ({"device": "cap_mim_m3_2", "w": 3.0}, 0.012),
    ({"device": "stacked", "w": 4.0}, 0.006),
    ({"device": "mom", "fingers": {"c": 5.0}}, 0.002),
]
"""Units of sizes that the model was not fitted to, and what it may miss a weight's wires by, rms."""


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "within"), UNITS)
def test_the_model_is_near_what_is_extracted_and_none_is_not(tmp_path, unit, within):
    arrays = [{"weights": (3, 4, 16), "pattern": "spiral"}, {"weights": (2, 5, 7, 15), "pattern": "spiral"}]
    found = [array_wires({**fields, "unit": unit}, tmp_path) for fields in arrays]
    model = TOPS[unit.get("device", "cap_mim_m3_1")].wires

    def rms(told):
        return np.sqrt((np.concatenate([one.errors(told) for one in found]) ** 2).mean())

    assert rms(model) < within
    assert rms(WireModel()) > 2 * within


@pytest.mark.slow
def test_extracted_wires_of_the_search_err_less_than_those_of_any_order(tmp_path):
    """INL and DNL of a converter of 128 units by its wires alone."""
    weights, errors = [1, 1, 2, 4, 8, 16, 32, 64], {}
    for pattern in (*STARTS, "optimised"):
        cell = registry.build("cap_array", {"weights": weights, "pattern": pattern})
        wires_f = wires_to_top_f(cell, [f"b{k}" for k in range(len(weights))], tmp_path)
        errors[pattern] = np.array(converter_errors(cell, {"": wires_f}, draws=10).sources["routing"])
    best = errors.pop("optimised")
    assert all((best < 0.8 * other).all() for other in errors.values())
