"""The split of the post-layout difference: capacitances change charges, resistances change currents."""

import pytest

from analoom.cells.registry import build
from analoom.flows.layout_source import of_cell
from analoom.flows.pex import extract
from analoom.flows.pex_split import distributed, split, why_not
from analoom.flows.simulate import simulate


def test_large_cells_are_refused_with_the_reason():
    assert why_not(build("matched_pair")) is None
    assert "more than 48 devices" in why_not(build("crossbar", {"rows": 16, "cols": 16}))


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    cell, folder = build("crossbar", {"rows": 2, "cols": 2}), tmp_path_factory.mktemp("split")
    before = simulate(cell)
    after = simulate(cell, "post", parasitics=extract(of_cell(cell), workdir=folder))
    return before, after, split(cell, before, after, distributed(cell, "typical", folder))


@pytest.mark.slow
@pytest.mark.tools
def test_each_part_moves_what_it_can(parts):
    before, after, found = parts
    assert found["resistors"] > 10
    pedestal, current = found["metrics"]["row_pedestal"], found["metrics"]["i_column_max"]
    assert pedestal["c"] == pytest.approx(after.metrics["row_pedestal"].value - before.metrics["row_pedestal"].value)
    assert pedestal["both"] == pytest.approx(pedestal["c"], rel=0.01)
    assert abs(pedestal["r"]) < 0.02 * abs(pedestal["c"]), "no wire charge without capacitances"
    assert abs(current["c"]) < 1e-3 * abs(current["r"]), "capacitances carry no direct current"
    assert current["r"] < 0
    assert current["both"] == pytest.approx(current["r"], rel=1e-4)
