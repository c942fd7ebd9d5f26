"""The examples are drawn as in the committed reference: the XOR of each layer is empty, and the texts are the same."""

import klayout.db as kdb
import pytest
from conformance.draw_reference import FOLDER, reference

from analoom.cells import registry
from analoom.pdk.layers import Layer

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
LARGEST_BYTES = 1_000_000


def drawn(top, layout, layer):
    index = layout.layer(*layer.value)
    return kdb.Region(top.begin_shapes_rec(index)).merged(), sorted(map(str, kdb.Texts(top.begin_shapes_rec(index))))


@pytest.mark.parametrize(("name", "k"), EXAMPLES)
def test_layout_is_the_reference(name, k):
    cell = registry.build(name, registry.entries()[name].examples[k])
    layout = kdb.Layout()
    layout.read(str(reference(name, k)))
    assert layout.top_cell().name == cell.name
    for layer in Layer:
        shapes, texts = drawn(cell.layout, cell.layout.layout(), layer)
        wanted, names = drawn(layout.top_cell(), layout, layer)
        assert (shapes ^ wanted).is_empty(), layer
        assert texts == names, layer


def test_no_reference_is_left_over_and_all_are_small():
    files = list(FOLDER.glob("*.oas"))
    assert {f.name for f in files} == {reference(name, k).name for name, k in EXAMPLES}
    assert sum(f.stat().st_size for f in files) < LARGEST_BYTES


def test_one_moved_edge_is_seen():
    name, k = EXAMPLES[0]
    layout = kdb.Layout()
    layout.read(str(reference(name, k)))
    shapes, _ = drawn(layout.top_cell(), layout, Layer.MET1)
    assert not (shapes ^ shapes.sized(5)).is_empty()
