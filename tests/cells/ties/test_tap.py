"""The tap: it fills rows of strips, ties what lies beside it, and its contacts stand in columns."""

import klayout.db as kdb
import pytest

from analoom.cells.model.cell import Cell, Instance, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.pin import Pin
from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region

SWITCH = {"w": 1.0}


def row(name, height_um):
    """A switch, a tap and another switch, side by side, with the pins of the switches."""
    switch = build("analog_switch", SWITCH)
    fill = build("tap", {"w": 1.4, "h": height_um})
    drawing, x, instances = Drawing(name), 0, []
    for k, cell in enumerate((switch, fill, switch)):
        own = {port: port if port in ("vdd", "vss") else f"{port}{k}" for port in cell.circuit.ports}
        instances.append(Instance(f"i{k}", cell, kdb.Trans(x, 0), own))
        x += cell.fabric.pitch_nm[0]
    subs = tuple(instance.place(drawing) for instance in instances)
    pins = [draw_pin(drawing, _moved(pin, i)) for i in instances[::2] for pin in i.cell.pins]
    ports = tuple(dict.fromkeys(net for sub in subs for net in sub.nets.values()))
    return Cell(name, "macro", Spec(), drawing.cell, Circuit(name, ports, (), subs), tuple(pins), tuple(instances))


def _moved(pin, instance):
    return Pin(instance.nets[pin.name], pin.layer, pin.box.transformed(instance.trans), pin.use)


@pytest.fixture(scope="module")
def filled():
    height_um = build("analog_switch", SWITCH).fabric.pitch_nm[1] / 1000
    return row("row_with_tap", height_um)


def test_a_row_of_strips_with_a_tap_in_it_is_clean_and_matches(tmp_path, filled):
    drc_cell(filled, tmp_path).require_clean()
    lvs_cell(filled, tmp_path).require_clean()


@pytest.mark.full
@pytest.mark.tools
def test_the_official_engines_agree(tmp_path, filled):
    drc_cell(filled, tmp_path, ("klayout", "magic")).require_clean()


def test_a_tap_half_as_high_again_breaks_the_row(tmp_path):
    wrong = row("row_with_wrong_tap", 4.5)
    assert not lvs_cell(wrong, tmp_path).clean


@pytest.mark.parametrize(
    ("drawn", "rule"),
    [
        ((Layer.DIFF, kdb.Box(6000, 500, 6500, 1000), Layer.NSDM), "LU.2"),
        ((Layer.DIFF, kdb.Box(6000, 3200, 6500, 3700), Layer.PSDM), "LU.3"),
    ],
)
def test_diffusion_beside_it_is_tied_and_without_its_contacts_is_not(tmp_path, drawn, rule):
    """The well runs on over the p-diffusion, as it does in a row."""
    layer, box, implant = drawn
    cell = build("tap")

    def beside(layout, top):
        for shape in ((layer, box), (implant, box.enlarged(125, 125)), (Layer.NWELL, kdb.Box(0, 2300, 8000, 4700))):
            with_box(*shape)(layout, top)

    def untied(layout, top):
        beside(layout, top)
        without(Layer.LICON)(layout, top)

    tied, bare = (run_drc(twin(cell, x), ("fast",), tmp_path).engines["fast"].violations for x in (beside, untied))
    assert rule not in tied and rule in bare


@pytest.mark.parametrize(
    ("says", "damage"),
    [
        ("none of its ports", without(Layer.LICON)),
        ("outside an n-well", without(Layer.NWELL)),
        ("shorted", with_box(Layer.MET1, kdb.Box(300, 100, 500, 4400))),
    ],
)
def test_a_tap_that_ties_nothing_or_both_matches_no_netlist(tmp_path, says, damage):
    cell = build("tap")
    found = run_lvs(twin(cell, damage), cell.spice(), cell.name, tmp_path)
    assert not found.clean and says in found.summary()


@pytest.mark.parametrize("fields", [{}, {"w": 0.71, "h": 1.6}, {"w": 3.33, "h": 2.0}, {"w": 12.0, "h": 9.99}])
def test_any_size_is_clean_full_of_contacts_and_aligned(tmp_path, fields):
    cell = build("tap", fields)
    drc_cell(cell, tmp_path).require_clean()
    boxes = [cut.bbox() for cut in region(cell, Layer.LICON).each()]
    rails = [{box.left for box in boxes if box.center().y == y} for y in cell.fabric.rails_nm.values()]
    inner = {box.left for box in boxes if box.center().y not in cell.fabric.rails_nm.values()}
    assert rails[0] == rails[1] and inner and inner <= rails[0]
    assert len(rails[0] - inner) <= 2, "but for a column too near the edge on either side"


def test_a_size_off_the_grid_of_contacts_is_refused_with_the_next_one():
    with pytest.raises(SpecError, match=r"w = 1.005: must be a multiple of 0.01 um"):
        build("tap", {"w": 1.005})
