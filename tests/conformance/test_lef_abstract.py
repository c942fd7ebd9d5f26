"""The LEF of every example: what a router reads there is enough to reach each pin, and never leads it onto a wire."""

import re
from dataclasses import replace
from functools import cache

import cell_duties
import klayout.db as kdb
import pytest
import router_view
from flat_directions import flat_directions

from analoom.cells.model import obstacles, registry
from analoom.flows.drc.check import run_drc
from analoom.flows.export.lef import lef_text, write_lef
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.layers import Layer
from broken import twin
from drawn import region

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
ROUTING = ("LI1", "MET1", "MET2", "MET3", "MET4", "MET5")
each_example = pytest.mark.parametrize(("name", "k"), EXAMPLES)


@cache
def example(name, k):
    return registry.build(name, registry.entries()[name].examples[k])


def read(cell, folder, text=None):
    path = folder / "cell.lef"
    path.write_text(text or lef_text(cell))
    return router_view.read(path)


@each_example
def test_a_router_reads_the_pins_and_the_size_of_the_cell(tmp_path, name, k):
    cell = example(name, k)
    abstract, box = read(cell, tmp_path), cell.bbox_nm
    assert abstract.size_nm == (box.width(), box.height())
    assert list(abstract.pins) == list(cell.circuit.ports)
    assert {pin: way.lower() for pin, way in abstract.directions.items()} == flat_directions(cell, tmp_path)
    for pin in cell.pins:
        assert (pin.layer.name.lower(), pin.box) in abstract.pins[pin.name]
        assert abstract.uses[pin.name] == pin.use.upper()
    assert sum(map(len, abstract.pins.values())) == len(cell.pins)


@each_example
def test_klayout_reads_the_same(tmp_path, name, k):
    cell = example(name, k)
    options, layout = kdb.LoadLayoutOptions(), kdb.Layout()
    options.lefdef_config.macro_resolution_mode = 1
    layout.read(str(write_lef(cell, tmp_path / "cell.lef")), options)
    macro, abstract = layout.cell(cell.name), router_view.read(tmp_path / "cell.lef")
    held = {layout.get_info(i).name: macro.begin_shapes_rec(i) for i in layout.layer_indexes()}
    assert kdb.Region(held["OUTLINE"]).bbox() == cell.bbox_nm
    for layer in router_view.RULES:
        pins = kdb.Region([pin.box for pin in cell.pins if pin.layer.name.lower() == layer])
        blocked = kdb.Region([box for on, boxes, _ in abstract.blocked if on == layer for box in boxes])
        for suffix, wanted in (("PIN", pins), ("OBS", blocked)):
            found = kdb.Region(held[f"{layer}.{suffix}"]) if f"{layer}.{suffix}" in held else kdb.Region()
            assert (found ^ wanted).is_empty(), (layer, suffix)
    labels = {text.string for n, shapes in held.items() if n.endswith(".LABEL") for text in kdb.Texts(shapes).each()}
    assert labels == set(cell.circuit.ports)


@each_example
def test_every_number_has_three_decimals(name, k):
    rows = [x for x in lef_text(example(name, k)).splitlines() if re.match(r"\s*(RECT|SIZE|ORIGIN|FOREIGN|LAYER)", x)]
    numbers = [word for row in rows for word in row.split()[1:] if re.fullmatch(r"-?[\d.]+(e-?\d+)?", word)]
    assert len(numbers) >= 6
    assert all(re.fullmatch(r"-?\d+\.\d{3}", number) for number in numbers)


@each_example
def test_blockages_lie_inside_on_drawn_layers_and_off_the_pins(tmp_path, name, k):
    cell = example(name, k)
    abstract = read(cell, tmp_path)
    used = {layer for layer in router_view.RULES if not region(cell, Layer[layer.upper()]).is_empty()}
    assert {on for on, _, _ in abstract.blocked} <= used
    for layer, box in ((on, box) for on, boxes, _ in abstract.blocked for box in boxes):
        assert box.inside(cell.bbox_nm) and box.area() > 0
        assert (kdb.Region(box) & abstract.region(layer)).is_empty(), (layer, box)


@each_example
def test_wires_keep_off_the_layout_and_reach_every_pin(tmp_path, name, k):
    cell_duties.honest_lef(example(name, k), tmp_path)


@pytest.mark.parametrize(("name", "k"), [pytest.param(*x, marks=pytest.mark.full) if x[1] else x for x in EXAMPLES])
def test_the_cell_with_a_wire_to_each_pin_is_clean_and_matches(tmp_path, name, k):
    cell = example(name, k)
    wired = twin(cell, cell_duties.wired(read(cell, tmp_path), cell))
    run_drc(wired, ("fast",), tmp_path).require_clean()
    run_lvs(wired, cell.spice(), cell.name, tmp_path).require_clean()


@pytest.mark.parametrize("name", list(registry.entries()))
def test_without_blockages_wires_are_met(tmp_path, name):
    cell = example(name, 0)
    text = re.sub(r"  OBS\n.*?\n  END\n", "", lef_text(cell), flags=re.DOTALL)
    assert cell_duties.touched(cell, read(cell, tmp_path, text))


@pytest.mark.parametrize("name", list(registry.entries()))
def test_blockages_over_the_whole_cell_leave_pins_out_of_reach(tmp_path, name):
    cell = example(name, 0)
    box = cell.bbox_nm
    rect = f"RECT {box.left / 1000:.3f} {box.bottom / 1000:.3f} {box.right / 1000:.3f} {box.top / 1000:.3f} ;"
    layers = "".join(f"    LAYER {layer.lower()} ;\n      {rect}\n" for layer in ROUTING)
    text = re.sub(r"  OBS\n.*?\n  END\n", f"  OBS\n{layers}  END\n", lef_text(cell), flags=re.DOTALL)
    abstract = read(cell, tmp_path, text)
    assert not any(router_view.within_reach(abstract, pin, box) for pin in abstract.pins)


def test_wires_of_pins_beside_a_narrow_blockage_are_kept_off(tmp_path, monkeypatch):
    """A wire of least width fits between a pin and a blockage that is not wide; the pin's own wire runs on there."""
    cell = registry.build("cap_array", {"weights": [1], "unit": {"w": 2.0}, "pattern": "dispersed", "dummies": False})
    cell_duties.honest_lef(cell, tmp_path)
    monkeypatch.setattr(obstacles, "_exposed", lambda *_: kdb.Region())
    assert cell_duties.touched(cell, router_view.read(write_lef(replace(cell), tmp_path / "bare.lef"))) == ["met2"]
