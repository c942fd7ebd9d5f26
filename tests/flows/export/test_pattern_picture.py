"""The picture of a pattern: what it shows is what is drawn, and its colours stay apart for every eye."""

from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from analoom.cells.model.drawing import Box
from analoom.cells.model.registry import build
from analoom.flows.export import pattern_picture
from analoom.flows.export.build import build_files
from analoom.flows.export.pattern_axes import LEFT_PX, MARGIN_PX, Axes, _numbers
from analoom.flows.export.pattern_picture import (
    EDGE_PX,
    GREY,
    HUES,
    MARKS,
    TITLE_PX,
    _name_units,
    has_pattern,
    write_pattern,
)
from analoom.flows.export.pattern_units import Shown, enlarge, pattern_of

BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
}
"""Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15(6), 2009, severity 1; for linear RGB."""


def rgb(colour):
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


def pixels(path):
    image = Image.open(path).convert("RGB")
    return {colour: count for count, colour in image.getcolors(1 << 20)}


def test_members_dummies_and_centres_are_those_of_the_cell():
    """Weights 1, 1, 2: the two single units are off the centre, the third weight is not."""
    cell = build("cap_array", {"weights": (1, 1, 2)})
    shown = pattern_of(cell)
    assert [(m.name, len(m.boxes)) for m in shown.members] == [("b0", 1), ("b1", 1), ("b2", 2)]
    assert [m.look for m in shown.members] == [1, 2, 0]
    assert [m.off_centre is not None for m in shown.members] == [True, True, False]
    assert len(shown.dummies) == cell.grid.dummies
    assert not pattern_of(build("cap_array", {"weights": (2, 2), "dummies": False})).dummies


def test_dummy_gates_of_a_pair_are_found():
    assert len(pattern_of(build("matched_pair", {"dummies": 1})).dummies) == 2
    assert not pattern_of(build("matched_pair", {"dummies": 0})).dummies


def test_dummies_of_finger_capacitors_are_found():
    cell = build("cap_array", {"unit": {"device": "mom", "fingers": {"c": 3.0}}})
    assert len(pattern_of(cell).dummies) == cell.grid.dummies


def test_gates_of_no_member_are_not_called_dummies_in_a_block():
    assert pattern_of(build("matched_pair")).dummies_are == "dummy"
    assert pattern_of(build("translinear")).dummies_are == "other device"


def test_enlarged_units_keep_their_middles_and_do_not_touch():
    plain = pattern_of(build("cap_array", {"weights": (4, 4, 8)}))
    grown = enlarge(plain)
    for before, after in zip(plain.members, grown.members, strict=True):
        pairs = list(zip(before.boxes, after.boxes, strict=True))
        assert all(abs(a.center().x - b.center().x) <= 1 and a.width() < b.width() for a, b in pairs)
    boxes = [box for m in grown.members for box in m.boxes] + grown.dummies
    assert not any(a.touches(b) for a, b in combinations(boxes, 2))


def test_area_of_a_colour_is_that_of_its_units(tmp_path):
    """16, 32 and 64 units: twice the units, twice the pixels; a colour no member has does not occur."""
    found = pixels(write_pattern(build("cap_array", {"weights": (16, 32, 64)}), tmp_path / "p.png"))
    count = [found.get(rgb(hue), 0) for hue in HUES]
    assert count[0] / count[1] == pytest.approx(2, rel=0.05)
    assert count[1] / count[2] == pytest.approx(2, rel=0.05)
    assert not any(count[3:]) and found[rgb(GREY)] > 0


def test_the_legend_of_a_cell_just_as_wide_as_said_stands_below(tmp_path, monkeypatch):
    """A narrower one has it beside it, which makes the picture wider."""
    cell = build("cap_array", {"weights": (1, 1, 2)})
    ratio = cell.bbox_nm.width() / cell.bbox_nm.height()
    assert ratio * cell.bbox_nm.height() == cell.bbox_nm.width()

    def size(most):
        monkeypatch.setattr(pattern_picture, "BESIDE", most)
        return Image.open(write_pattern(cell, tmp_path / "p.png")).size

    below, beside = size(0), size(1.001 * ratio)
    assert size(ratio) == below and below[0] < beside[0] and below[1] > beside[1]


def test_only_cells_with_members_to_tell_apart_have_a_picture(tmp_path):
    assert not has_pattern(build("mosfet")) and not has_pattern(build("unit_cap"))
    assert not has_pattern(build("crossbar", {"rows": 9, "cols": 9}))
    assert has_pattern(build("cap_array", {"weights": (1,) * 64}))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert build_files(build("current_mirror"), tmp_path / "a").to_json()["files"]["pattern"].endswith("pattern.png")
    assert "pattern" not in build_files(build("mosfet"), tmp_path / "b").files


def test_looks_differ():
    assert len(set(HUES)) == len(HUES) and len(set(MARKS)) == len(MARKS)


@pytest.mark.parametrize("kind", BLINDNESS)
def test_hues_stay_apart_for_colour_blind_eyes(kind):
    """At least 35 of 255 between any two as seen; pure red and a green of its lightness do not pass."""

    def seen(colour):
        linear = (np.array(rgb(colour)) / 255) ** 2.2
        return 255 * np.clip(np.array(BLINDNESS[kind]) @ linear, 0, 1) ** (1 / 2.2)

    def apart(colours):
        return min(np.linalg.norm(seen(a) - seen(b)) for a, b in combinations(colours, 2))

    assert apart((*HUES, GREY)) > 35
    assert apart(("#b05050", "#787850")) < 35


def test_the_label_stands_below_the_numbers_and_ends_where_their_room_ends():
    """A box of 1064 px by 532 at (100, 50): below it 26 px of margin, then 56 px for numbers and label."""
    placed = []

    class Pen:
        def text(self, x, y, words, size_px, anchor="mm"):
            placed.append((words, x, y - size_px / 2, y + size_px / 2))

        def line(self, *ends):
            pass

        frame = line

    Axes(Box(0, 0, 20_000, 10_000), 100, 50).draw(Pen(), "um")
    (x, top, bottom) = next(place for words, *place in placed if words == "um")
    assert (x, bottom) == (100 + 1064 / 2, 50 + 532 + 26 + 56)
    assert all(low < top for words, x, _, low in placed if words == "20")


@pytest.mark.parametrize(("short", "sizes"), [(6, []), (7, [5]), (13, [10]), (40, [16])])
def test_a_name_is_written_where_five_pixels_are_left_for_it(short, sizes):
    """Four fifths of the unit's shorter side, in whole pixels: of 6 px there are 4, of 7 px 5; 16 at most."""
    written = []

    class Pen:
        def upright(self, x, y, words, size_px, colour):
            written.append(size_px)

    _name_units(Pen(), Axes(Box(0, 0, 1064, 1064), 0, 0), Shown("b0", [Box(0, 0, short, 400)], 0, None))
    assert written == sizes


def test_numbers_along_the_cell_are_round_and_apart():
    """-3.2 to 14.1 um, at least 2.1 um apart: the next of 1, 2, 2.5, 5 times a power of ten is 2.5."""
    assert list(_numbers(-3200, 14100, 2100)) == [
        (-2500, "-2.5"), (0, "0.0"), (2500, "2.5"), (5000, "5.0"), (7500, "7.5"), (10000, "10.0"), (12500, "12.5")
    ]  # fmt: skip
    assert [words for _, words in _numbers(0, 90_000, 20_000)] == ["0", "20", "40", "60", "80"]


def test_a_unit_lies_where_the_axes_say(tmp_path):
    """The middle of every unit of a pair with narrow gates has a colour of that unit: its own or its name's."""
    cell = build("matched_pair", {"w": 16, "l": 0.5})
    image = Image.open(write_pattern(cell, tmp_path / "p.png")).convert("RGB")
    axes = Axes(cell.bbox_nm, EDGE_PX + LEFT_PX + MARGIN_PX, 2 * EDGE_PX + TITLE_PX + MARGIN_PX)
    for member in pattern_of(cell).members:
        for box in member.boxes:
            x, y = axes.place(box.center().x, (3 * box.top + box.bottom) / 4)  # between the name and the upper end
            assert image.getpixel((round(x), round(y))) == rgb(HUES[member.look])
