"""Somas and synapses: their bits and devices, clean at the ends of the spec, refusals, a broken twin."""

from collections import Counter

import pytest

from analoom.cells.current_mode.circuits import code_bits
from analoom.cells.model import registry
from analoom.cells.model.drawing import Box
from analoom.flows.drc.check import drc_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box

SIZES = [{"w": 1.68, "l": 4.0}, {"w": 1.235, "l": 0.5}]


@pytest.mark.parametrize("name", ["current_soma", "current_synapse"])
@pytest.mark.parametrize("fields", SIZES)
def test_clean_at_the_ends_of_the_spec(tmp_path, name, fields):
    cell = registry.build(name, fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


def test_bits_are_magnitude_and_sign():
    assert code_bits(5) == (1, 0, 1, 0)
    assert code_bits(-7) == (1, 1, 1, 1)
    assert code_bits(0) == (0, 0, 0, 0)


def test_synapse_has_4_2_and_1_units_of_both_polarities():
    """Binas et al., arXiv 1606.07786: the drains of both polarities are tied bit by bit, sources at a header each."""
    devices = registry.build("current_synapse").circuit.devices
    units = [d for d in devices if d.l_um == 1.0]
    assert Counter((d.device.polarity, d.nets["d"], d.nets["g"], d.nets["s"]) for d in units) == {
        ("p", "n2", "vp", "p"): 4,
        ("p", "n1", "vp", "p"): 2,
        ("p", "n0", "vp", "p"): 1,
        ("n", "n2", "vn", "q"): 4,
        ("n", "n1", "vn", "q"): 2,
        ("n", "n0", "vn", "q"): 1,
    }
    assert {d.name for d in devices} - {d.name for d in units} == {"head_p", "head_n", "switch0", "switch1", "switch2"}


def test_synapse_with_its_bits_is_small():
    fabric = registry.build("current_synapse").fabric
    assert fabric.pitch_nm[0] * fabric.pitch_nm[1] / 1e6 < 90


def test_joined_lines_of_gates_are_found(tmp_path):
    cell = registry.build("current_synapse")
    vp, vn = (next(pin.box for pin in cell.pins if pin.name == name) for name in ("vp", "vn"))
    short = Box(vp.left + 1000, vp.bottom, vp.left + 1200, vn.top)
    assert not run_lvs(twin(cell, with_box(Layer.MET2, short)), cell.spice(), cell.name, tmp_path).clean


def test_units_wider_than_a_somas_lower_row_are_refused():
    with pytest.raises(SpecError, match=r"1\.68"):
        registry.build("current_soma", w=1.7)
