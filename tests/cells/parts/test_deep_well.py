"""Isolated p-wells: DRC and LVS clean, their sizes by rule, and each part that is missing is caught."""

from dataclasses import replace

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.cells.model.cell import Instance, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.files.layout_source import LayoutSource, of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.pex.extract import extract
from analoom.flows.simulate import simulate
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from broken import twin
from drawn import region

CELLS = [
    ("mosfet", {"well": "isolated"}),
    ("matched_pair", {"well": "isolated", "device": "nfet_01v8_lvt", "w": 8}),
    ("current_mirror", {"well": "isolated", "ratios": (1, 3)}),
]


def cut(layer, where):
    """Damage: `layer` taken away within the region `where` (nm)."""

    def damage(copy, top):
        at = copy.layer(*layer.value)
        left = kdb.Region(top.begin_shapes_rec(at)) - where
        copy.clear_layer(at)
        top.shapes(at).insert(left)

    return damage


@pytest.mark.parametrize(("name", "fields"), CELLS)
def test_isolated_is_clean_and_matches(tmp_path, name, fields):
    cell = registry.build(name, fields)
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()
    assert "nw" in cell.circuit.ports


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(("name", "fields"), CELLS[1:2])
def test_isolated_is_signed_off(tmp_path, name, fields):
    drc_cell(registry.build(name, fields), tmp_path, ("klayout", "magic")).require_clean()
    lvs_cell(registry.build(name, fields), tmp_path, ("netgen",)).require_clean()


@pytest.mark.parametrize("name", ["mosfet", "matched_pair", "current_mirror"])
def test_of_p_types_isolated_is_what_common_is(name):
    common, isolated = (registry.build(name, {"device": "pfet_01v8", "well": w}) for w in ("common", "isolated"))
    assert common.circuit.ports == isolated.circuit.ports
    for layer in Layer:
        assert (region(common, layer) ^ region(isolated, layer)).is_empty()


def test_a_gap_in_the_ring_opens_the_well(tmp_path):
    """nwell.5a and nwell.6; to LVS the body is then the substrate."""
    cell = registry.build("mosfet", {"well": "isolated"})
    right = region(cell, Layer.NWELL).bbox().right
    broken = twin(cell, cut(Layer.NWELL, kdb.Region(kdb.Box(right - 1500, 0, right, 1300))))
    assert not run_drc(broken, ("fast",), tmp_path).clean
    assert not run_lvs(broken, cell.spice(), cell.name, tmp_path).clean


def two_of(cell, name):
    """Two of a cell in a row with pins of their own, `d` of the first is `d1`; no wires, the netlist says as much."""
    drawing, ports, lines = Drawing(name), cell.circuit.ports, []
    for k in (1, 2):
        at = kdb.Trans((k - 1) * (cell.bbox_nm.width() + rules.DNWELL_SPACE.value_nm), 0)
        lines.append(Instance(f"x{k}", cell, at, {p: f"{p}{k}" for p in ports}).place(drawing))
        for pin in cell.pins:
            draw_pin(drawing, replace(pin, name=f"{pin.name}{k}", box=pin.box.transformed(at)))
    return Circuit(name, tuple(f"{p}{k}" for k in (1, 2) for p in ports), (), tuple(lines)), drawing.cell


@pytest.mark.parametrize("layer", [None, Layer.DNWELL, Layer.NWELL])
def test_bodies_of_two_cells_are_apart_by_their_wells_alone(tmp_path, layer):
    circuit, top = two_of(registry.build("mosfet", {"well": "isolated"}), f"two_{layer and layer.name}".lower())
    copy = kdb.Layout()
    copy.dbu = top.layout().dbu
    copied = copy.create_cell(top.name)
    copied.copy_tree(top)
    if layer:
        copy.clear_layer(copy.layer(*layer.value))
    report = run_lvs(LayoutSource(top.name, copy, copied, None), circuit.spice(), top.name, tmp_path)
    assert report.clean == (layer is None)
    assert layer is None or any("b1 and b2 are shorted" in x for x in report.engines["fast"].differences)


def test_an_n_ring_without_its_taps_is_caught(tmp_path):
    cell = registry.build("mosfet", {"well": "isolated"})
    ring = kdb.Region(region(cell, Layer.NWELL).bbox()) - region(cell, Layer.NWELL).holes()
    damages = [cut(layer, ring) for layer in (Layer.TAP, Layer.LICON, Layer.MCON)]
    report = run_drc(twin(cell, lambda *given: [damage(*given) for damage in damages]), ("fast",), tmp_path)
    assert set(report.engines["fast"].violations) == {"nwell.4"}


@pytest.mark.slow
def test_wires_over_an_isolated_well_see_its_body(tmp_path):
    """A common cell's wires see the substrate, which is its body; here they see the p-wells and n-wells."""
    nets = extract(of_cell(registry.build("mosfet", {"well": "isolated", "w": 8})), workdir=tmp_path).nets
    common = extract(of_cell(registry.build("mosfet", {"w": 8})), workdir=tmp_path).nets
    assert nets["d"].substrate_f < 0.03 * nets["d"].coupling_f["b"]
    assert nets["d"].coupling_f["b"] == pytest.approx(common["d"].substrate_f, rel=0.05, abs=0)


def test_currents_do_not_ask_for_the_well():
    """The model has no well below: an isolated transistor carries what a common one does."""
    common, isolated = (simulate(registry.build("mosfet", {"well": w})).metrics for w in ("common", "isolated"))
    assert isolated["vth"].value == common["vth"].value
