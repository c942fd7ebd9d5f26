"""INL and DNL by source against what can be worked out by hand for two units, and against the other engines."""

import numpy as np
import pytest
from scipy.stats import norm

from analoom.cells.model import registry
from analoom.flows.matching import matching_sections
from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.area_use import area_use
from analoom.flows.statistics.gradient import gradient_report
from analoom.flows.systems.capacitor.converter_errors import converter_errors
from analoom.flows.systems.capacitor.mismatch import CapacitorStatistics
from analoom.generators.cap_array.spines import clear_of_spines
from analoom.generators.matching.centroid import place
from analoom.generators.matching.cost import placement_cost
from analoom.generators.matching.placement import Placement

BINARY = (1, 1, 2, 4, 8)


def errors(weights, wires_f=None, **settings):
    cell = registry.build("cap_array", {"weights": weights})
    found = converter_errors(cell, {} if wires_f is None else {"": np.array(wires_f)}, settings=settings)
    assert found is not None
    return cell, found.sources


def test_two_units_with_a_wire_too_many_by_hand():
    """C + d and C: the middle code is at (C + d) / (2 C + d), d / (2 C + d) LSB high; both steps are off by as much."""
    cell = registry.build("cap_array", {"weights": (1, 1)})
    unit_f = CapacitorStatistics(cell).nominal[0][0]
    _, found = errors((1, 1), (0.01 * unit_f, 0))
    assert found["routing"] == (pytest.approx(0.01 / 2.01), pytest.approx(0.01 / 2.01))


def test_wires_in_proportion_make_no_error():
    _, found = errors(BINARY, 1e-16 * np.array(BINARY))
    assert max(found["routing"]) < 1e-12 < max(errors(BINARY, 1e-16 * np.arange(5))[1]["routing"])


def test_gradient_is_that_of_the_gradient_engine():
    cell, found = errors(BINARY, gradient_frac_um=1e-4)
    alone = gradient_report(cell.match_groups[0], 1e-4, 0.9, BINARY)
    assert found["gradient"] == (pytest.approx(alone.inl_lsb), pytest.approx(alone.dnl_lsb))


def test_random_of_two_units_is_a_folded_normal():
    """One code can err, so the peak is |N(0, sigma)|: 99.7 % lie below 2.97 sigma of the closed form."""
    cell, found = errors((1, 1))
    sigma = mismatch(cell).metrics["inl"].sigma
    assert found["random"][0] == pytest.approx(sigma * norm.ppf(0.9985), rel=0.08)


def test_together_is_random_where_there_is_nothing_else_and_more_where_there_is():
    _, plain = errors(BINARY, gradient_frac_um=0)
    assert plain["together"] == pytest.approx(plain["random"])
    assert max(plain["gradient"]) < 1e-12
    _, wired = errors(BINARY, 3e-16 * np.arange(5), gradient_frac_um=1e-3)
    assert wired["random"] == plain["random"]
    assert wired["together"][0] > wired["random"][0]


@pytest.mark.slow
def test_weights_that_leave_codes_unmet_make_no_converter():
    cell = registry.build("cap_array", {"weights": (3, 5)})
    assert converter_errors(cell, {}) is None
    assert "converter" not in matching_sections(cell, "continuous", {}, None)


def test_sections_of_a_report(tmp_path):
    cell = registry.build("cap_array", {"weights": (1, 1, 2)})
    found = matching_sections(cell, "continuous", {}, None)
    assert set(found) == {"area", "placement", "converter", "budget"}
    assert set(found["converter"]["sources"]) == {"random", "gradient", "routing", "together"}
    assert set(matching_sections(registry.build("matched_pair"), "continuous", {}, None, budget=False)) == {"area"}


def test_area_of_an_array_by_hand():
    """Seven units of 2 x 2 um; the wires are on met1, met2 and met4, the plates on met3 are none."""
    cell = registry.build("cap_array", {"weights": (1, 2, 4), "unit": {"w": 2.0}})
    use = area_use(cell)
    assert use.device_um2 == pytest.approx(7 * 4)
    assert use.efficiency == pytest.approx(28 / cell.area_um2)
    assert set(use.wires_um2) == {"met1", "met2", "met4"}
    assert area_use(registry.build("synapse_2t1c")) is None


@pytest.mark.slow
@pytest.mark.parametrize("weights", [(2, 3, 4), (1, 1, 2, 4, 8, 16)])
def test_the_placement_read_from_the_plates_costs_what_was_placed(weights):
    cell = registry.build("cap_array", {"weights": weights, "pattern": "dispersed"})
    pitch = [round(1000 * um) for um in cell.grid.pitch_um]
    placed = clear_of_spines(place(weights, 3460, pitch[1]))
    wanted = placement_cost(Placement(placed.owner, *pitch))
    found = matching_sections(cell, "continuous", {}, None)["placement"]
    assert found["total"] == pytest.approx(wanted.total)
    assert found["quadratic"] == pytest.approx(wanted.quadratic)


def test_what_cannot_be_centred_is_said():
    """Two weights of one unit lie half a diagonal pitch from the centre; two of two units lie on it."""
    said = mismatch(registry.build("cap_array", {"weights": (1, 1, 2)}))
    (group,) = said.to_json()["gradient"]
    assert set(group["off_centre_um"]) == {"b0", "b1"}
    assert any("Not centred: b0 by" in note for note in said.notes)
    assert not any("entred" in note for note in mismatch(registry.build("cap_array", {"weights": (2, 2)})).notes)
