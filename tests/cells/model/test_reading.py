"""What a synapse says of its read: it speaks of every pin once, moves with the supply, and is refused where it errs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analoom.cells.model.cell import Cell, Kind
from analoom.cells.model.reading import InputLine, Reading
from analoom.cells.model.registry import build, entries
from analoom.pdk.errors import InputError


def signed() -> Reading:
    return build("synapse_cs").require_reading()


def test_every_synapse_says_how_it_is_read() -> None:
    names = [name for name, entry in entries().items() if entry.kind == Kind.SYNAPSE]
    assert names
    for name in names:
        cell = build(name)
        assert sorted(cell.require_reading().lines) == sorted(cell.circuit.ports)


def test_a_cell_without_a_reading_says_so() -> None:
    with pytest.raises(InputError, match="mosfet does not say how it is read"):
        build("mosfet").require_reading()


def test_half_the_supply_moves_with_the_supply_and_ground_does_not() -> None:
    at = signed().at(1.2)
    assert {name: line.rest_v for name, line in at.inputs.items()} == pytest.approx({"rowp": 0.6, "rown": 0.6})
    assert at.column_rest_v == pytest.approx(0.6)
    assert at.weights_v == (0.0, 1.2)
    assert (at.supplies_v["vdd"], at.supplies_v["vss"]) == pytest.approx((1.2, 0.0))
    assert at.v_read == 0.1, "an input that does not reach up to the supply stays"
    assert signed().at(1.8) == signed()


def test_an_input_may_rest_elsewhere_than_the_column() -> None:
    reading = replace(signed(), inputs={"rowp": InputLine(1.0, 1.2), "rown": InputLine(-1.0, 0.6)}, column_rest_v=0.9)
    assert [reading.rest_v[line] for line in ("rowp", "rown", "col", "wwl")] == [1.2, 0.6, 0.9, 0.0]


def test_a_port_of_an_array_is_told_by_its_line_numbers_in_names_included() -> None:
    supplies = {"vdd18": 1.8, "vss": 0.0, "vc": 0.0}
    reading = replace(signed(), inputs={"in1": InputLine(1.0, 0.9), "in2": InputLine(-1.0, 0.9)}, supplies_v=supplies)
    ports = ("in112", "in20", "col3", "vdd18", "vss", "wwl0")
    assert [reading.line_of(p) for p in ports] == ["in1", "in2", "col", "vdd18", "vss", "wwl"]
    with pytest.raises(InputError, match="no line of a reading leads to vdd1"):
        reading.line_of("vdd1")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"column": "out"}, "its pins are"),
        ({"word": "col"}, "its reading says"),
        ({"inputs": {}}, "its reading says"),
        ({"supplies_v": {"vss": 0.0, "vc": 0.0}}, "its reading says"),
        ({"stored": "node"}, "no net node holds the weight"),
    ],
)
def test_a_reading_that_does_not_fit_its_circuit_is_refused(change: dict[str, object], says: str) -> None:
    cell: Cell = build("synapse_cs")
    assert replace(cell, reading=replace(signed()))
    with pytest.raises(InputError, match=says):
        replace(cell, reading=replace(signed(), **change))
