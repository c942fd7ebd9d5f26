"""Every metric that is printed has a meaning and a unit in the glossary of its system, and one unit everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build, entries
from analoom.flows.bench.glossary import Glossary, Meaning, meaning_of, meanings, of_pins
from analoom.flows.mismatch import mismatch
from analoom.flows.post_layout import simulate_view
from analoom.flows.simulate import simulate
from analoom.flows.systems.lookup import every_system, record, system_of

SMALL = {
    "charge_mac": {"inputs": 1, "bits": 3},
    "crossbar": {"rows": 2, "cols": 2},
    "translinear": {"bits": 1},
    "latch_array": {"rows": 1, "cols": 1},
    "current_layer": {"rows": 2, "cols": 1},
    "current_network": {"dims": [1, 1]},
    "pwm_tile": {"rows": 1, "cols": 1, "pulse_bits": 5, "c_int": 0.4e-12},
    "backprop_network": {"hidden": 2},
    "pwm_network": {"dims": [1, 1], "pulse_bits": 5, "c_int": [0.4e-12]},
}
"""Specs of cells that are large by default."""
LONG = ("charge_mac", "clocked_comparator", "pwm_tile", "pwm_network", "backprop_network", "column_update")
"""Cells whose simulation takes seconds."""
SHORT = {"backprop_network": {"epochs": 2, "test_every": 2, "hold": 1}, "trained_crossbar": {"epochs": 1}}
"""Settings of a mismatch that takes long by default."""
CURRENTS = {"offset": {"V", "A"}}
"""The one name of two quantities: an offset is a voltage, and of the current multiplier a current at its input."""


def printed(cell: Cell) -> dict[str, str]:
    """The unit of every metric and figure of a cell's simulation and mismatch, by name.

    A cell without a device has no schematic to simulate: what it measures is in the drawing.
    """
    with TemporaryDirectory() as folder:
        result = simulate(cell) if cell.circuit.device_count() else simulate_view(cell, "post", Path(folder))
    found = {name: metric.unit for name, metric in result.metrics.items()}
    if system_of(cell).mismatch is not None:
        for engine in [e for e in ("closed", "mc") if e in system_of(cell).engines] or ["ngspice"]:
            report = mismatch(cell, engine=engine, samples=4, settings=SHORT.get(cell.kind))
            found |= {name: spread.unit for name, spread in {**report.metrics, **report.figures}.items()}
    return found


def wrong_in(glossary: Glossary, units: Mapping[str, str]) -> list[str]:
    """The metrics that have no meaning, or another unit than theirs."""
    found = {name: meaning_of(glossary, name) for name in units}
    return [name for name, meaning in found.items() if meaning is None or meaning.unit != units[name]]


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.full] * (n in LONG)) for n in entries()])
def test_every_metric_of_a_registered_cell_is_explained(name: str) -> None:
    cell = build(name, SMALL.get(name))
    assert wrong_in(system_of(cell).glossary, printed(cell)) == []


@pytest.mark.full
@pytest.mark.tools
def test_metrics_of_drawn_lines_are_explained_too(tmp_path: Path) -> None:
    cell = build("crossbar", SMALL["crossbar"])
    found = simulate_view(cell, "post", tmp_path, "tt", 27.0, None, {"settling": True}).metrics
    assert {"ir_drop_error", "row_settling"} <= set(found)
    assert wrong_in(system_of(cell).glossary, {name: metric.unit for name, metric in found.items()}) == []


def test_a_name_left_out_and_a_wrong_unit_are_caught() -> None:
    glossary = record("transistor", "pair").glossary
    units = {"offset": "V", "c_g1": "F"}
    assert wrong_in(glossary, units) == []
    assert wrong_in({n: m for n, m in glossary.items() if n != "offset"}, units) == ["offset"]
    assert wrong_in({**glossary, "c_g1": Meaning("V", "a voltage")}, units) == ["c_g1"]


def test_a_meaning_is_one_line_and_a_quantity_has_one_unit() -> None:
    units: dict[str, set[str]] = {}
    for system in every_system():
        for name, meaning in system.glossary.items():
            units.setdefault(name, set()).add(meaning.unit)
            assert meaning.text and "\n" not in meaning.text and len(meaning.text) <= 90, name
            assert not meaning.text.endswith("."), name
    assert {name: found for name, found in units.items() if len(found) > 1} == CURRENTS


def test_the_meaning_of_a_pins_metric_is_found_by_its_gap() -> None:
    glossary = {"gain_error": Meaning("frac", "all"), "gain_error_<pin>": Meaning("frac", "one")}
    glossary |= {"gain_<code>": Meaning("", "of a code")}
    found = meanings(glossary, ["gain_error", "gain_error_out1", "gain_3", "gain"])
    assert found == {"gain_error": "all", "gain_error_out1": "one", "gain_3": "of a code"}


def test_the_metrics_of_pins_are_listed_by_the_pins_that_there_are() -> None:
    glossary = {"gain_error_<out>": Meaning("frac", "one"), "gain_<code>": Meaning("", "of a code")}
    assert list(of_pins(glossary, ["in", "out1", "out2", "outer"])) == [
        "gain_error_out1",
        "gain_error_out2",
        "gain_<code>",
    ]
