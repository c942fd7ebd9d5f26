"""The Pdk in gdsfactory: layers, wires, vias, heights and views, against the rules and heights as published."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.flows.drc import run_drc
from analoom.flows.files.layout_source import of_file

gf = pytest.importorskip("gdsfactory")
pytestmark = pytest.mark.slow

WIDTHS_UM = {"li1": 0.17, "met1": 0.14, "met2": 0.14, "met3": 0.3, "met4": 0.3, "met5": 1.6}
"""li.1, m1.1 to m5.1 of the SkyWater rules."""


@pytest.fixture(scope="module", autouse=True)
def activated() -> None:
    from analoom.flows.gdsfactory import pdk

    pdk().activate()


@pytest.mark.parametrize("metal", WIDTHS_UM)
def test_a_wire_has_the_least_width_of_its_rule(metal: str) -> None:
    wire = gf.get_cross_section(metal)
    assert (wire.width, wire.layer) == (pytest.approx(WIDTHS_UM[metal], abs=1e-6), metal.upper())


@pytest.mark.parametrize(
    ("name", "pair"), [("MET1", (68, 20)), ("VIA2", (69, 44)), ("MET5_PIN", (72, 16)), ("LABEL_INSTANCE", (83, 44))]
)
def test_layers_have_their_numbers(name: str, pair: tuple[int, int]) -> None:
    """Of the SkyWater layer table: met1, via2, met5 pin and text drawing."""
    found = gf.get_layer_info(name)
    assert (found.layer, found.datatype) == pair


def test_heights_are_those_of_the_metal_stack_drawing() -> None:
    """Metal 3 from 2.7861 um, 0.845 um thick; via2 from the top of metal 2 (2.0061 + 0.36 um) up to it."""
    levels = gf.get_active_pdk().layer_stack.layers
    assert (levels["met3"].zmin, levels["met3"].thickness) == pytest.approx((2.7861, 0.845), abs=1e-6)
    assert (levels["via2"].zmin, levels["via2"].thickness) == pytest.approx((2.3661, 0.42), abs=1e-6)


def test_a_layer_has_the_colour_of_our_pictures() -> None:
    assert gf.get_active_pdk().layer_views.get_from_tuple((68, 20)).fill_color.as_hex() == "#1a73e8"


def test_a_cell_is_drawn_in_three_dimensions() -> None:
    """The capacitor's highest metal is met4, whose top is at 4.0211 + 0.845 um."""
    scene = gf.get_component("unit_cap").to_3d()
    assert scene.bounds[1][2] == pytest.approx(4.8661, abs=1e-6)


def test_a_cell_is_plotted() -> None:
    assert gf.get_component("unit_cap").plot(return_fig=True) is not None


def _joined(folder: Path, without: tuple[int, int] | None = None) -> Path:
    """Every via between wires of 4 um of the width asked for; `without` leaves a layer out."""
    name = f"vias_{without[0]}_{without[1]}" if without else "vias"
    chip = gf.Component(name)
    for row, (low, high) in enumerate(combinations(WIDTHS_UM, 2)):
        widths = {"width1": gf.get_cross_section(low).width, "width2": gf.get_cross_section(high).width}
        via = chip.add_ref(gf.get_component(f"via_{low}_{high}", **widths))
        via.move((0, 6 * row))
        for port, metal in (("e1", low), ("e2", high)):
            chip.add_ref(gf.get_component("straight", length=4, cross_section=metal)).connect("e1", via.ports[port])
    chip.flatten()
    if without:
        chip.kdb_cell.shapes(chip.kcl.layer(*without)).clear()
    return Path(chip.write_gds(folder / f"{name}.gds"))


def test_every_via_is_clean_and_joins_its_wires(tmp_path: Path) -> None:
    file = _joined(tmp_path)
    run_drc(of_file(file, None), ("fast",), tmp_path).require_clean()
    assert _pieces(file) == len(list(combinations(WIDTHS_UM, 2)))


def test_vias_without_a_cut_join_nothing(tmp_path: Path) -> None:
    """Of the 15 vias 9 pass from met2 or below to met3 or above, through via2."""
    file = _joined(tmp_path, without=(69, 44))
    assert _pieces(file) == 15 + 9


def _pieces(file: Path) -> int:
    """Pieces of metal joined by cuts, counted by klayout's own extractor."""
    layout = kdb.Layout()
    layout.read(str(file))
    extracted = kdb.LayoutToNetlist(kdb.RecursiveShapeIterator(layout, layout.top_cell(), []))
    stack = [
        (67, 20),
        (67, 44),
        (68, 20),
        (68, 44),
        (69, 20),
        (69, 44),
        (70, 20),
        (70, 44),
        (71, 20),
        (71, 44),
        (72, 20),
    ]
    regions = [extracted.make_layer(layout.layer(*pair), f"l{pair[0]}_{pair[1]}") for pair in stack]
    for region in regions:
        extracted.connect(region)
    for below, above in pairwise(regions):
        extracted.connect(below, above)
    extracted.extract_netlist()
    return len(list(next(extracted.netlist().each_circuit()).each_net()))
