"""The split of the post-layout difference: capacitances change charges, resistances change currents."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.wiring import by_parts
from analoom.flows.post_layout import lumped, with_wires, without_resistances
from analoom.flows.post_layout_split import split
from analoom.flows.simulate import simulate


def test_every_array_has_its_resistances_and_what_is_left_out_is_said():
    assert without_resistances(build("matched_pair")) is None
    assert without_resistances(build("crossbar", {"rows": 16, "cols": 16})) is None
    assert "more than 1024 devices" in without_resistances(build("cap_array", {"weights": [500, 600]}))
    assert not by_parts(build("crossbar", {"rows": 4, "cols": 4}))
    assert by_parts(build("crossbar", {"rows": 16, "cols": 16}))


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    cell, folder = build("crossbar", {"rows": 2, "cols": 2}), tmp_path_factory.mktemp("split")
    before, caps, network = simulate(cell), lumped(cell, folder, "tt"), with_wires(cell, folder, "tt")
    after, by_c = (simulate(cell, "post", parasitics=p) for p in (network, caps))
    return before, by_c, after, split(cell, before, after, caps, network)


@pytest.mark.slow
@pytest.mark.tools
def test_each_part_moves_what_it_can(parts):
    before, by_c, post, found = parts
    assert found["resistors"] > 10
    pedestal, current = found["metrics"]["row_pedestal"], found["metrics"]["i_column_max"]
    assert pedestal["c"] == pytest.approx(by_c.metrics["row_pedestal"].value - before.metrics["row_pedestal"].value)
    assert pedestal["both"] == pytest.approx(pedestal["c"], rel=0.01)
    assert abs(pedestal["r"]) < 0.02 * abs(pedestal["c"]), "no wire charge without capacitances"
    assert abs(current["c"]) < 1e-3 * abs(current["r"]), "capacitances carry no direct current"
    assert current["r"] < 0
    assert current["both"] == pytest.approx(current["r"], rel=1e-4)
    assert post.parasitics["mode"] == "rc" and post.parasitics["reduction"]["phase_rad"] < 0.1


@pytest.mark.slow
@pytest.mark.tools
def test_a_larger_array_is_read_through_resistances_and_written_with_capacitances(tmp_path):
    """5 x 4 synapses: the currents are those of resistances alone, the steps those of capacitances alone."""
    cell = build("crossbar", {"rows": 5, "cols": 4})
    caps = lumped(cell, tmp_path, "tt")
    network, before = with_wires(cell, tmp_path, "tt", caps), simulate(cell)
    after = simulate(cell, "post", parasitics=network, settings={"ir_drop": False})
    found = split(cell, before, after, caps, network)["metrics"]
    assert found["i_column_max"]["both"] == pytest.approx(found["i_column_max"]["r"], rel=1e-6, abs=0)
    assert found["i_column_max"]["r"] < 0
    assert found["row_pedestal"]["both"] == pytest.approx(found["row_pedestal"]["c"], rel=1e-6)
    assert found["row_pedestal"]["r"] is None
    assert any("time constants up to" in note for note in after.parasitics["notes"])
