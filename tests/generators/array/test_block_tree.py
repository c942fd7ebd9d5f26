"""The tree: few blocks of few children whatever the size, labels and ports of a block one to one."""

from dataclasses import replace

import pytest

from analoom.cells.model import registry
from analoom.generators.array.block_tree import block, child_side, lines_of
from analoom.pdk.errors import InputError


def unit():
    return registry.build("synapse_2t1c")


def blocks_below(cell):
    """Every block of the tree by name."""
    found = {cell.name: cell}
    for instance in cell.instances:
        if instance.cell.instances and instance.cell.name not in found:
            found |= blocks_below(instance.cell)
    return found


@pytest.mark.parametrize(
    ("rows", "cols", "side"),
    [(1, 1, 1), (4, 4, 1), (4, 5, 4), (16, 1, 4), (17, 3, 16), (64, 64, 16), (512, 2048, 1024), (4096, 1, 1024)],
)
def test_children_are_powers_of_four(rows, cols, side):
    assert child_side(rows, cols) == side


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (3, 5), (13, 9), (64, 64), (67, 130), (512, 2048)])
def test_blocks_are_small_and_hold_every_unit_once(rows, cols):
    tree = blocks_below(block(unit(), rows, cols))
    assert all(len(b.instances) <= 16 for b in tree.values())
    assert block(unit(), rows, cols).circuit.device_count() == 3 * rows * cols


def test_a_million_synapses_are_a_handful_of_blocks():
    assert len(blocks_below(block(unit(), 512, 2048))) == 6  # 4, 16, 64, 256 squared, 512 x 1024 and the whole


def test_equal_blocks_are_shared():
    large, small = blocks_below(block(unit(), 20, 20)), blocks_below(block(unit(), 16, 16))
    assert large["synapse_2t1c_b16x16"] is small["synapse_2t1c_b16x16"]


@pytest.mark.parametrize(("rows", "cols"), [(1, 7), (3, 5), (13, 9)])
def test_ports_are_one_a_line_and_the_bulk_once(rows, cols):
    wanted = [f"{line}{i}" for line in ("row", "wwl", "vc") for i in range(rows)]
    wanted += [f"{line}{j}" for line in ("col", "wbl") for j in range(cols)]
    ports = block(unit(), rows, cols).circuit.ports
    assert sorted(ports) == sorted([*wanted, "vss"])


def test_every_port_is_labelled_on_its_wire():
    cell = block(unit(), 3, 5)
    layout = cell.layout.layout()
    for pin in cell.pins:
        texts = cell.layout.shapes(layout.layer(*pin.layer.label.value)).each()
        here = [t.text for t in texts if t.text.string == pin.name]
        assert len(here) == 1 and pin.box.contains(here[0].trans.disp.to_p())


def test_a_line_that_stops_short_is_refused():
    whole = unit()
    stub = replace(whole.pins[0], box=whole.pins[0].box.enlarged(-200, 0))
    with pytest.raises(InputError, match="does not run from edge to edge"):
        lines_of(replace(whole, pins=(stub, *whole.pins[1:])))
