"""Magic's own antenna check agrees: on what breaks a ratio, by how much, and on what does not."""

import pytest
from antenna_layouts import diode, gate, jumped, wired
from drc_cases import L, layout_of
from oracles.magic_antenna import magic_shares

from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_layout

pytestmark = [pytest.mark.tools, pytest.mark.slow]

EVERY_TIME = ("li1", "met1", "jumper", "diode")
CONTACTS = {"li1": 0.17**2 / 3, "met1": 0.17**2 / 3, "met2": 0.26**2 / 3, "met3": 0.28**2 / 6}
"""What the one contact on the wire's plane adds: the tile that Magic makes of a cut over the ratio of its level."""

BROKEN = {
    "li1": wired(L.LI1, 390_000),
    "met1": wired(L.MET1, 600_000),
    "met2": wired(L.MET2, 600_000),
    "met3": wired(L.MET3, 300_000),
}
CLEAN = {
    "li1": wired(L.LI1, 350_000),
    "met1": wired(L.MET1, 500_000),
    "jumper": jumped(600_000),
    "two gates": [*gate(x=5000), (L.POLY, -500, 1300, 5500, 1600), *wired(L.LI1, 600_000)],
    "diode": [*wired(L.LI1, 390_000), *diode(500)],
}


def marked(layouts):
    """The names, those of levels that are like others left to `full`."""
    return [pytest.param(name, marks=[pytest.mark.full] * (name not in EVERY_TIME)) for name in layouts]


def both(shapes, folder):
    """Ours and Magic's: how many times too much is collected, by level."""
    layout = layout_of(shapes)
    source = of_layout(layout, layout.top_cell())
    nets = run_drc(source, ("antenna",), folder).engines["antenna"].nets
    ours = {net["rule"].removeprefix("antenna."): net["ratio"] / net["limit"] for net in nets}
    return ours, magic_shares(source, folder)


@pytest.mark.parametrize("level", marked(BROKEN))
def test_the_wire_that_breaks_a_ratio_is_magics_by_the_same_ratio(tmp_path, level):
    """Magic adds the contacts on the wire's plane to the wire."""
    ours, magic = both(BROKEN[level], tmp_path)
    assert {name for name, share in ours.items() if share > 1} == {level}
    assert magic == {L[level.upper()]: pytest.approx(ours[level] + CONTACTS[level], rel=0.002)}


@pytest.mark.parametrize("name", marked(CLEAN))
def test_what_is_clean_here_is_clean_in_magic(tmp_path, name):
    ours, magic = both(CLEAN[name], tmp_path)
    assert max(ours.values()) < 1 and magic == {}


def test_a_diode_too_small_is_found_here_alone(tmp_path):
    """Magic takes the diode's area in squares of its own grid, 40,000 a um2, for um2: with a diode nothing breaks."""
    ours, magic = both([*wired(L.LI1, 390_000), *diode(300)], tmp_path)
    assert ours["li1"] > 1 and magic == {}
