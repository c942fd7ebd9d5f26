"""Every registered cell as a gdsfactory component: same geometry, ports from the pins."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.model.gdsfactory_pdk import _nearest_side
from analoom.cells.model.registry import build, entries

gf = pytest.importorskip("gdsfactory")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def activated() -> None:
    from analoom.cells.model.gdsfactory_pdk import pdk

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
    component = gf.get_component("mosfet", w=3)
    assert {port.name for port in component.ports} == set(build("mosfet", {"w": 3}).circuit.ports)


def test_the_same_spec_gives_the_same_component() -> None:
    from analoom.cells.model.gdsfactory_pdk import to_component

    assert gf.get_component("mosfet", w=3) is gf.get_component("mosfet", w=3) is to_component(build("mosfet", {"w": 3}))


@pytest.mark.parametrize(
    ("pin", "side"),
    [((110, 400, 300, 600), "left"), ((700, 400, 890, 600), "right"), ((400, 220, 600, 400), "bottom"),
     ((400, 600, 600, 790), "top")],
)  # fmt: skip
def test_a_port_faces_the_border_that_its_pin_is_nearest_to(pin: tuple[int, ...], side: str) -> None:
    """In a cell of 0.8 um by 0.6 um from (0.1, 0.2) um."""
    assert _nearest_side(kdb.Box(*pin), kdb.Box(100, 200, 900, 800)) == side
