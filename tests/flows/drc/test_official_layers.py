"""Layers that the fast check does not know: the official engines are asked about a broken shape on each that they read.

Numbers come from the installed deck, Magic's tech file and the precheck's pins script, read as text, and from what the
deck and Magic say of the drawn shapes.
"""

import re

import klayout.db as kdb
import klayout.rdb as rdb
import pytest
from drc_cases import layout_of

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.fast.layers import CHECKED
from analoom.flows.files.layout_source import of_layout
from analoom.pdk.install import deck, magic_tech
from analoom.pdk.layers import Layer
from analoom.pdk.official_layers import HARMLESS, RULED_ELSEWHERE
from analoom.pdk.rule_names import DECK_NOT_APPLICABLE

GOOD = [(Layer.MET1, 0, 0, 1000, 1000)]
KNOWN = {layer.value for layer in (*Layer, *CHECKED)}
PITCH_UM = 20


def read_by_the_deck():
    found = re.findall(r"^\w+ = (?:polygons|input)\((\d+), (\d+)\)", deck().read_text(), re.MULTILINE)
    return {(int(n), int(d)) for n, d in found}


def read_by_magic():
    """Of the first style of its cifinput section, which reads a file unless another is asked for."""
    section = re.search(r"^cifinput\s*$.*?^\s*style(.*?)^(?:\s*style|end)\b", magic_tech().read_text(), re.M | re.S)
    return {(int(n), int(d)) for n, d in re.findall(r"^\s*calma\s+\w+\s+(\d+)\s+(\d+)", section[1], re.MULTILINE)}


def pins_and_labels():
    script = deck("pin_label_purposes_overlapping_drawing.rb.drc").read_text()
    lines = re.findall(r'^\s*pinCheck\(\s*"\w+",\s*\d+,\s*\d+,(.*?)\)', script, re.MULTILINE)
    return {(int(n), int(d)) for line in lines for n, d in re.findall(r"(\d+),\s*(\d+)", line)}


def odd_shapes(layers):
    """Each layer at a place of its own: a speck off the grid, another beside it, and a narrow strip."""
    layout = layout_of([])
    for n, gds in enumerate(layers):
        shapes, x = layout.top_cell().shapes(layout.layer(*gds)), n * PITCH_UM * 1000
        shapes.insert(kdb.Polygon([kdb.Point(x + a, b) for a, b in ((7, 0), (7, 20), (31, 50), (38, 0))]))
        shapes.insert(kdb.Box(x + 40, 0, x + 70, 20))
        shapes.insert(kdb.Box(x + 2000, 0, x + 2020, 4000))
    return of_layout(layout, layout.top_cell())


def flagged_by_the_deck(layers, tmp_path):
    report = run_drc(odd_shapes(layers), ("klayout",), tmp_path).engines["klayout"]
    database = rdb.ReportDatabase("")
    database.load(str(report.report))
    places = [value for item in database.each_item() for value in item.each_value()]
    boxes = [v.polygon() if v.is_polygon() else v.edge_pair() if v.is_edge_pair() else v.edge() for v in places]
    return {layers[round(box.bbox().left / PITCH_UM)] for box in boxes}


def flagged_by_magic(layers, tmp_path):
    report = run_drc(odd_shapes(layers), ("magic",), tmp_path).engines["magic"]
    lines = [line.split() for line in report.report.read_text().splitlines()]
    (scale,) = [float(words[1]) for words in lines if words[0] == "scale"]
    return {layers[round(int(words[1]) * scale / PITCH_UM)] for words in lines if words[0] == "box"}


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(
    ("read", "flagged", "least"), [(read_by_the_deck, flagged_by_the_deck, 15), (read_by_magic, flagged_by_magic, 12)]
)
def test_a_layer_an_engine_speaks_about_is_in_the_table(read, flagged, least, tmp_path):
    others = sorted(read() - KNOWN)
    told = flagged(others, tmp_path)
    assert len(told) >= least
    assert told <= RULED_ELSEWHERE.keys()
    assert not told & HARMLESS.keys()


def test_every_layer_the_engines_read_is_named_here():
    named = KNOWN | RULED_ELSEWHERE.keys() | HARMLESS.keys()
    assert len(read_by_the_deck()) > 70 and len(read_by_magic()) > 90
    unnamed = (read_by_the_deck() | read_by_magic()) - named
    assert unnamed == {(22, 20), (56, 28), (66, 99)}, "masks and fill: read, and no rule asks anything of them"


def test_every_pin_and_label_layer_of_the_precheck_is_checked_or_named():
    found = pins_and_labels()
    assert len(found) > 25
    assert found <= KNOWN | RULED_ELSEWHERE.keys()


def test_every_layer_that_a_reason_names_is_in_the_table():
    named = {m.groups() for why in DECK_NOT_APPLICABLE.values() for m in re.finditer(r"\((\d+)/(\d+)\)", why)}
    assert len(named) > 10
    assert {(int(n), int(d)) for n, d in named} - KNOWN <= RULED_ELSEWHERE.keys()


def test_no_layer_stands_in_two_tables():
    assert not RULED_ELSEWHERE.keys() & HARMLESS.keys()
    assert not KNOWN & (RULED_ELSEWHERE.keys() | HARMLESS.keys())


def fast(extra, tmp_path, shapes=GOOD):
    """The fast check's report of good shapes with boxes, or texts, on further layers."""
    layout = layout_of(shapes)
    for gds, what in extra:
        layout.top_cell().shapes(layout.layer(*gds)).insert(what)
    return run_drc(of_layout(layout, layout.top_cell()), ("fast",), tmp_path)


BOX = kdb.Box(0, 0, 20_000, 20_000)
TEXT = kdb.Text("a", kdb.Trans(100, 100))


@pytest.mark.parametrize("gds", RULED_ELSEWHERE)
def test_fast_alone_is_no_verdict_on_it(gds, tmp_path):
    report = fast([(gds, BOX)], tmp_path)
    engine = report.engines["fast"]
    assert (engine.state, report.clean, engine.rules_run > 300) == ("not run", False, True)
    assert f"{RULED_ELSEWHERE[gds][0]} {gds[0]}/{gds[1]}" in engine.reason
    assert engine.reason in report.summary()


def test_violations_are_told_beside_it(tmp_path):
    engine = fast([((74, 20), BOX)], tmp_path, [(Layer.MET1, 0, 0, 100, 1000)]).engines["fast"]
    assert engine.state == "violations" and engine.violations["m1.1"] == 1
    assert "rdl 74/20" in engine.reason and "rdl 74/20" in engine.summary()


def test_a_harmless_marker_and_an_unknown_layer_change_no_verdict(tmp_path):
    engine = fast([((81, 19), BOX), ((200, 7), BOX), ((74, 20), TEXT)], tmp_path).engines["fast"]
    assert engine.state == "clean" and engine.reason is None
    assert engine.notes == (
        "layers without a rule here: 200/7",
        "marker and label layers, harmless: 74/20, areaid.ed 81/19",
    )


def test_a_label_shape_lies_on_its_drawing(tmp_path):
    """Magic takes a box on a label layer for a piece of the conductor; the precheck's pins script flags it."""
    assert fast([(Layer.MET1_LABEL.value, kdb.Box(0, 0, 1000, 1000))], tmp_path).clean
    report = fast([(Layer.MET1_LABEL.value, kdb.Box(0, 0, 1005, 1000))], tmp_path)
    assert report.engines["fast"].violations == {"pin.1": 1}
    assert fast([(Layer.MET1_LABEL.value, TEXT)], tmp_path).clean
