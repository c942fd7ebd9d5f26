"""Slivers of an old Magic: those between contacts that keep their spacing do not count, those of close contacts do.

The texts are what Magic 8.3.105 wrote of these shapes; 8.3.677 finds nothing at 0.17 and 0.19 um, and the same slivers
at 0.165 and 0.185 um.
"""

import pytest
from drc_cases import L, layout_of

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.signoff.magic_output import parse
from analoom.flows.drc.signoff.magic_slivers import without_slivers
from analoom.flows.files.layout_source import of_layout

LICON, MCON = "Diffusion contact spacing < 0.17um (licon.2)", "mcon.spacing < 0.19um (mcon.2)"
VIA = "Via1 spacing < 0.06um (via.2 - 2 * via.4a)"
SLIVERS = {
    LICON: f"scale 0.01\nwhy {LICON}\nbox 11 83 29 84\nbox 11 83 29 84\nfinished",
    MCON: f"scale 0.01\nwhy {MCON}\nbox 1 18 19 19\nbox 1 37 19 38\nfinished",
    VIA: f"scale 0.01\nwhy {VIA}\nbox -4 27 0 28\nbox 0 27 22 28\nfinished",
}


def licons(space):
    cuts = [(L.LICON, 115, y, 285, y + 170) for y in (495, 665 + space)]
    return [(L.DIFF, 0, 250, 400, 1250), (L.NSDM, -130, 120, 530, 1380), *cuts, (L.LI1, -100, 0, 500, 1250)]


def mcons(space):
    cuts = [(L.MCON, 15, y, 185, y + 170) for y in (15, 185 + space)]
    return [(L.LI1, -100, -100, 600, 800), (L.MET1, -100, -100, 600, 800), *cuts]


def vias(space):
    cuts = [(L.VIA, 15, y, 165, y + 150) for y in (15, 165 + space)]
    return [(L.MET1, -100, -100, 400, 800), (L.MET2, -100, -100, 400, 800), *cuts]


def source(shapes):
    layout = layout_of(shapes)
    return of_layout(layout, layout.top_cell())


@pytest.mark.parametrize(("why", "draw", "limit"), [(LICON, licons, 170), (MCON, mcons, 190), (VIA, vias, 170)])
def test_a_sliver_counts_where_the_drawn_contacts_are_too_close(why, draw, limit):
    found = parse(SLIVERS[why])
    kept, notes = without_slivers(found, source(draw(limit)))
    assert not kept.counts and kept.finished
    assert len(notes) == 1 and f"x{found.counts[why]}, slivers of 0.01 um" in notes[0]
    kept, notes = without_slivers(found, source(draw(limit - 5)))
    assert kept.counts == found.counts and kept.places == found.places and not notes


def test_a_sliver_is_as_thick_in_a_list_of_half_the_scale():
    """As of a hierarchical layout: cells read on the coarse grid before the scale became finer."""
    fine = f"scale 0.005\nwhy {MCON}\nbox 2 36 38 38\nfinished"
    kept, notes = without_slivers(parse(fine), source(mcons(190)))
    assert not kept.counts and "mcon.2 x1," in notes[0]


def test_two_steps_and_other_rules_count_whatever_is_drawn():
    wider = SLIVERS[MCON].replace("box 1 18 19 19", "box 1 17 19 19")
    kept, notes = without_slivers(parse(wider), source(mcons(190)))
    assert kept.counts == {MCON: 1} and "mcon.2 x1," in notes[0]
    other = parse(SLIVERS[MCON].replace("mcon.2", "met1.1"))
    assert without_slivers(other, source(mcons(190))) == (other, ())


@pytest.mark.slow
@pytest.mark.tools
def test_the_installed_magic_agrees_with_the_drawing(tmp_path):
    """Whatever its version: an old one by its note, a new one by itself."""
    magic = run_drc(source(mcons(190)), ["magic"], tmp_path).engines["magic"]
    old = any("not good for extraction" in note for note in magic.notes)
    assert magic.clean, magic.summary()
    assert any("slivers" in note for note in magic.notes) == old
    close = run_drc(source(mcons(185)), ["magic"], tmp_path).engines["magic"]
    assert set(close.violations) == {MCON}
