"""The folder of an analog project: pads, Verilog by slang, and the LVS set-up by the precheck's own reader."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import klayout.db as kdb
import pytest
from cf_precheck.checks.illegal_cellname import run_illegal_cellname_check
from cf_precheck.checks.topcell import check_top_cells
from cf_precheck.config import get_project_config, parse_config_file
from pyslang.syntax import SyntaxTree

from analoom.cells.model.registry import build
from analoom.flows.export.port_names import Port
from analoom.flows.export.verilog_stub import verilog_text
from analoom.flows.handover.chipignite.frame_check import outside_unchanged
from analoom.flows.handover.chipignite.project import PADS, lvs_config, pad_of, user_defines, wrapper_verilog
from analoom.flows.handover.chipignite.receiver import PLACES, ChipigniteSettings, assigned
from analoom.flows.handover.run import export_cell
from analoom.pdk.errors import SpecError
from analoom.pdk.shuttle.caravan_frame import WRAPPER, frame_pins

NETS = {"d": "gpio_analog[0]", "g": "gpio_analog[7]", "s": "io_analog[3]", "b": "vssd1"}


def ports(count: int) -> tuple[Port, ...]:
    supplies = (Port("vdd", "power", ()), Port("vss", "ground", ()))
    return (*(Port(f"p{k}", "signal", ()) for k in range(count)), *supplies)


def test_pins_get_the_pads_in_order_and_those_that_were_asked_for() -> None:
    nets = assigned(ports(20), ChipigniteSettings(pins={"p1": "io_analog[10]"}, power="vdda1", ground="vssa1"))
    assert nets["p0"] == "gpio_analog[0]" and nets["p1"] == "io_analog[10]" and nets["p2"] == "gpio_analog[1]"
    assert nets["p18"] == "gpio_analog[17]" and nets["p19"] == "io_analog[0]"
    assert (nets["vdd"], nets["vss"]) == ("vdda1", "vssa1")
    assert len(set(nets.values())) == len(nets)


@pytest.mark.parametrize(
    ("count", "fields", "field"),
    [
        (len(PLACES) + 1, {}, "name"),
        (2, {"pins": {"p9": "gpio_analog[0]"}}, "pins.p9"),
        (2, {"pins": {"vdd": "gpio_analog[0]"}}, "pins.vdd"),
        (2, {"pins": {"p0": "io_out[3]"}}, "pins.p0"),
        (2, {"pins": {"p0": "vccd1"}}, "pins.p0"),
        (2, {"power": "vssd1"}, "power"),
        (2, {"ground": "gnd"}, "ground"),
    ],
)
def test_what_cannot_be_wired_is_refused(count: int, fields: dict[str, object], field: str) -> None:
    with pytest.raises(SpecError) as refused:
        assigned(ports(count), ChipigniteSettings.parse(fields))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("net", "pad"),
    [
        ("gpio_analog[0]", 7),
        ("gpio_noesd[6]", 13),
        ("gpio_analog[7]", 25),
        ("gpio_analog[17]", 35),
        ("io_analog[0]", None),
    ],
)
def test_pads_by_number(net: str, pad: int | None) -> None:
    """gpio_analog[17:7] are mprj_io[35:25] and [6:0] mprj_io[13:7]: the comments of the wrapper's Verilog."""
    assert pad_of(net) == pad


def test_pads_in_use_are_analog_and_the_others_idle() -> None:
    lines = user_defines(NETS).splitlines()
    modes = {int(line.split("_")[3]): line.split("`")[2] for line in lines if "_INIT" in line}
    assert set(modes) == set(PADS)
    assert sorted(pad for pad, mode in modes.items() if mode.endswith("ANALOG")) == [7, 25]


def test_slang_reads_the_wrapper_with_and_without_supplies() -> None:
    macro = build("mosfet")
    for define in ("", "`define USE_POWER_PINS\n"):
        text = f"{define}{wrapper_verilog(macro, NETS)}{verilog_text(macro)}"
        assert not list(SyntaxTree.fromText(text).diagnostics)
        assert list(SyntaxTree.fromText(text.replace(".d(", ".d")).diagnostics)
    assert "input [31:0] wbs_dat_i" in wrapper_verilog(macro, NETS)
    assert ".g(gpio_analog[7])" in wrapper_verilog(macro, NETS)


def test_the_precheck_reads_the_lvs_set_up(tmp_path: Path) -> None:
    path = tmp_path / "lvs_config.json"
    path.write_text(json.dumps(lvs_config()))
    room = Path(str(sys.modules["cf_precheck"].__file__)).parent / "be_checks"
    env = {"UPRJ_ROOT": "/p", "LVS_ROOT": str(room), "PDK": "sky130A", "PDK_ROOT": "/pdk", "INCLUDE_CONFIGS": ""}
    assert parse_config_file(str(path), env)
    assert env["TOP_LAYOUT"] == env["TOP_SOURCE"] == WRAPPER
    assert env["LAYOUT_FILE"] == f"/p/gds/{WRAPPER}.gds" and f"/p/netgen/{WRAPPER}.spice" in env["LVS_SPICE_FILES"]
    path.write_text(json.dumps({**lvs_config(), "LAYOUT_FILE": "/absolute.gds"}))
    assert not parse_config_file(str(path), dict(env)), "the reader refuses what is wrong"


def frame_alone(path: Path, more: kdb.Box) -> Path:
    layout = kdb.Layout()
    top = layout.create_cell(WRAPPER)
    for pin in frame_pins():
        top.shapes(layout.layer(*pin.layer.value)).insert(kdb.Box(*pin.box))
        top.shapes(layout.layer(*pin.layer.pin.value)).insert(kdb.Box(*pin.marked))
    top.shapes(layout.layer(68, 20)).insert(more)
    layout.write(str(path))
    return path


@pytest.mark.parametrize(
    ("more", "state"),
    [(kdb.Box(1000, 1000, 2000, 2000), "passed"), (kdb.Box(-500, 1000, 500, 2000), "failed")],
)
def test_what_is_changed_outside_is_told(more: kdb.Box, state: str, tmp_path: Path) -> None:
    check = outside_unchanged(frame_alone(tmp_path / "wrapper.gds", more))
    assert check.state == state
    assert state == "passed" or "68/20: 1 differences" in check.detail


@pytest.mark.full
@pytest.mark.tools
def test_a_project_passes_every_check_and_the_precheck_takes_it(tmp_path: Path) -> None:
    report = export_cell(build("opamp"), "chipignite", tmp_path / "project", {"pins": {"out": "io_analog[4]"}})
    assert report.clean, report.to_json()["checks"]
    gds = tmp_path / "project" / report.files["gds"]
    assert check_top_cells(gds) and run_illegal_cellname_check(gds)
    assert get_project_config(tmp_path / "project", tmp_path)["type"] == "analog"
