"""The examples are drawn as in the committed reference: the XOR of each layer is empty, and the texts are the same."""

import klayout.db as kdb
import pytest
from conformance import draw_reference
from conformance.draw_reference import EXAMPLES, FOLDER, differences, reference

from analoom.pdk.layers import Layer

LARGEST_BYTES = 1_000_000


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_layout_is_the_reference(name, k):
    assert differences(name, k) == []


def test_no_reference_is_left_over_and_all_are_small():
    files = list(FOLDER.glob("*.oas"))
    assert {f.name for f in files} == {reference(name, k).name for name, k in EXAMPLES}
    assert sum(f.stat().st_size for f in files) < LARGEST_BYTES


def test_one_moved_edge_is_seen(tmp_path, monkeypatch):
    name, k = "mosfet", 0
    layout = kdb.Layout()
    layout.read(str(reference(name, k)))
    shapes = layout.top_cell().shapes(layout.layer(*Layer.MET1.value))
    first = next(shapes.each())
    shapes.replace(first, first.bbox().enlarged(5, 0))
    layout.write(str(tmp_path / reference(name, k).name))
    monkeypatch.setattr(draw_reference, "FOLDER", tmp_path)
    assert differences(name, k) == ["MET1"]
