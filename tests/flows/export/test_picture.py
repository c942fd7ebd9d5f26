"""Pictures: every layer has a look, and a drawn layer shows in its colour."""

from __future__ import annotations

from pathlib import Path

import klayout.db as kdb
import pytest
from PIL import Image

from analoom.cells.model.registry import build
from analoom.flows.export.looks import LOOKS, write_layer_properties
from analoom.flows.export.picture import WIDTH_PX, close_up, layers_drawn, write_picture
from analoom.pdk.layers import Layer, Marker


def _picture_of(tmp_path: Path, *layers: Layer) -> Image.Image:
    layout = kdb.Layout()
    top = layout.create_cell("top")
    for layer in layers:
        top.shapes(layout.layer(*layer.value)).insert(kdb.Box(0, 0, 2000, 1000))
    layout.write(str(tmp_path / "t.gds"))
    return Image.open(write_picture(tmp_path / "t.gds", tmp_path / "t.png")).convert("RGB")


def test_every_drawing_layer_has_a_look() -> None:
    assert set(LOOKS) == {layer for layer in Layer if not layer.name.endswith(("_PIN", "_LABEL"))}


@pytest.mark.parametrize("layer", [Layer.MET1, Layer.POLY, Layer.CAPM])
def test_a_layer_shows_in_its_colour_and_only_when_drawn(layer: Layer, tmp_path: Path) -> None:
    colour = (LOOKS[layer].colour >> 16, LOOKS[layer].colour >> 8 & 255, LOOKS[layer].colour & 255)
    other = Layer.NWELL
    assert colour in {c for _, c in _picture_of(tmp_path, layer).getcolors(1 << 20)}
    assert colour not in {c for _, c in _picture_of(tmp_path, other).getcolors(1 << 20)}


def test_the_picture_has_the_shape_of_the_cell(tmp_path: Path) -> None:
    assert _picture_of(tmp_path, Layer.MET1).size == (WIDTH_PX, WIDTH_PX // 2)


def test_the_legend_lists_what_is_drawn() -> None:
    layout = kdb.Layout()
    layout.create_cell("top").shapes(layout.layer(*Layer.MET2.value)).insert(kdb.Box(0, 0, 1, 1))
    layout.layer(*Layer.MET3.value)
    assert layers_drawn(layout) == [Layer.MET2]


def test_only_a_large_cell_gets_a_close_up_of_its_corner() -> None:
    assert close_up(kdb.Box(0, 0, 9000, 9000)) is None
    window = close_up(kdb.Box(-5000, 1000, 95000, 90000))
    assert window is not None
    assert (window.left, window.bottom) == (-5.0, 1.0)


def test_a_real_cell_is_drawn_in_many_colours(tmp_path: Path) -> None:
    gds = build("mosfet").write(tmp_path / "m.gds")
    colours = Image.open(write_picture(gds, tmp_path / "m.png")).convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 10


def test_klayout_reads_the_layer_properties_back(tmp_path):
    """Every layer analoom names, drawing, pin, label and marker, once, under its number."""
    import klayout.lay as lay

    view = lay.LayoutView()
    view.load_layer_props(str(write_layer_properties(tmp_path)))
    nodes = list(view.each_layer())
    named = {node.name: node.source.split("@")[0] for node in nodes}
    assert len(nodes) == len(named) == len(Layer) + len(Marker)
    assert named["met1"] == "68/20" and named["met1_pin"] == "68/16" and named["polyres"] == "66/13"
    assert next(node for node in nodes if node.name == "met1").fill_color & 0xFFFFFF == LOOKS[Layer.MET1].colour
