"""Heat maps: values of the closed form on a plain wire, and a picture that is one."""

import tracemalloc

import numpy as np
import pytest
from hand_drawn import Hand

from analoom.cells.model.registry import build
from analoom.flows.pex.crossbar.heat import array_maps, write_array_map
from analoom.flows.pex.crossbar.ladders import farthest_ohm, line_ladders
from analoom.flows.pex.extract import extract
from analoom.flows.pex.heat import capacitance_map, resistance_map, write_heat
from analoom.pdk.layers import Layer


@pytest.fixture
def wire():
    """50 um of met1, 0.3 um wide, with its pin at the left end and two unnamed crossings of met2."""
    hand = Hand("wire")
    hand.box(Layer.MET1, 0, 0, 50_000, 300)
    hand.label(Layer.MET1, "a", 0, 150)
    for x in (25_000, 40_000):
        hand.box(Layer.MET2, x, -1000, x + 200, 1000)
    return hand.source()


def test_resistance_grows_along_the_wire(wire):
    """0.125 ohm per square (model file), 0.3 - 0.039 um wide: to the crossings in between."""
    heat = resistance_map(wire)
    met1 = heat.values[heat.boxes[:, 0] == 4]
    per_um = 0.125 / (0.3 - 0.039)
    assert met1 == pytest.approx([0.0, 25.1 * per_um, 40.1 * per_um], rel=0.01)
    assert np.isnan(heat.values[heat.boxes[:, 0] == 5]).all(), "no pin, no resistance to it"


def test_capacitance_is_that_of_the_net(wire, tmp_path):
    found = extract(wire, workdir=tmp_path)
    heat = capacitance_map(wire, found)
    assert heat.values[heat.boxes[:, 0] == 4] == pytest.approx(found.nets["a"].total_f * 1e15)
    assert (heat.values[heat.boxes[:, 0] == 5] < heat.values.max()).all(), "the crossings are nets of their own"


def test_the_picture_is_a_png(wire, tmp_path):
    path = write_heat(resistance_map(wire), tmp_path / "heat.png")
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_large_array_has_one_pixel_a_synapse(tmp_path):
    """The upper right synapse is the farthest from the pins, which are left and below."""
    ladders = line_ladders(build("crossbar", {"rows": 64, "cols": 96}))
    maps = array_maps(ladders)
    ohm, femto = maps["resistance"].values, maps["capacitance"].values
    assert ohm.shape == femto.shape == (64, 96)
    assert ohm[-1, -1] == ohm.max() and ohm[0, 0] == ohm.min()
    lines = [ladders[n] for n in ("row", "wwl", "col", "wbl")]
    assert femto.sum() == pytest.approx(sum(x.total_f.sum() for x in lines) * 1e15)
    path = write_array_map(maps["resistance"], tmp_path / "heat.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def _peak_mb(work):
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


@pytest.mark.slow
def test_farthest_devices_of_lines_are_found_without_a_value_for_each_synapse():
    """A plain loop along every line of the ladders, which hold such values: 5 MB each of the larger array."""
    cell = build("crossbar", {"rows": 64, "cols": 96})
    ladders, found = line_ladders(cell), farthest_ohm(cell)
    assert {name: len(ohms) for name, ohms in found.items()} == {"row": 64, "wwl": 64, "col": 96, "wbl": 96}
    for name, ohms in found.items():
        for k in range(len(ohms)):
            x = ladders[name]
            along = [0.0, *(float(x.segment_ohm[k, :n].sum()) for n in range(1, x.tap_ohm.shape[1]))]
            farthest = max(x.end_ohm[k] + ohm + tap for ohm, tap in zip(along, x.tap_ohm[k], strict=True))
            assert ohms[k] == pytest.approx(farthest, rel=1e-9)
    large = build("crossbar", {"rows": 640, "cols": 960})
    assert _peak_mb(lambda: farthest_ohm(large)) < 15
    assert _peak_mb(lambda: line_ladders(large)) > 60
