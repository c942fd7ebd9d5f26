"""What an extraction gives to the ends of resistors: a model's own heads are no wires, those of generic poly are."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.symmetry import FarthestOhm
from analoom.pdk.layers import Marker
from broken import twin

UNIT = {"w": 0.35, "l": 5.0, "ratios": (1,), "dummies": False}
METAL_OHM = 60.0
"""More than the met2, vias, met1 and mcons of one unit: 7 um of 0.32 um at 0.125 ohm a square, 6 mcons of 9.3 ohm and a
via of 4.5 ohm at either end."""


def ohm_at_its_ends(source, tmp_path):
    """From both pins to the ends of the body."""
    farthest = FarthestOhm(extract(source, "rc", "typical", tmp_path).rc)
    return farthest("p1") + farthest("n1")


def test_heads_of_a_precision_resistor_are_left_to_its_model(tmp_path):
    """The broken twin has no urpm: its heads count as wires, two contacts of 145 ohm and some squares of 48 ohm."""
    cell = build("res_array", UNIT)
    assert 5 < ohm_at_its_ends(of_cell(cell), tmp_path) < METAL_OHM
    bare = twin(cell, lambda copy, top: copy.clear_layer(copy.layer(*Marker.URPM.value)))
    assert ohm_at_its_ends(bare, tmp_path) > 2 * 145


def test_heads_of_generic_poly_are_wires(tmp_path):
    """Its model says nothing of contacts: two in parallel of 145 ohm at either end, and poly."""
    cell = build("res_array", UNIT, device="res_generic_po", w=0.33)
    assert ohm_at_its_ends(of_cell(cell), tmp_path) > 145


@pytest.mark.parametrize("device", ["res_generic_po", "res_xhigh_po"])
def test_each_unit_sits_on_nodes_of_its_own_heads(device, tmp_path):
    """Two units in parallel: where the extraction tells their ends apart, every end is a node of its own."""
    cell = build("res_array", {**UNIT, "ratios": (2,), "connect": "parallel"}, device=device)
    rc = extract(of_cell(cell), "rc", "typical", tmp_path).rc
    ends = [at[terminal] for at in rc.devices.values() for terminal in ("r0", "r1")]
    assert len(set(ends)) == len(ends) == 4
