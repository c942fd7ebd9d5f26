"""Cells without a device: compared by ports, inside and as instances; what the comparison of devices would let pass."""

import pytest

from analoom.cells.model import registry
from analoom.flows.bench.without_model import NO_MISMATCH
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.simulate import simulate
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from broken import twin, without

UNIT = {"device": "mom", "fingers": {"c": 2.0}}


def array():
    return registry.build("cap_array", {"weights": (1, 2), "unit": UNIT})


@pytest.mark.slow
@pytest.mark.tools
def test_netgen_agrees(tmp_path):
    for cell in (registry.build("unit_cap", UNIT), array()):
        lvs_cell(cell, tmp_path, ("fast", "netgen")).require_clean()
    swapped = array().spice().replace("Xb0_1 top b0", "Xb0_1 top b1")
    assert not run_lvs(twin(array(), lambda *_: None), swapped, array().name, tmp_path, ("netgen",)).clean


def test_an_instance_lost_or_wired_otherwise_is_found(tmp_path):
    cell, text = array(), array().spice()
    lost = "\n".join(line for line in text.splitlines() if not line.startswith("Xb1_2 "))
    for wrong in (lost, text.replace("Xb1_1 top b1", "Xb1_1 top b0"), text.replace("Xb1_1 top b1", "Xb1_1 b1 top")):
        assert wrong != text
        assert not run_lvs(twin(cell, lambda *_: None), wrong, cell.name, tmp_path).clean


def test_a_layout_without_the_cell_cannot_be_compared(tmp_path):
    """Flattened, the units are wires among others."""
    cell = array()

    def flattened(copy, top):
        top.flatten(True)

    found = run_lvs(twin(cell, flattened), cell.spice(), cell.name, tmp_path).engines["fast"]
    assert any("is no cell of the layout" in line for line in found.differences)


def test_each_wire_inside_is_on_a_port(tmp_path):
    cell = array()
    found = run_lvs(twin(cell, without(Layer.VIA3)), cell.spice(), cell.name, tmp_path).engines["fast"]
    assert any("lies on none of its ports" in line for line in found.differences)


def test_what_has_no_model_says_so(tmp_path):
    from analoom.flows.mismatch import mismatch

    cell = registry.build("unit_cap", UNIT)
    with pytest.raises(InputError, match="without a device") as refused:
        simulate(cell)
    assert refused.value.remedy == "--view post"
    with pytest.raises(InputError, match=NO_MISMATCH[:40]):
        mismatch(cell)
