"""LVS of the registered cells: each matches its circuit, and each broken twin does not."""

import klayout.db as kdb
import pytest
from hand_drawn import NFET

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import engine_names, lvs_cell, lvs_file, run_lvs
from analoom.flows.lvs.layout.spice import plain
from analoom.flows.lvs.netgen import MATCH, RESULT
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without

CELLS = {
    "mosfet": {"device": "pfet_01v8_hvt", "w": 4, "l": 0.5, "nf": 4},
    "matched_pair": {},
    "unit_cap": {},
    "cap_array": {"weights": [1, 2]},
    "synapse_2t1c": {},
    "synapse_cs": {},
    "crossbar": {"rows": 3, "cols": 5},
}

BREAKS = [
    ("mosfet", Layer.LICON),
    ("mosfet", Layer.HVTP),
    ("mosfet", Layer.NWELL),
    ("mosfet", Layer.TAP),
    ("mosfet", Layer.PSDM),
    ("matched_pair", Layer.VIA),
    ("matched_pair", Layer.TAP),
    ("matched_pair", Layer.POLY),
    ("unit_cap", Layer.VIA3),
    ("unit_cap", Layer.CAPM),
    ("cap_array", Layer.MET4),
    ("synapse_2t1c", Layer.VIA2),
    ("synapse_cs", Layer.NWELL),
    ("crossbar", Layer.VIA),
    ("crossbar", Layer.TAP),
    ("crossbar", Layer.VIA3),
]


def checked(source, cell, tmp_path):
    return run_lvs(source, cell.spice(), cell.name, tmp_path)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_matches_its_circuit(name, tmp_path):
    cell = build(name, CELLS[name])
    report = lvs_cell(cell, tmp_path).require_clean()
    engine = report.engines["fast"]
    assert engine.layout == engine.schematic
    assert engine.schematic.pins == len(cell.circuit.ports)
    assert engine.differences == ()


@pytest.mark.parametrize("name, layer", BREAKS)
def test_a_cell_without_a_layer_does_not(name, layer, tmp_path):
    cell = build(name, CELLS[name])
    report = checked(twin(cell, without(layer)), cell, tmp_path)
    assert not report.clean
    assert report.differences


def test_an_undamaged_copy_matches(tmp_path):
    cell = build("crossbar", CELLS["crossbar"])
    assert checked(twin(cell, lambda copy, top: None), cell, tmp_path).clean


def test_a_strip_across_a_pair_is_a_short_by_name(tmp_path):
    cell = build("matched_pair")
    over = with_box(Layer.MET2, cell.bbox_nm)
    said = "; ".join(checked(twin(cell, over), cell, tmp_path).differences)
    assert "are shorted: " in said.split(";")[0]
    assert all(pin in said.split(" are shorted")[0] for pin in ("d1", "d2"))


@pytest.mark.parametrize(
    "change, said",
    [
        (("w=4 l=1", "w=4.2 l=1"), "w 4 in layout, 4.2 in schematic"),
        (("w=4 l=1", "w=4 l=1.005"), "l 1 in layout, 1.005 in schematic"),
        ((" d1 g1 s", " g1 d1 s"), "wired otherwise"),
        ((" d1 g1 s", " d1 g2 s"), "wired otherwise"),
        ((" d1 g1 d2", " d2 g1 d1"), None),
        (("subckt matched_pair d1", "subckt matched_pair d9 d1"), "pin d9 of the schematic has no label"),
    ],
)
def test_another_circuit_is_a_mismatch(change, said, tmp_path):
    cell = build("matched_pair")
    report = run_lvs(of_cell(cell), cell.spice().replace(*change), cell.name, tmp_path)
    if said is None:
        assert report.clean  # the order of ports is free: they are matched by name
    else:
        assert said in "; ".join(report.differences)


def test_one_wrong_cell_among_fifteen_is_found(tmp_path):
    cell = build("crossbar", CELLS["crossbar"])

    def cut(copy, top):
        top.flatten(True)
        shapes, box = top.shapes(copy.layer(*Layer.CAPM.value)), kdb.Box(0, 0, 2000, 2000)
        before = shapes.size()
        for shape in list(shapes.each_touching(box))[:1]:
            shape.delete()
        assert shapes.size() == before - 1

    said = "; ".join(checked(twin(cell, cut), cell, tmp_path).differences)
    assert "cap_mim_m3_1: 14 in layout, 15 in schematic" in said


def test_the_file_route_judges_a_gds_we_wrote(tmp_path):
    cell = build("mosfet")
    gds, reference = cell.write(tmp_path / "m.gds"), tmp_path / "m.spice"
    reference.write_text(cell.spice())
    assert lvs_file(gds, reference, None, tmp_path / "out").clean
    reference.write_text(cell.spice().replace(NFET, NFET + "_lvt"))
    assert not lvs_file(gds, reference, None, tmp_path / "out").clean


def test_an_unknown_engine_is_refused():
    with pytest.raises(InputError, match="no LVS engine called 'calibre'; known: fast, netgen"):
        engine_names(["calibre"])
    with pytest.raises(InputError, match="no LVS engine asked for"):
        engine_names([])


@pytest.mark.tools
@pytest.mark.parametrize("name", ["matched_pair", "cap_array", "crossbar"])
def test_netgen_agrees(name, tmp_path):
    cell = build(name, CELLS[name])
    assert lvs_cell(cell, tmp_path, ("netgen",)).require_clean().engines["netgen"].layout.devices > 0
    broken = twin(cell, without(Layer.VIA3 if name == "cap_array" else Layer.VIA))
    assert not run_lvs(broken, cell.spice(), cell.name, tmp_path, ("netgen",)).clean


@pytest.mark.tools
@pytest.mark.parametrize(
    "change, said",
    [
        (("w=4 l=1", "w=4.2 l=1"), "w 4 in layout, 4.2 in schematic"),
        (("w=4 l=1", "w=4 l=1.005"), "l 1 in layout, 1.005 in schematic"),
        ((" d1 g1 s", " g1 d1 s"), "pin d1 of the layout meets g1"),
        (("d2 g2 s b sky", "d2 g2 s s sky"), "Netlists do not match"),
    ],
)
def test_netgen_names_the_difference(change, said, tmp_path):
    cell = build("matched_pair")
    report = run_lvs(of_cell(cell), cell.spice().replace(*change), cell.name, tmp_path, ("netgen",))
    assert said in "; ".join(report.differences)


def test_netgen_missing_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    engine = lvs_cell(build("mosfet"), tmp_path, ("netgen",)).engines["netgen"]
    assert engine.state == "not run"
    assert "netgen" in engine.reason


def test_names_that_spice_would_misread():
    assert plain("a$1,b.c") == "a_1_b_c"
    assert plain("row[3]") == "row[3]"


def test_netgen_verdicts_old_and_new():
    assert RESULT.search("x\nResult: Circuits match uniquely.\nLogging")[1] == MATCH
    assert RESULT.search("x\nFinal result: \nCircuits match uniquely.\n.\n")[1] == MATCH
    assert RESULT.search("Final result: \nTop level cell failed pin matching.\n")[1] != MATCH


@pytest.mark.slow
def test_a_million_synapses_match(tmp_path):
    cell = build("crossbar", {"rows": 512, "cols": 2048})
    engine = lvs_cell(cell, tmp_path).require_clean().engines["fast"]
    assert engine.layout.devices == 3 * 512 * 2048
    assert engine.layout.pins == len(cell.circuit.ports)


def swapped_labels(layer, one, other):
    """Damage: two names of the top cell exchanged."""

    def damage(copy, top):
        for shape in top.shapes(copy.layer(*layer.label.value)).each():
            text = shape.text
            if text.string in (one, other):
                text.string = other if text.string == one else one
                shape.text = text

    return damage


@pytest.mark.parametrize(
    "layer, one, other", [(Layer.MET1, "row0", "row1"), (Layer.MET2, "col1", "col3"), (Layer.MET2, "wbl0", "wbl4")]
)
def test_exchanged_lines_of_a_crossbar_are_found(layer, one, other, tmp_path):
    cell = build("crossbar", CELLS["crossbar"])
    source = twin(cell, swapped_labels(layer, one, other))
    assert f"has swapped pins: {one} and {other}" in "; ".join(checked(source, cell, tmp_path).differences)


@pytest.mark.slow
def test_a_short_is_placed_at_the_shape_that_makes_it(tmp_path):
    """A bar across the columns of an array, far from every label: its own corners are said, in um."""
    cell = build("crossbar", {"rows": 16, "cols": 16})
    bar = kdb.Box(27_679, 14_649, 47_679, 14_949)
    said = checked(twin(cell, with_box(Layer.MET2, bar)), cell, tmp_path).differences[0]
    assert "col10 and col11 meet by way of met2 (27.679, 14.649; 47.679, 14.949)" in said


def test_exchanged_gates_of_a_pair_are_found(tmp_path):
    cell = build("matched_pair")
    layer = next(pin.layer for pin in cell.pins if pin.name == "g1")
    assert not checked(twin(cell, swapped_labels(layer, "g1", "g2")), cell, tmp_path).clean
