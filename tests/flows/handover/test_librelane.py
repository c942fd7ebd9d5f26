"""A macro for LibreLane: the Liberty by a parser of others, its capacitances as `pex` tells them, the configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from liberty.parser import parse_liberty

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.handover.digital import librelane
from analoom.flows.handover.digital.liberty import liberty_text
from analoom.flows.handover.run import ExportReport, export_cell
from analoom.flows.pex.extract import extract
from analoom.pdk.errors import SpecError

NAME = "mosfet"


@pytest.fixture(scope="module")
def macro(tmp_path_factory: pytest.TempPathFactory) -> ExportReport:
    return export_cell(build(NAME), "librelane", tmp_path_factory.mktemp("macro") / "m", {"supply_v": 1.2})


def cell_of(text: str):  # type: ignore[no-untyped-def]
    library = parse_liberty(text)
    (cell,) = library.get_groups("cell")
    return library, cell


def test_every_check_of_it_passes(macro: ExportReport) -> None:
    assert macro.clean
    assert set(macro.checks) == {"one_top", "pin_labels", "lef", "views", "liberty"}


def test_the_liberty_has_pins_directions_and_capacitances(macro: ExportReport, tmp_path: Path) -> None:
    library, cell = cell_of((macro.folder / macro.files["lib"]).read_text())
    pins = {pin.args[0]: pin for pin in cell.get_groups("pin")}
    assert {name: pin["direction"] for name, pin in pins.items()} == {"d": "inout", "g": "input", "s": "inout"}
    told = extract(of_cell(build(NAME)), "c", workdir=tmp_path).to_json()["nets"]
    unit_f = {"pf": 1e-12}[str(library["capacitive_load_unit"][1])] * library["capacitive_load_unit"][0]
    for name, pin in pins.items():
        wanted = told[name]["substrate_f"] + sum(told[name]["coupling_f"].values())
        assert pin["capacitance"] * unit_f == pytest.approx(wanted, rel=1e-5, abs=0) and wanted > 0
    assert cell["area"] == pytest.approx(build(NAME).area_um2, rel=1e-5, abs=0)


def test_its_supplies_are_power_pins(tmp_path: Path) -> None:
    report = export_cell(build("analog_switch"), "librelane", tmp_path / "m", {"supply_v": 1.2})
    library, cell = cell_of((report.folder / report.files["lib"]).read_text())
    kinds = {pin.args[0]: pin["pg_type"] for pin in cell.get_groups("pg_pin")}
    assert kinds == {"vdd": "primary_power", "vss": "primary_ground"}
    volts = {values[0]: values[1] for values in library.get_attributes("voltage_map")}
    assert volts == {"vdd": 1.2, "vss": 0}
    assert all(pin["related_power_pin"] == "vdd" for pin in cell.get_groups("pin"))


@pytest.mark.parametrize("broken", [("{", "", 1), ("direction :", "direction", 1), ("}\n}", "}", 1)])
def test_the_parser_sees_what_is_broken(broken: tuple[str, str, int], macro: ExportReport) -> None:
    text = (macro.folder / macro.files["lib"]).read_text()
    with pytest.raises(Exception, match=r"Unexpected|expected|Expected|IndexError"):
        parse_liberty(text.replace(*broken))


def test_the_configuration_names_files_that_are_there(macro: ExportReport) -> None:
    (entry,) = json.loads((macro.folder / "macro.json").read_text())["MACROS"].values()
    named = [path for key in ("gds", "lef", "vh", "spice") for path in entry[key]] + entry["lib"]["*"]
    assert len(named) == 5
    assert all((macro.folder / path.removeprefix("dir::")).is_file() for path in named)


def test_a_pin_that_was_left_out_is_told(macro: ExportReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def without_g(name, ports, *more):  # type: ignore[no-untyped-def]
        return liberty_text(name, [port for port in ports if port.name != "g"], *more)

    monkeypatch.setattr(librelane, "liberty_text", without_g)
    report = export_cell(build(NAME), "librelane", tmp_path / "m")
    assert report.checks["liberty"].state == "failed" and "g" in report.checks["liberty"].detail
    assert not report.clean


@pytest.mark.parametrize("volt", [0.0, 12.0])
def test_a_supply_that_is_none_is_refused(volt: float, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        export_cell(build(NAME), "librelane", tmp_path / "m", {"supply_v": volt})
    assert refused.value.field == "settings.supply_v"
    assert not list(tmp_path.iterdir())
