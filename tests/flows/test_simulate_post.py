"""Post-layout simulation: extracted capacitance shows in every bench, and only where physics says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.sim_result import SimResult, difference
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.record import NetC, Parasitics
from analoom.flows.simulate import simulate

pytestmark = pytest.mark.tools


def both(cell: Cell, parasitics: Parasitics) -> tuple[SimResult, SimResult]:
    return simulate(cell), simulate(cell, "post", parasitics=parasitics)


def scaled(parasitics: Parasitics, factor: float) -> Parasitics:
    """The same extraction with every capacitance times `factor`."""
    nets = {
        name: NetC(c.substrate_f * factor, {other: f * factor for other, f in c.coupling_f.items()})
        for name, c in parasitics.nets.items()
    }
    return replace(parasitics, nets=nets)


def test_a_transistor_gains_capacitance_and_no_current(tmp_path: Path) -> None:
    """At the drain the whole of what was extracted on its net appears; direct current does not see it."""
    cell = build("mosfet")
    parasitics = extract(of_cell(cell), workdir=tmp_path)
    change = difference(*both(cell, parasitics))
    drain = parasitics.nets["d"]
    assert change["c_d"]["value"] == pytest.approx(drain.substrate_f + sum(drain.coupling_f.values()), rel=1e-3, abs=0)
    assert change["i_on"]["value"] == 0
    assert change["f_t"]["value"] < 0


def test_a_write_pedestal_grows_with_word_line_coupling(tmp_path: Path) -> None:
    cell = build("synapse_2t1c")
    parasitics = extract(of_cell(cell), workdir=tmp_path)
    schematic, post = both(cell, parasitics)
    none = simulate(cell, "post", parasitics=scaled(parasitics, 0.0))
    assert difference(schematic, post)["c_store"]["value"] > 0
    assert post.metrics["write_pedestal"].value != pytest.approx(schematic.metrics["write_pedestal"].value, rel=0.01)
    assert none.metrics["write_pedestal"].value == pytest.approx(schematic.metrics["write_pedestal"].value, rel=1e-3)


def test_ratios_of_a_drawn_array_are_no_longer_exact(tmp_path: Path) -> None:
    """The twin with ten times the parasitics errs by several times more."""
    cell = build("cap_array", {"weights": [1, 1, 2]})
    parasitics = extract(of_cell(cell), workdir=tmp_path)
    post = simulate(cell, "post", parasitics=parasitics)
    worse = simulate(cell, "post", parasitics=scaled(parasitics, 10.0))
    errors = [abs(r.metrics["ratio_error"].value) for r in (simulate(cell), post, worse)]
    assert errors[0] < 1e-12 < 1e-5 < errors[1] < errors[2] / 3
