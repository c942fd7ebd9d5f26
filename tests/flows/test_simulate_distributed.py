"""Distributed parasitics in the testbenches: lines that are far faster than the edges do not change what is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate

pytestmark = [pytest.mark.slow, pytest.mark.tools]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Metrics of a 2x2 crossbar by what is extracted."""
    cell, folder = build("crossbar", {"rows": 2, "cols": 2}), tmp_path_factory.mktemp("pex")
    rc = extract(of_cell(cell), "rc", workdir=folder, options=RcOptions(up_to_hz=1e10))
    known = {"c": extract(of_cell(cell), "c", workdir=folder), "rc": rc, "r": replace(rc, mode="r")}
    settings = {"ir_drop": False}
    return {k: simulate(cell, "post", parasitics=p, settings=settings).metrics for k, p in known.items()}


def test_stored_nets_of_several_nodes_start_at_their_weight(written):
    """Wires of a few hundred ohm and a few fF settle within a ps: disturb and pedestal are those of the capacitors."""
    for name in ("write_disturb", "row_pedestal"):
        assert written["rc"][name].value == pytest.approx(written["c"][name].value, rel=0.01)


def test_resistances_alone_disturb_nothing(written):
    assert written["r"]["write_disturb"].value < 1e-5
    assert written["c"]["write_disturb"].value > 1e-3


def test_resistances_lower_the_current_and_capacitances_do_not(written):
    lumped, distributed = (written[k]["i_column_max"].value for k in ("c", "rc"))
    assert distributed < lumped
    assert written["r"]["i_column_max"].value == pytest.approx(distributed, rel=1e-6)


def test_a_well_whose_tap_is_in_the_neighbour_is_at_its_supply(tmp_path: Path) -> None:
    """The p transistor of a lone synapse_cs: with its well adrift its threshold is 0.14 V lower, its factor twice."""
    cell = build("synapse_cs")
    drawn, circuit = (simulate_view(cell, "post", tmp_path), simulate(cell))
    assert drawn.metrics["g_max"].value == pytest.approx(circuit.metrics["g_max"].value, rel=0.1)
    assert drawn.metrics["g_min"].value == pytest.approx(circuit.metrics["g_min"].value, rel=0.1)
    assert "Rtie0 vdd:" in Path(drawn.files["netlist"]).read_text()
