"""Cells placed and routed in gdsfactory: clean, matching what was meant, and caught where a route goes wrong."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
import yaml

from analoom.flows.drc import run_drc
from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs import run_lvs
from analoom.pdk.errors import InputError

gf = pytest.importorskip("gdsfactory")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MEANT = [(f"left,{pin}", f"right,{pin}") for pin in ("g", "d", "b")]
SCHEMATIC = """
name: two_from_yaml
instances:
  left: {component: mosfet, settings: {w: 3}}
  right: {component: mosfet, settings: {w: 3, nf: 2}}
placements:
  right: {x: 12, y: 2}
routes:
  wires:
    routing_strategy: route_bundle_electrical
    settings: {separation: 0.5}
    links: {"left,g_right": "right,g", "left,d_right": "right,d", "left,s_right": "right,s"}
  bodies:
    routing_strategy: route_bundle_electrical
    settings: {cross_section: met1, start_straight_length: 2}
    links: {"left,b_bottom": "right,b_bottom"}
ports: {g: "left,g", d: "left,d", s: "left,s", b: "left,b"}
"""


@pytest.fixture(scope="module", autouse=True)
def activated() -> None:
    from analoom.flows.gdsfactory import pdk

    pdk().activate()


def two_transistors(name: str, drain_to: str = "d") -> gf.Component:
    """Two transistors with gates, drains and bodies joined; `drain_to`: where the wire from the left drain ends."""
    from analoom.flows.gdsfactory import draw_pins

    chip, cell = gf.Component(name), gf.get_component("mosfet", w=3)
    left, right = chip.add_ref(cell, name="left"), chip.add_ref(cell, name="right")
    right.move((12, 2))
    ends = [left.ports["g_right"], left.ports["d_right"]], [right.ports["g"], right.ports[drain_to]]
    gf.routing.route_bundle_electrical(chip, *ends, cross_section="metal_routing", separation=0.5)
    bodies = [left.ports["b_bottom"]], [right.ports["b_bottom"]]
    gf.routing.route_bundle_electrical(chip, *bodies, cross_section="met1", start_straight_length=2)
    for pin in "gdsb":
        chip.add_port(pin, port=left.ports[pin])
    chip.add_port("s2", port=right.ports["s_right"])
    draw_pins(chip)
    return chip


def verdicts(chip: gf.Component, folder: Path, links: list[tuple[str, str]] | None) -> tuple[bool, bool]:
    """Whether DRC is clean, and whether LVS is, against `links` or what gdsfactory finds."""
    from analoom.flows.gdsfactory import circuit_of

    source = of_file(Path(chip.write_gds(folder / f"{chip.name}.gds")), None)
    drc = run_drc(source, ("fast",), folder)
    lvs = run_lvs(source, circuit_of(chip, links).spice(), chip.name, folder)
    return drc.clean, lvs.clean


def test_what_is_routed_is_clean_and_matches_what_was_meant(tmp_path: Path) -> None:
    chip = two_transistors("routed")
    assert verdicts(chip, tmp_path, MEANT) == (True, True)
    assert verdicts(chip, tmp_path, None) == (True, True)


def test_a_route_to_the_wrong_port_is_caught(tmp_path: Path) -> None:
    """It keeps every rule: only what was meant tells."""
    assert verdicts(two_transistors("wrong", drain_to="s"), tmp_path, MEANT) == (True, False)


def test_a_short_that_no_port_tells_is_caught(tmp_path: Path) -> None:
    """A strip of met2 from the drain's wire to the end of the source, 0.4 um below it."""
    chip = two_transistors("shorted")
    x, y = chip.insts["left"].ports["d_right"].center
    chip.add_polygon([(x, y - 0.53), (x + 0.3, y - 0.53), (x + 0.3, y + 0.13), (x, y + 0.13)], layer=(69, 20))
    assert not verdicts(chip, tmp_path, None)[1]


def test_a_wire_that_misses_its_pin_is_caught(tmp_path: Path) -> None:
    from analoom.flows.gdsfactory import circuit_of

    chip = two_transistors("missed")
    meant = circuit_of(chip).spice()
    wire = next(inst for inst in chip.insts if inst.cell.function_name == "straight")
    wire.delete()
    source = of_file(Path(chip.write_gds(tmp_path / "missed.gds")), None)
    assert not run_lvs(source, meant, "missed", tmp_path).clean


def test_a_pic_yml_is_drawn_and_its_links_are_what_was_meant(tmp_path: Path) -> None:
    from analoom.flows.gdsfactory import draw_pins, links_of

    chip = gf.read.from_yaml(SCHEMATIC)
    draw_pins(chip)
    assert verdicts(chip, tmp_path, links_of(yaml.safe_load(SCHEMATIC))) == (True, True)


def test_a_wire_of_the_router_for_single_wires_is_told_by_links(tmp_path: Path) -> None:
    """It draws no instance: gdsfactory finds nothing there."""
    from analoom.flows.gdsfactory import circuit_of

    chip, cell = gf.Component("single_wire"), gf.get_component("mosfet", w=3)
    left, right = chip.add_ref(cell, name="left"), chip.add_ref(cell, name="right")
    right.move((12, 2))
    gf.routing.route_single_electrical(chip, left.ports["d_right"], right.ports["d"])
    run_drc(of_file(Path(chip.write_gds(tmp_path / "chip.gds")), None), ("fast",), tmp_path).require_clean()
    apart, joined = circuit_of(chip).instances, circuit_of(chip, [("left,d", "right,d")]).instances
    assert apart[0].nets["d"] != apart[1].nets["d"]
    assert joined[0].nets["d"] == joined[1].nets["d"]


@pytest.mark.parametrize("link", [("left,d", "right,drain"), ("left,d", "middle,d")])
def test_a_link_to_nothing_is_refused(link: tuple[str, str]) -> None:
    from analoom.flows.gdsfactory import circuit_of

    chip = gf.Component(f"no_{link[1].replace(',', '_')}")
    for name in ("left", "right"):
        chip.add_ref(gf.get_component("mosfet", w=3), name=name)
    with pytest.raises(InputError, match=f"no port {link[1]}"):
        circuit_of(chip, [link])


def test_a_component_without_cells_is_refused() -> None:
    from analoom.flows.gdsfactory import circuit_of

    with pytest.raises(InputError, match="no instance of a registered cell"):
        circuit_of(gf.Component("bare"))


def test_the_example_prints_that_both_checks_are_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gdsfactory_pair.py", str(tmp_path)])
    runpy.run_path(str(ROOT / "tests/examples/gdsfactory_pair.py"))
    said = capsys.readouterr().out
    assert "two_pairs: DRC clean" in said and "two_pairs: LVS clean" in said


@pytest.mark.tools
@pytest.mark.full
def test_the_official_engines_agree(tmp_path: Path) -> None:
    from analoom.flows.gdsfactory import circuit_of

    chip = two_transistors("signed_off")
    source = of_file(Path(chip.write_gds(tmp_path / "chip.gds")), None)
    run_drc(source, ("fast", "klayout", "magic"), tmp_path).require_clean()
    run_lvs(source, circuit_of(chip).spice(), "signed_off", tmp_path, ("fast", "netgen")).require_clean()
