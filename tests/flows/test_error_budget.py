"""The error budget: how its sources move with size, current and drawing, by closed forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.error_budget import error_budget
from analoom.flows.mismatch import mismatch
from analoom.flows.systems.capacitor.balance import balance
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools


def array(side: int, synapse: str = "synapse_2t1c") -> dict[str, float]:
    """The budget of side x side synapses, all at 0.9 V."""
    cell = build("crossbar", {"rows": side, "cols": side, "synapse": {"cell": synapse}})
    return error_budget(cell, weights=np.full((side, side), 0.9))


@pytest.mark.parametrize("synapse", ["synapse_2t1c", "synapse_cs"])
def test_random_averages_and_a_gradient_does_not(synapse: str) -> None:
    """Four times the side, equal weights: random errors fall by sqrt(4); positions 0 to n - 1 scatter by n^2 - 1."""
    small, large = array(8, synapse), array(32, synapse)
    assert small["random"] / large["random"] == pytest.approx(2, rel=1e-6)
    assert large["gradient"] / small["gradient"] == pytest.approx(np.sqrt((32**2 - 1) / (8**2 - 1)), rel=1e-6)
    assert large["ir_drop"] > 2 * small["ir_drop"]


def test_the_total_is_the_root_of_the_sum_of_squares() -> None:
    found = array(8)
    total = found.pop("total")
    assert total == pytest.approx(np.sqrt(sum(v**2 for v in found.values())))


@pytest.mark.slow
def test_a_common_centroid_pair_has_no_gradient_error_and_abab_has_one_pitch() -> None:
    """ABAB: the sides' centres are one unit pitch apart; gm/ID by 1 uV/um by that is the error. ABBA: none."""
    cell = build("matched_pair", {"pattern": "abab"})
    (group,) = cell.match_groups
    centres = {name: np.mean([(b.left + b.right) / 2 for b in boxes]) / 1e3 for name, boxes in group.members.items()}
    apart_um = abs(np.ptp(list(centres.values())))
    gm_id = mismatch(cell).point["gm_id"]
    assert error_budget(cell)["gradient"] == pytest.approx(gm_id * 1e-6 * apart_um, rel=0.03)
    assert error_budget(build("matched_pair", {"pattern": "abba"}))["gradient"] < 1e-12


@pytest.mark.slow
def test_wires_of_a_mirror_err_by_their_drop() -> None:
    """A drop I R of the sources moves the gate by as much, and the ratio by gm/ID I R."""
    cell, currents = build("current_mirror", {"ratios": [1, 1, 2]}), (2e-8, 1e-7)
    low, high = (error_budget(cell, settings={"i_square": i})["routing"] for i in currents)
    gm_id = [mismatch(cell, settings={"i_square": i}).point["gm_id"] for i in currents]
    assert high / low == pytest.approx(5 * gm_id[1] / gm_id[0], rel=0.1)


@pytest.mark.slow
def test_stubs_that_balance_the_wires_are_seen(tmp_path: Path) -> None:
    plain = build("cap_array", {"weights": [1, 1, 2, 4]})
    balanced = balance(plain, tmp_path).cell
    assert error_budget(balanced)["routing"] < 0.5 * error_budget(plain)["routing"]


def test_a_single_device_has_no_budget() -> None:
    with pytest.raises(InputError, match="no error budget for a device"):
        error_budget(build("mosfet", {}))
