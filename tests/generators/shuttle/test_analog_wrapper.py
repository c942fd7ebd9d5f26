"""A macro wired in the analog user area: clean and matching; a wire less or two pads for one another are seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.shuttle.analog_area import WrapperPlan, analog_wrapper
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.caravan_frame import HEIGHT_NM, WIDTH_NM, WRAPPER, port_names
from broken import twin

NETS = {"d": "gpio_analog[0]", "g": "io_analog[5]", "s": "gpio_analog[17]", "b": "vssd1"}
"""A pad on the right, one above with three levels, one on the left."""


@pytest.fixture(scope="module")
def wrapper() -> Cell:
    return analog_wrapper(build("mosfet"), WrapperPlan(NETS, ["io_analog[5]"]))


@pytest.mark.full
def test_the_wrapper_is_clean_and_matches(wrapper: Cell, tmp_path: Path) -> None:
    run_drc(of_cell(wrapper), ("fast",), tmp_path).require_clean()
    run_lvs(of_cell(wrapper), wrapper.spice(), WRAPPER, tmp_path).require_clean()


def test_its_ports_are_those_of_the_frame_and_its_macro_has_a_diode_on_the_gate(wrapper: Cell) -> None:
    assert wrapper.circuit.ports == port_names()
    assert wrapper.circuit.device_count() == 2
    core = wrapper.instances[0].cell.circuit
    assert [part.circuit.name.split("_w")[0] for part in core.instances] == ["mosfet", "antenna_diode"]
    assert core.instances[1].nets["c"] == "io_analog[5]"


@pytest.mark.full
@pytest.mark.parametrize("layer", [Layer.VIA3, Layer.MET4])
def test_wires_without_a_level_are_open(layer: Layer, wrapper: Cell, tmp_path: Path) -> None:
    def without(copy, top):  # type: ignore[no-untyped-def]
        top.shapes(copy.layer(*layer.value)).clear()

    report = run_lvs(twin(wrapper, without), wrapper.spice(), WRAPPER, tmp_path)
    assert not report.clean and any("gpio_analog" in line or "io_analog" in line for line in report.differences)


@pytest.mark.slow
def test_it_matches_and_with_two_pads_for_one_another_it_does_not(wrapper: Cell, tmp_path: Path) -> None:
    text = wrapper.spice()
    run_lvs(of_cell(wrapper), text, WRAPPER, tmp_path).require_clean()
    head, _, call = text.rpartition("Xcore ")
    swapped = (
        call.replace("gpio_analog[0] ", "X ").replace("io_analog[5] ", "gpio_analog[0] ").replace("X ", "io_analog[5] ")
    )
    assert swapped != call
    assert not run_lvs(of_cell(wrapper), f"{head}Xcore {swapped}", WRAPPER, tmp_path).clean


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"d": "gpio_analog[18]"}, "a pin of the wrapper"),
        ({"d": "la_data_in[0]"}, "lower edge"),
        ({"d": "io_analog[5]"}, "one port alone"),
    ],
)
def test_pads_that_cannot_be_are_refused(changed: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError) as refused:
        analog_wrapper(build("mosfet"), WrapperPlan({**NETS, **changed}))
    assert refused.value.field == "pins" and said in refused.value.message


def test_a_macro_larger_than_the_area_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analoom.generators.shuttle.analog_area.WIDTH_NM", 201_000)
    with pytest.raises(SpecError) as refused:
        analog_wrapper(build("mosfet"), WrapperPlan(NETS))
    assert refused.value.field == "name"
    assert (WIDTH_NM, HEIGHT_NM) == (2_920_000, 3_520_000)
