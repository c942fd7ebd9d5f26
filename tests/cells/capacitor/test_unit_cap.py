"""The unit capacitor: plates of the asked size, enclosures the deck asks for, refusals; DRC and LVS bite."""

import re

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.pdk import install
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without
from drawn import region

SIDES_UM = (1.0, 1.005, 2.0, 4.235, 12.0)


def deck_um(pattern):
    """A number in the installed shuttle deck."""
    return float(re.search(pattern, install.deck().read_text()).group(1))


@pytest.mark.parametrize("w", SIDES_UM)
def test_plate_is_a_square_of_the_asked_side(w):
    plate = region(registry.build("unit_cap", {"w": w}), Layer.CAPM)
    assert plate.count() == 1 and plate.is_box()
    assert plate.bbox().width() == plate.bbox().height() == round(w * 1000)


@pytest.mark.parametrize("w", SIDES_UM)
def test_enclosures_are_the_decks(w):
    cell = registry.build("unit_cap", {"w": w})
    plate, via3 = region(cell, Layer.CAPM), region(cell, Layer.VIA3)
    around = round(1000 * deck_um(r"m3\.enclosing\(capm, ([\d.]+)"))
    inside = round(1000 * deck_um(r"capm\.enclosing\(via3, ([\d.]+)"))
    assert (plate.sized(around) - region(cell, Layer.MET3)).is_empty()
    assert not via3.is_empty()
    assert (via3.sized(inside) - plate).is_empty()
    assert (via3 - region(cell, Layer.MET4)).is_empty()


def test_circuit_says_what_is_drawn():
    words = registry.build("unit_cap", {"w": 3.5}).spice().split()
    assert words[1:4] == ["unit_cap_w3p5", "top", "bottom"]
    assert {"sky130_fd_pr__cap_mim_m3_1", "w=3.5", "l=3.5"} <= set(words)


@pytest.mark.parametrize("w", SIDES_UM)
def test_clean_in_fast_drc_and_lvs(tmp_path, w):
    cell = registry.build("unit_cap", {"w": w})
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()


def test_without_via3_lvs_fails(tmp_path):
    cell = registry.build("unit_cap")
    assert not run_lvs(twin(cell, without(Layer.VIA3)), cell.spice(), cell.name, tmp_path).clean


def test_via2_under_the_plate_fails_drc(tmp_path):
    cell = registry.build("unit_cap")
    under = twin(cell, with_box(Layer.VIA2, kdb.Box(900, 900, 1100, 1100)))
    assert not run_drc(under, ("fast",), tmp_path).clean


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"w": 0.995}, "greater than or equal to 1"),
        ({"w": 1.002}, "multiple of 0.005 um"),
        ({"w": 51}, "less than or equal to 50"),
        ({"w": "wide"}, "must be a number"),
        ({"l": 2}, "one of the fields device, w, fingers"),
    ],
)
def test_refusals(fields, said):
    with pytest.raises(SpecError, match=said) as refused:
        registry.build("unit_cap", fields)
    assert refused.value.field == next(iter(fields))
