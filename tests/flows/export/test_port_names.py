"""Names that a format could not hold are refused, with nothing written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analoom.cells.model import registry
from analoom.flows.export.build import build_files
from analoom.flows.export.cdl import cdl_text
from analoom.flows.export.lef import lef_text
from analoom.flows.export.port_names import ports_of
from analoom.flows.export.verilog_stub import verilog_text
from analoom.pdk.errors import InputError

ODD = (
    "",
    "a b",
    "a;b",
    "a/b",
    "a\nEND LIBRARY",
    "a[0]",
    "0a",
    "$(x)",
    "`x",
    "a'b",
    'a"b',
    "é",
    ".include",
    "*",
    "x" * 300,
)


def renamed(old: str, new: str) -> Any:
    cell = registry.build("mosfet")
    ports = tuple(new if port == old else port for port in cell.circuit.ports)
    pins = tuple(replace(pin, name=new) if pin.name == old else pin for pin in cell.pins)
    return replace(cell, pins=pins, circuit=replace(cell.circuit, ports=ports))


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    for odd in (renamed("g", name), replace(registry.build("mosfet"), name=name)):
        for write in (lef_text, verilog_text, cdl_text, lambda cell: build_files(cell, tmp_path)):
            with pytest.raises(InputError, match="cannot name"):
                write(odd)
    assert not list(tmp_path.iterdir())


def test_names_that_differ_by_case_are_one_to_spice() -> None:
    with pytest.raises(InputError, match="one pin to SPICE"):
        ports_of(renamed("g", "D"))


def test_a_pin_of_one_view_only_is_refused() -> None:
    cell = registry.build("mosfet")
    with pytest.raises(InputError, match="one view only"):
        ports_of(replace(cell, pins=cell.pins[:-1]))


def test_a_pin_with_two_uses_is_refused() -> None:
    cell = registry.build("mosfet")
    again = replace(cell.pins[0], use="power")
    with pytest.raises(InputError, match=r"power and signal"):
        ports_of(replace(cell, pins=(*cell.pins, again)))


def test_order_and_places_are_those_of_the_cell() -> None:
    cell = registry.build("current_mirror")
    ports = ports_of(cell)
    assert tuple(port.name for port in ports) == cell.circuit.ports
    assert sum(len(port.places) for port in ports) == len(cell.pins) > len(ports)
