"""Layers and networks against plain double loops, networks of other shapes, areas, and the large one."""

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.generators.current_network.circuits import layer_circuit, network_circuit
from analoom.generators.current_network.spec import CurrentLayerSpec, CurrentNetworkSpec
from analoom.pdk.layers import Layer
from broken import twin, with_box


def test_layer_is_a_double_loop_and_one_with_rows_swapped_is_not(tmp_path):
    spec = CurrentLayerSpec(rows=2, cols=2)
    cell, text = registry.build("current_layer", rows=2, cols=2), layer_circuit(spec).spice()
    run_lvs(of_cell(cell), text, cell.name, tmp_path).require_clean()
    swapped = text.replace("Xw0_0 vp0 vn0", "Xw0_0 vp1 vn0")
    assert swapped != text
    assert not run_lvs(of_cell(cell), swapped, cell.name, tmp_path).clean


@pytest.mark.slow
def test_network_is_a_double_loop_and_one_with_inputs_swapped_is_not(tmp_path):
    spec = CurrentNetworkSpec(dims=(2, 1, 3))
    cell, text = registry.build("current_network", dims=(2, 1, 3)), network_circuit(spec).spice()
    run_lvs(of_cell(cell), text, cell.name, tmp_path).require_clean()
    swapped = text.replace("Xlayer0 in0 in1", "Xlayer0 in1 in0")
    assert swapped != text
    assert not run_lvs(of_cell(cell), swapped, cell.name, tmp_path).clean


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields", [{"dims": (1, 1)}, {"dims": (3, 2, 5, 2, 6)}, {"dims": (9, 2, 4), "l": 0.5}, {"dims": (2, 2), "w": 1.68}]
)
def test_networks_of_any_shape_are_clean(tmp_path, fields):
    cell = registry.build("current_network", fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


@pytest.mark.slow
def test_an_address_line_that_one_row_listens_to_is_short_enough_for_its_gate(tmp_path):
    """Five rows: only the highest needs bit 2. A line of it as long as the others would break the antenna rule."""
    cell = registry.build("current_network", dims=(4, 1))
    run_drc(of_cell(cell), ("antenna",), tmp_path).require_clean()
    (lane,) = (pin.box for pin in cell.pins if pin.name == "a2")
    whole = twin(cell, with_box(Layer.MET3, kdb.Box(lane.left, 0, lane.right, lane.top)))
    assert not run_drc(whole, ("antenna",), tmp_path).clean


def test_network_is_small_and_its_parts_make_up_the_whole():
    cell = registry.build("current_network")
    assert cell.area_um2 < 15_000
    assert sum(cell.areas_um2.values()) == pytest.approx(cell.area_um2, rel=1e-6)


@pytest.mark.full
@pytest.mark.tools
def test_large_network_is_clean_and_small(tmp_path):
    cell = registry.build("current_network", dims=(64, 16, 10))
    drc_cell(cell, tmp_path, ("fast", "klayout")).require_clean()
    lvs_cell(cell, tmp_path, ("fast", "netgen")).require_clean()
    assert cell.area_um2 < 250_000
