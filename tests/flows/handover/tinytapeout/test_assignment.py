"""Where the pins of a macro go in a tile of Tiny Tapeout, and what is refused before anything is drawn or written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analoom.cells.model.registry import build
from analoom.flows.cli.main import main
from analoom.flows.handover.run import export_cell
from analoom.flows.handover.tinytapeout.assignment import assignment
from analoom.flows.handover.tinytapeout.pin_kinds import FITS
from analoom.flows.handover.tinytapeout.receiver import plan_of
from analoom.flows.handover.tinytapeout.settings import TinyTapeoutSettings
from analoom.pdk.errors import SpecError

SMALL = ("charge_mac", {"inputs": 2, "bits": 2})


def given(cell: tuple[str, dict[str, Any]], **fields: Any) -> Any:
    return assignment(build(*cell), TinyTapeoutSettings.parse(fields))


def test_every_pin_of_a_macro_and_every_output_of_the_frame_is_told_of() -> None:
    found = given(SMALL)
    assert set(found.nets) == set(build(*SMALL).circuit.ports)
    assert {found.nets[port] for port in ("x0", "x1", "xb0", "xb1", "vcm", "out0")} == {f"ua[{n}]" for n in range(6)}
    assert found.nets["dout"] == "uo_out[0]"
    assert (found.nets["vdd"], found.nets["vss"]) == ("VDPWR", "VGND")
    outputs = {f"{bus}[{n}]" for bus in ("uo_out", "uio_out", "uio_oe") for n in range(8)}
    assert set(found.ties) == outputs - {"uo_out[0]"}
    assert set(found.ties.values()) == {"VGND"}


@pytest.mark.slow
def test_a_word_goes_bit_by_bit() -> None:
    found = given(("translinear", {"bits": 3, "top_metal": "met4"}))
    assert [found.nets[f"c{k}"] for k in range(3)] == ["ui_in[0]", "ui_in[1]", "ui_in[2]"]


def test_a_driven_bidirectional_pin_is_enabled_and_no_other() -> None:
    found = given(SMALL, pins={"dout": "uio[3]", "din": "uio[4]"})
    assert (found.nets["dout"], found.nets["din"]) == ("uio_out[3]", "uio_in[4]")
    assert found.ties["uio_oe[3]"] == "VDPWR"
    assert found.ties["uio_oe[4]"] == "VGND"
    assert "uio_out[3]" not in found.ties


def test_a_pin_may_be_left_open_or_tied() -> None:
    found = given(SMALL, pins={"dout": "open", "din": "VGND"})
    assert found.nets["dout"] not in ("uo_out[0]", "VGND")
    assert found.nets["din"] == "VGND"
    assert found.ties["uo_out[0]"] == "VGND"


@pytest.mark.parametrize(
    ("pins", "field"),
    [
        ({"none": "ua[0]"}, "settings.pins.none"),
        ({"x0": "ua[6]"}, "settings.pins.x0"),
        ({"x0": "ui[0]"}, "settings.pins.x0"),
        ({"x0": "../x"}, "settings.pins.x0"),
        ({"din": "uo[0]"}, "settings.pins.din"),
        ({"din": "uio_oe[0]"}, "settings.pins.din"),
        ({"din": "ena"}, "settings.pins.din"),
        ({"din": "open"}, "settings.pins.din"),
        ({"vdd": "VAPWR"}, "settings.pins.vdd"),
        ({"vdd": "open"}, "settings.pins.vdd"),
        ({"x0": "ua[0]", "x1": "ua[0]"}, "settings.pins.x1"),
        ({"din": "uio[0]", "dout": "uio[0]"}, "settings.pins.dout"),
        (dict.fromkeys(("x0", "x1", "xb0"), "VGND") | {"vcm": "ua[4]"}, "settings.pins"),
    ],
)
def test_what_no_tile_has_is_refused(pins: dict[str, str], field: str) -> None:
    with pytest.raises(SpecError) as refused:
        given(SMALL, pins=pins)
    assert refused.value.field == field


def test_a_supply_is_there_where_the_tile_has_it() -> None:
    assert given(SMALL, pins={"vdd": "VAPWR"}, uses_3v3=True).nets["vdd"] == "VAPWR"


def test_a_pin_of_no_known_kind_is_asked_for() -> None:
    with pytest.raises(SpecError, match="kind is not known") as refused:
        given(("unit_cap", {}))
    assert refused.value.field == "settings.pins"
    assert given(("unit_cap", {}), pins={"top": "ua[0]", "bottom": "ua[1]"}).analog_pins == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"top": "my_tile"}, "settings.top"),
        ({"top": "tt_um_a/b"}, "settings.top"),
        ({"tile": "9x9"}, "settings.tile"),
        ({"title": "two\nlines"}, "settings.title"),
        ({"author": " "}, "settings.author"),
        ({"analog_current": 0.005}, "settings.analog_current"),
        ({"precheck": "nowhere"}, "settings.precheck"),
        pytest.param({"analog_current": 0.003, "fill": False}, "settings.analog_current", marks=pytest.mark.slow),
    ],
)
def test_settings_are_refused_by_name_and_leave_nothing(fields: dict[str, Any], field: str, tmp_path: Path) -> None:
    with pytest.raises(Exception) as refused:
        export_cell(build("crossbar", {"rows": 1, "cols": 1}), "tinytapeout", tmp_path / "tile", fields)
    assert getattr(refused.value, "field", None) == field
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["charge_mac", "crossbar", "current_network"])
def test_the_size_that_is_named_fits(name: str) -> None:
    cell, settings = build(name, FITS[name]), TinyTapeoutSettings()
    found = assignment(cell, settings)
    assert 0 < found.analog_pins <= 6
    plan_of(cell, settings, found).require_room(cell)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["translinear", "pwm_tile"])
def test_the_size_that_is_named_fits_of_blocks_too(name: str) -> None:
    test_the_size_that_is_named_fits(name)


def test_a_network_of_currents_with_too_many_is_told_one_that_fits() -> None:
    with pytest.raises(SpecError, match="at most 6 analog") as refused:
        given(("current_network", {}))
    assert refused.value.remedy == "-p dims=[2,2]"


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        (["charge_mac", "-p", "inputs=4", "-p", "bits=2"], "name", "6 analog pins"),
        (
            ["charge_mac", "-p", "inputs=2", "-p", "bits=2", "-p", "outputs=8", "--set", "pins.x0=VGND"],
            "name",
            "analog",
        ),
        (["crossbar", "-p", "rows=64", "-p", "cols=64"], "name", "a tile has 6"),
        (["cap_array", "-p", "unit.device=cap_mim_m3_2", "-p", "weights=[1,1]"], "settings.pins", "kind"),
    ],
)
def test_too_much_for_a_tile_ends_with_2(
    words: list[str], field: str, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", *words, "--to", "tinytapeout", "--out", str(tmp_path / "tile"), "--json"])
    told = json.loads(capfd.readouterr().out)["error"]
    assert ended.value.code == 2
    assert told["field"] == field
    assert said in told["message"]
    assert not list(tmp_path.iterdir())
