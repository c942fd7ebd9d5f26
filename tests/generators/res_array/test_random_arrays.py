"""Arrays of resistors with random fields are clean in the fast check and in LVS."""

import random

import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell
from analoom.flows.lvs.check import lvs_cell
from analoom.pdk.devices import RES_WIDTHS_UM

EVERY_TIME, FULL = 32, 400


def fields(seed):
    """An array of any kind: few units every time, more in the full run."""
    rng = random.Random(f"resistors {seed}")
    device = rng.choice(("res_generic_po", "res_high_po", "res_xhigh_po"))
    w_um = rng.randint(66, 1200) / 200 if device == "res_generic_po" else rng.choice(RES_WIDTHS_UM)
    most, longest = (3, 3) if seed < EVERY_TIME else (8, 12)
    ratios = tuple(rng.randint(1, most) for _ in range(rng.randint(1, longest)))
    return {
        "device": device,
        "w": w_um,
        "l": rng.randint(66, 1500) / 100,
        "ratios": ratios,
        "connect": rng.choice(("series", "parallel")),
        "pattern": rng.choice(("common_centroid", "interdigitated")),
        "rows": rng.randint(1, min(4, sum(ratios))),
        "dummies": rng.random() < 0.7,
    }


@pytest.mark.parametrize(
    "seed", [pytest.param(k, marks=pytest.mark.full if k >= EVERY_TIME else ()) for k in range(FULL)]
)
def test_a_random_array_is_clean(seed, tmp_path):
    cell = registry.build("res_array", fields(seed))
    drc, lvs = drc_cell(cell, tmp_path), lvs_cell(cell, tmp_path)
    assert drc.clean, f"{fields(seed)}: {drc.summary()}"
    assert lvs.clean, f"{fields(seed)}: {lvs.to_json()}"
    ends = [pin.box for pin in cell.pins]
    assert all(box.left == cell.bbox_nm.left or box.right == cell.bbox_nm.right for box in ends)


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("seed", range(8))
def test_a_random_array_is_signed_off(seed, tmp_path):
    cell = registry.build("res_array", fields(seed))
    drc_cell(cell, tmp_path, ("klayout", "magic")).require_clean()
    assert lvs_cell(cell, tmp_path, ("netgen",)).clean


FOUND = [
    {
        "w": 5.73,
        "ratios": (3, 1, 4, 5, 5, 5),
        "connect": "parallel",
        "rows": 4,
        "dummies": False,
    }
]
"""Once found unclean: plates with their way to a far track were wide metal, too near the next row's (m1.3b)."""


@pytest.mark.slow
@pytest.mark.parametrize("given", FOUND)
def test_once_found_stays_clean(given, tmp_path):
    drc_cell(registry.build("res_array", given), tmp_path).require_clean()
