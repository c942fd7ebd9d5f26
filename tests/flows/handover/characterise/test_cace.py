"""The datasheet for CACE: what is in it, CACE's figures against ours, and figures that are not ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from analoom.cells.model.registry import build
from analoom.flows.handover.characterise.by_cace import Simulated, tools_for_cace
from analoom.flows.handover.characterise.cace import compared
from analoom.flows.handover.characterise.template import schematic_text, template_of
from analoom.flows.handover.run import export_cell
from analoom.pdk.errors import InputError, SpecError, ToolError


@pytest.fixture
def without_cace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "fields", "supply_v", "metrics"),
    [
        ("mosfet", {}, 1.8, {"v_gs", "vth", "i_on"}),
        ("matched_pair", {"device": "pfet_g5v0d10v5"}, 3.3, {"v_gs", "vth", "offset", "delta_vth", "gain_error"}),
        (
            "current_mirror",
            {"ratios": (1, 2, 4)},
            1.8,
            {"v_in", "i_out1", "i_out2", "gain_error_out1", "gain_error_out2"},
        ),
    ],
)
def test_the_datasheet_names_pins_conditions_and_our_metrics(
    name: str, fields: dict[str, Any], supply_v: float, metrics: set[str], tmp_path: Path, without_cace: None
) -> None:
    cell = build(name, fields)
    report = export_cell(cell, "cace", tmp_path / "made", {"corners": ["tt", "ss"]})
    assert report.checks["cace"].state == "not run" and "cace is not installed" in report.checks["cace"].detail
    sheet = yaml.safe_load((report.folder / report.files["datasheet"]).read_text())
    assert (sheet["cace_format"], sheet["name"], sheet["PDK"]) == (5.2, cell.name, "sky130A")
    assert set(sheet["pins"]) == set(cell.circuit.ports)
    assert sheet["default_conditions"]["corner"]["enumerate"] == ["tt", "ss"]
    assert sheet["default_conditions"]["vdd"]["typical"] == supply_v
    (parameter,) = sheet["parameters"].values()
    assert set(parameter["spec"]) == metrics == set(parameter["tool"]["ngspice"]["variables"])
    template = report.folder / "cace" / "templates" / parameter["tool"]["ngspice"]["template"]
    asked = set(sheet["default_conditions"]) | {"PDK_ROOT", "PDK", "DUT_path", "simpath", "filename", "N"}
    words = template.read_text().replace("CACE\\{", "\0").split("\0")[1:]
    assert {word.partition("\\}")[0] for word in words} <= asked


def test_the_template_places_every_port_of_the_cell() -> None:
    cell = build("matched_pair")
    text = schematic_text(cell, template_of(cell), ["b"])
    assert all(f"lab={port}}}" in text for port in cell.circuit.ports)


def test_a_cell_without_a_bench_for_cace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mosfet, matched_pair and current_mirror"):
        export_cell(build("unit_cap"), "cace", tmp_path / "made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [("corners", ["tt", "tt"], SpecError), ("corners", ["xx"], SpecError), ("vdd", 3.3, InputError)],
)
def test_conditions_that_cannot_be_are_refused(field: str, value: Any, error: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(error) as refused:
        export_cell(build("mosfet"), "cace", tmp_path / "made", {field: value})
    assert str(getattr(refused.value, "field", "")).startswith(f"settings.{field}")
    assert not (tmp_path / "made").exists()


OWN = {"tt": {"v_gs": 0.66184765, "offset": 0.0}, "ss": {"v_gs": 0.7012, "offset": 0.0}}
GOOD = [
    Simulated("tt", {"v_gs": 0.661848, "offset": 2e-13}, {"v_gs": 0.662, "offset": 2e-13}),
    Simulated("ss", {"v_gs": 0.7012, "offset": 0.0}, {"v_gs": 0.701, "offset": 0.0}),
]


def _changed(
    corner: str, written: Mapping[str, float] | None = None, printed: Mapping[str, float] | None = None
) -> Any:
    return [
        Simulated(one.corner, {**one.written, **(written or {})}, {**one.printed, **(printed or {})})
        if one.corner == corner
        else one
        for one in GOOD
    ]


@pytest.mark.parametrize(
    ("found", "state", "said"),
    [
        (GOOD, "passed", "4 figures at 2 corners"),
        (GOOD[:1], "failed", "nothing for corner ss"),
        (_changed("ss", {"v_gs": 0.70125}), "failed", "v_gs at ss"),
        (_changed("tt", {"offset": 2e-6}), "failed", "offset at tt"),
        (_changed("tt", None, {"v_gs": 0.66}), "failed", "printed as 0.66"),
        ([Simulated("tt", {}, {}), GOOD[1]], "failed", "v_gs at tt: None"),
    ],
)
def test_figures_are_compared_one_by_one(found: list[Simulated], state: str, said: str) -> None:
    check = compared(found, OWN, ("v_gs", "offset"), "cace")
    assert check.state == state and said in check.detail


@pytest.mark.tools
@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "fields"),
    [("matched_pair", {}), ("current_mirror", {"device": "pfet_g5v0d10v5", "ratios": (1, 2)})],
)
def test_cace_prints_what_analoom_sim_prints(name: str, fields: dict[str, Any], tmp_path: Path) -> None:
    """Where CACE and xschem are installed; where not, the check says what is missing. A minute a corner."""
    try:
        tools_for_cace()
        wanted = "passed"
    except ToolError:
        wanted = "not run"
    report = export_cell(build(name, fields), "cace", tmp_path / "made")
    assert report.checks["cace"].state == wanted
