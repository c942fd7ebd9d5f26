"""What every registered cell owes on each of its examples: clean checks, agreeing views, honest pins, determinism."""

import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache

import klayout.db as kdb
import pytest
from blocks import BLOCKS
from shelf import shelf

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from broken import twin, with_box, without
from drawn import assert_on_grid, assert_pins_inside_and_labelled

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
DRAWN = """
import hashlib, json, sys, tempfile
from pathlib import Path
from analoom.cells.model import registry
out = {}
for name, entry in reversed(registry.entries().items()):
    for k, fields in enumerate(entry.examples):
        cell = registry.build(name, fields)
        file = cell.write(Path(tempfile.mkdtemp(dir=sys.argv[1])) / "cell.gds")
        text = file.read_bytes() + cell.spice().encode()
        out[f"{name} {k}"] = [cell.name, hashlib.sha256(text).hexdigest()]
print(json.dumps(out))
"""

each_example = pytest.mark.parametrize(("name", "k"), EXAMPLES)
each_cell = pytest.mark.parametrize("name", list(registry.entries()))


@cache
def example(name, k):
    return registry.build(name, registry.entries()[name].examples[k])


def smallest(name):
    """The example with the fewest devices, but one at least where the cell has any."""
    every = [example(name, k) for k in range(len(registry.entries()[name].examples))]
    return min(every, key=lambda cell: cell.circuit.device_count() or sys.maxsize)


def drawn_here(folder):
    """What `DRAWN` prints, the last cell first, of the cells of this process."""
    out = {}
    for name, k in EXAMPLES:
        file = example(name, k).write(folder / f"{name}_{k}.gds")
        text = file.read_bytes() + example(name, k).spice().encode()
        out[f"{name} {k}"] = [example(name, k).name, hashlib.sha256(text).hexdigest()]
    return out


def flat(cell, layer):
    return kdb.Region(cell.layout.begin_shapes_rec(cell.layout.layout().layer(*layer.value))).merged()


@each_example
def test_drc_is_clean_and_ran(tmp_path, name, k):
    report = drc_cell(example(name, k), tmp_path).require_clean()
    assert report.engines["fast"].rules_run > 50


@each_example
def test_lvs_matches(tmp_path, name, k):
    lvs_cell(example(name, k), tmp_path).require_clean()


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("engine", ["klayout", "magic"])
def test_sign_off_engines_are_clean(tmp_path, engine):
    """Of each cell the smallest on one shelf: an engine starts once, and its findings' places tell which is meant."""
    run_drc(shelf([smallest(name) for name in registry.entries()]), (engine,), tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("engine", ["klayout", "magic"])
def test_sign_off_engines_are_clean_on_all_examples(tmp_path, engine):
    run_drc(shelf([example(*each) for each in EXAMPLES]), (engine,), tmp_path).require_clean()


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("engine", ["klayout", "magic"])
def test_sign_off_engines_see_a_fault_in_one_cell_on_the_shelf(tmp_path, engine):
    """A splinter of met1 in the middle one of three."""
    source = shelf([example("mosfet", k) for k in range(3)])
    cell = next(inst.cell for inst in list(source.top.each_inst())[1:2])
    corner = cell.bbox().p1
    with_box(Layer.MET1, kdb.Box(corner.x - 1000, corner.y, corner.x - 900, corner.y + 2000))(source.layout, cell)
    assert not run_drc(source, (engine,), tmp_path).clean


@pytest.mark.slow
@each_cell
def test_without_a_wiring_layer_lvs_fails(tmp_path, name):
    """Of a block the uppermost one; the others are for the next test."""
    cuts = cuts_of(smallest(name))
    assert found_by_lvs(name, cuts[-1:] if name in BLOCKS else cuts, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_without_a_lower_wiring_layer_lvs_of_a_block_fails(tmp_path, name):
    assert found_by_lvs(name, cuts_of(smallest(name))[:-1], tmp_path)


def cuts_of(cell):
    return [cut for cut in CUTS if not flat(cell, cut).is_empty()]


def found_by_lvs(name, cuts, tmp_path):
    cell = smallest(name)
    for cut in cuts:
        broken = twin(cell, without(cut))
        assert not run_lvs(broken, cell.spice(), cell.name, tmp_path).clean, f"{name} without {cut.name}"
    return len(cuts)


@each_cell
def test_a_splinter_of_metal_fails_drc(tmp_path, name):
    cell = smallest(name)
    corner = cell.bbox_nm.p1
    splinter = kdb.Box(corner.x - 1000, corner.y, corner.x - 900, corner.y + 2000)
    assert not run_drc(twin(cell, with_box(Layer.MET1, splinter)), ("fast",), tmp_path).clean


@each_cell
def test_a_wrong_size_in_the_netlist_fails_lvs(tmp_path, name):
    """The last device line of the netlist with another size; a cell without a device has another port."""
    cell = smallest(name)
    text = cell.spice()
    sizes = re.findall(r"\s((?:w|area)=\S+)", text) or [f" {cell.circuit.ports[-1]}"]
    before, _, after = text.rpartition(sizes[-1])
    key, _, value = sizes[-1].partition("=")
    wrong = f"{before}{f'{key}={float(value) * 1.5:g}' if value else f'{key}x'}{after}"
    assert wrong != text
    assert not run_lvs(twin(cell, lambda *_: None), wrong, cell.name, tmp_path).clean


@each_example
def test_ports_are_the_pins(name, k):
    cell = example(name, k)
    assert set(cell.circuit.ports) == {pin.name for pin in cell.pins}
    assert len(cell.circuit.ports) == len(set(cell.circuit.ports))


@each_example
def test_pins_lie_on_their_metal_inside_the_cell_with_label_and_pin_shape(name, k):
    assert_pins_inside_and_labelled(example(name, k))


@each_example
def test_every_vertex_is_on_the_manufacturing_grid(name, k):
    assert_on_grid(example(name, k))


@each_example
def test_views_share_one_tree(name, k):
    """Where a cell lists instances, they are the circuit's, in order, of the same cells."""
    cell = example(name, k)
    if cell.instances:
        assert [i.name for i in cell.instances] == [s.name for s in cell.circuit.instances]
        assert [i.cell.circuit.name for i in cell.instances] == [s.circuit.name for s in cell.circuit.instances]
        assert all(set(i.nets) == set(i.cell.circuit.ports) for i in cell.instances)


@each_example
def test_matched_boxes_lie_inside_and_apart(name, k):
    cell = example(name, k)
    for group in cell.match_groups:
        boxes = [box for member in group.members.values() for box in member]
        assert boxes and all(box.inside(cell.bbox_nm) and box.area() > 0 for box in boxes)
        assert kdb.Region(boxes).merged().area() == sum(box.area() for box in boxes)


@each_example
def test_spec_survives_json(name, k):
    entry = registry.entries()[name]
    spec = entry.spec_type.parse(entry.examples[k])
    again = entry.spec_type.parse(json.loads(spec.model_dump_json()))
    assert again == spec and registry.cell_name(name, again) == registry.cell_name(name, spec)


@each_example
def test_written_file_reads_back_the_same(tmp_path, name, k):
    cell = example(name, k)
    for suffix in ("gds", "oas"):
        read = kdb.Layout()
        read.read(str(cell.write(tmp_path / f"cell.{suffix}")))
        assert [c.name for c in read.top_cells()] == [cell.name]
        for layer in CONDUCTORS:
            back = kdb.Region(read.top_cell().begin_shapes_rec(read.layer(*layer.value)))
            assert (back ^ flat(cell, layer)).is_empty(), layer


@pytest.mark.slow
def test_a_fresh_process_draws_the_same_whatever_came_before(tmp_path):
    """In the opposite order, with other layers and cells in the process already."""
    here = drawn_here(tmp_path)
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    argv = [sys.executable, "-c", DRAWN, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=600, check=True, env=environment)
    there = json.loads(done.stdout)
    assert [which for which in here if there[which] != here[which]] == []
    assert len({cell_name for cell_name, _ in here.values()}) == len(here), "two examples share a name"
