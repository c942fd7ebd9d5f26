"""The table of wiring levels: its numbers are SkyWater's, wires and vias drawn by it are clean, closer ones are not."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hand_drawn import Hand

from analoom.cells.model.drawing import Box, Drawing, discard
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays, pad_size
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk import wire_levels
from analoom.pdk.layers import CUTS, Layer
from analoom.pdk.wire_levels import LEVELS, VIAS, vias_between

ROOT = Path(__file__).parent.parent.parent
LONG_NM = 5000

WIRES = {
    "LI1": (170, 170, 170, 0.0561),
    "MET1": (140, 140, 280, 0.083),
    "MET2": (140, 140, 280, 0.0676),
    "MET3": (300, 300, 400, 0.24),
    "MET4": (300, 300, 400, 0.24),
    "MET5": (1600, 1600, 1600, 4.0),
}
"""Width, space, space to metal wider than 3 um (nm), area (um2). Source: SkyWater's periphery rules, rows li.1/3/6,
m1.1/2/3b/6, m2.1/2/3b/6, m3.1/2/3d/6, m4.1/2/5b/4a, m5.1/2/4 (skywater-pdk docs, rules/periphery.rst)."""

PADS = {
    "MCON": (170, 190, (170, 170), (230, 290)),
    "VIA": (150, 170, (260, 320), (260, 320)),
    "VIA2": (200, 200, (280, 370), (330, 330)),
    "VIA3": (200, 200, (320, 380), (330, 330)),
    "VIA4": (800, 800, (1180, 1180), (1600, 1600)),
}
"""Side and space of a cut, short and long side of the pad below and above (nm): the side and twice the enclosure in
rows ct.1/2/4 and m1.4/5, via.1a/2/4a/5a and m2.4/5, via2.1a/2/4/5 and m3.4, via3.1/2/4/5 and m4.3, via4.1/2/4 and m5.3
of the same table; met5 no narrower than m5.1."""


def test_levels_are_skywaters():
    found = {
        level.layer.name: (level.width_nm, level.space_nm, level.wide_space_nm, level.area.value_um2)
        for level in LEVELS.values()
    }
    assert found == WIRES and wire_levels.WIDE_NM == 3000


def test_vias_are_skywaters():
    sides = {v.cut.name: (v.size_nm, v.space_nm, *((p.short_nm, p.long_nm) for p in v.pads)) for v in VIAS}
    assert sides == PADS
    assert {v.cut: (v.below.layer, v.above.layer) for v in VIAS} == {c: CUTS[c] for c in CUTS if c is not Layer.LICON}


@pytest.mark.parametrize(("low", "high", "count"), [("LI1", "LI1", 0), ("LI1", "MET5", 5), ("MET2", "MET4", 2)])
def test_vias_between(low, high, count):
    found = vias_between(Layer[low], Layer[high])
    assert len(found) == count
    assert not found or (found[0].below.layer.name, found[-1].above.layer.name) == (low, high)


def broken_rules(hand, folder):
    return set(run_drc(hand.source(), ("fast",), folder).engines["fast"].violations)


def two_wires(level, closer_nm=0, thinner_nm=0):
    hand, width = Hand(), level.width_nm - thinner_nm
    for x in (0, level.pitch_nm - closer_nm):
        hand.box(level.layer, x, 0, x + width, 8000)
    return hand


@pytest.mark.parametrize("level", LEVELS.values(), ids=lambda level: level.layer.name)
def test_wires_at_their_pitch_are_clean_and_closer_or_thinner_ones_are_not(tmp_path, level):
    assert broken_rules(two_wires(level), tmp_path) == set()
    assert broken_rules(two_wires(level, closer_nm=5), tmp_path) == {level.space.id}
    assert broken_rules(two_wires(level, thinner_nm=5), tmp_path) == {level.width.id}


def stacked(via, folder, *, closer_nm=0):
    """DRC of two stacks side by side on wires of the pads' width, pads at the pitch of the wider; what it finds."""
    discard("stacks")
    drawing, pads = Drawing("stacks"), via.pads
    for x in (0, max(pad.pitch_nm for pad in pads) - closer_nm):
        draw_stack(drawing, x, LONG_NM // 2, pads[0].layer, pads[1].layer)
        centre = drawing.cell.shapes(drawing.cell.layout().layer(*via.cut.value))
        middle = max((s.bbox() for s in centre.each()), key=lambda box: box.left).center().x
        for pad in pads:
            drawing.box(pad.layer, middle - pad.short_nm // 2, 0, middle - pad.short_nm // 2 + pad.short_nm, LONG_NM)
    source = LayoutSource("stacks", drawing.cell.layout(), drawing.cell)
    found = set(run_drc(source, ("fast",), folder).engines["fast"].violations)
    discard("stacks")
    return found


@pytest.mark.parametrize("via", VIAS, ids=lambda via: via.cut.name)
def test_stacks_at_their_pitch_are_clean_and_closer_ones_are_not(tmp_path, via):
    assert stacked(via, tmp_path) == set()
    wider = max(via.pads, key=lambda pad: pad.pitch_nm)
    assert LEVELS[wider.layer].space.id in stacked(via, tmp_path, closer_nm=10)


@pytest.mark.parametrize("via", VIAS[1:], ids=lambda via: via.cut.name)
def test_a_pad_short_of_its_rule_is_seen(tmp_path, via, monkeypatch):
    """Pads of the cut alone: met5 is wide enough all the same, so there the pad below is what is missed."""
    bare = [replace(pad, around=wire_levels.MCON.below.around, ends=wire_levels.MCON.below.ends) for pad in via.pads]
    short = replace(via, below=bare[0], above=bare[1])
    monkeypatch.setattr(wire_levels, "VIAS", tuple(short if v is via else v for v in VIAS))
    assert via.below.around.id in stacked(short, tmp_path)


def test_a_stack_from_li1_to_met5_joins_them_all():
    discard("tower")
    drawing = Drawing("tower")
    draw_stack(drawing, 85, 85, Layer.LI1, Layer.MET5)
    drawn = {layer for layer in Layer if not drawing.cell.bbox(drawing.cell.layout().layer(*layer.value)).empty()}
    discard("tower")
    assert drawn == {*LEVELS, *(via.cut for via in VIAS)}
    assert pad_size(Layer.MET2, Layer.LI1, Layer.MET3) == (280, 370), "the larger of via's and via2's"


def test_via_arrays_fill_a_pad_and_one_too_small_is_refused():
    discard("pad")
    drawing = Drawing("pad")
    draw_via_arrays(drawing, Box(0, 0, 1000, 1000), Layer.MET3, Layer.MET2)
    cuts = [s.bbox() for s in drawing.cell.shapes(drawing.cell.layout().layer(*Layer.VIA2.value)).each()]
    assert len(cuts) == 4 and {(c.width(), c.height()) for c in cuts} == {(200, 200)}
    with pytest.raises(ValueError, match="no VIA2 fits"):
        draw_via_arrays(drawing, Box(0, 0, 300, 300), Layer.MET2, Layer.MET3)
    discard("pad")


def derived(text):
    """Lines where a cut's side and a metal's enclosure of it are added anew: a pad's size that the table holds."""
    cuts = "|".join(via.cut.name for via in VIAS)
    sums = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.BinOp)]
    said = [(n.lineno, " ".join(a.attr for a in ast.walk(n) if isinstance(a, ast.Attribute))) for n in sums]
    both = rf"(?=.*\b({cuts})_SIZE\b)(?=.*\b(MET\d|LI)_ENCLOSES_({cuts})(_ENDS)?\b)"
    return [line for line, names in said if re.match(both, names)]


@pytest.mark.slow
def test_no_drawing_code_derives_pads_anew():
    files = [p for room in ("cells", "generators", "flows") for p in (ROOT / room).rglob("*.py")]
    assert {str(p.relative_to(ROOT)): lines for p in files if (lines := derived(p.read_text()))} == {}
    assert derived("BUS_NM = rules.VIA_SIZE.value_nm + 2 * rules.MET2_ENCLOSES_VIA.value_nm")
    assert derived("END = rules.VIA3_SIZE.value_nm // 2 + rules.MET3_ENCLOSES_VIA3_ENDS.value_nm")
