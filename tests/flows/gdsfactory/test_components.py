"""Every registered cell as a gdsfactory component: same geometry, ports from the pins."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.model.cell import Cell, Pin
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import build, entries
from analoom.pdk.layers import Layer

gf = pytest.importorskip("gdsfactory")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def activated() -> None:
    from analoom.flows.gdsfactory import pdk

    pdk().activate()


def test_the_pdk_holds_every_registered_cell() -> None:
    assert set(entries()) <= set(gf.get_active_pdk().cells)


def test_a_component_is_drawn_as_the_cell_is(tmp_path: Path) -> None:
    component = gf.get_component("matched_pair", w=6, l=0.5)
    component.write_gds(tmp_path / "theirs.gds")
    build("matched_pair", {"w": 6, "l": 0.5}).write(tmp_path / "ours.gds")
    theirs, ours = kdb.Layout(), kdb.Layout()
    theirs.read(str(tmp_path / "theirs.gds"))
    ours.read(str(tmp_path / "ours.gds"))
    assert kdb.LayoutDiff().compare(theirs, ours, kdb.LayoutDiff.NoProperties)


def test_ports_carry_the_names_of_the_circuit() -> None:
    from analoom.flows.gdsfactory.components import port_names

    cell = build("mosfet", {"w": 3})
    component = gf.get_component("mosfet", w=3)
    assert set(cell.circuit.ports) <= {port.name for port in component.ports} == set(port_names(cell))
    assert set(port_names(cell).values()) == set(cell.circuit.ports)


def test_every_cell_has_a_port_for_each_pin() -> None:
    from analoom.flows.gdsfactory import to_component

    for name in entries():
        cell = build(name)
        assert set(cell.circuit.ports) <= {port.name for port in to_component(cell).ports}, name


def test_the_same_spec_gives_the_same_component() -> None:
    from analoom.flows.gdsfactory import to_component

    assert gf.get_component("mosfet", w=3) is gf.get_component("mosfet", w=3) is to_component(build("mosfet", {"w": 3}))


def test_a_component_is_drawn_anew_when_gdsfactory_has_thrown_it_away() -> None:
    size = str(gf.get_component("mosfet", w=3.5).dbbox())
    gf.get_component("mosfet", w=3.5).delete()
    assert str(gf.get_component("mosfet", w=3.5).dbbox()) == size


def test_a_cell_that_came_inside_another_is_a_component_too() -> None:
    """A plate of 3.3 um with met3 0.14 um around it on three sides (capm.3)."""
    gf.get_component("cap_array", weights=[1, 1], unit={"w": 3.3})
    unit = gf.get_component("unit_cap", w=3.3)
    assert unit.name == "unit_cap_w3p3"
    assert unit.dbbox().width() == pytest.approx(3.3 + 2 * 0.14, abs=1e-6)


def test_names_and_settings_survive_a_file(tmp_path: Path) -> None:
    chip = gf.Component("survivor")
    chip.add_ref(gf.get_component("mosfet", w=3), name="m")
    layout = gf.kf.KCLayout("read_back")
    layout.read(chip.write_gds(tmp_path / "chip.gds"))
    cell = next(iter(layout["survivor"].insts)).cell
    assert (cell.function_name, cell.settings["w"], cell.settings["device"]) == ("mosfet", 3.0, "nfet_01v8")
    ports = {(port.name, port.orientation) for port in gf.get_component("mosfet", w=3).ports}
    assert {(port.name, port.to_dtype().orientation) for port in cell.ports} == ports


def test_the_bars_of_a_pair_are_met_from_both_ends() -> None:
    """Its gates lie on met2 from border to border, 0.29 um wide: a via2 lands on them (0.2 + 2 x 0.045 um)."""
    ports = gf.get_component("matched_pair", w=4).ports
    for name, angle in (("g1", 180), ("g1_right", 0), ("s_2_bottom", 270)):
        assert (ports[name].orientation, ports[name].width) == (angle, pytest.approx(0.29, abs=1e-6))
    assert not {"g1_top", "g1_bottom"} & {port.name for port in ports}


def _cell(pin: tuple[int, ...], *walls: tuple[int, ...]) -> Cell:
    """A cell of 0.8 um by 0.6 um from (0.1, 0.2) um with a pin on met1, and other met1 in it."""
    drawing = Drawing(f"sides_{abs(hash((pin, walls)))}")
    drawing.box(Layer.NWELL, 100, 200, 900, 800)
    for box in (pin, *walls):
        drawing.box(Layer.MET1, *box)
    return Cell(drawing.cell.name, "", build("mosfet").spec, drawing.cell, build("mosfet").circuit, (_pin(pin),))


def _pin(box: tuple[int, ...]) -> Pin:
    return Pin("p", Layer.MET1, kdb.Box(*box))


@pytest.mark.parametrize(
    ("pin", "side"),
    [((110, 400, 300, 600), "left"), ((700, 400, 890, 600), "right"), ((400, 220, 600, 400), "bottom"),
     ((400, 600, 600, 790), "top")],
)  # fmt: skip
def test_a_port_faces_the_border_that_its_pin_is_nearest_to(pin: tuple[int, ...], side: str) -> None:
    from analoom.flows.gdsfactory.components import sides

    assert sides(_cell(pin), _pin(pin))[0] == side


def test_no_port_faces_metal_in_the_way_or_closer_than_the_rule_beside_it() -> None:
    """m1.2: 0.14 um."""
    from analoom.flows.gdsfactory.components import sides

    pin, in_the_way = (400, 400, 600, 600), (150, 450, 250, 550)
    too_near, far_enough = (700, 735, 850, 790), (700, 740, 850, 790)
    assert set(sides(_cell(pin), _pin(pin))) == {"left", "right", "bottom", "top"}
    assert set(sides(_cell(pin, in_the_way), _pin(pin))) == {"right", "bottom", "top"}
    assert "right" not in sides(_cell(pin, too_near), _pin(pin))
    assert "right" in sides(_cell(pin, far_enough), _pin(pin))
