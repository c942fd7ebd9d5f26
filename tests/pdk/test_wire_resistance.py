"""Wire resistances against the model file read as plain text, and the arithmetic of the width correction."""

import pytest

from analoom.pdk.errors import InputError
from analoom.pdk.install import wire_tables_dir
from analoom.pdk.layers import Layer
from analoom.pdk.wire_resistance import wire_resistance


def plain(file, name):
    for line in (wire_tables_dir().parent / file).read_text().splitlines():
        words = line.replace("=", " = ").split()
        if name in words and "=" in words:
            return float(words[words.index("=") + 1].rstrip("u"))
    raise KeyError(name)


@pytest.mark.parametrize(
    ("corner", "file"),
    [
        ("typical", "r+c/res_typical__cap_typical.spice"),
        ("fast", "r+c/res_low__cap_low.spice"),
        ("slow", "r+c/res_high__cap_high.spice"),
    ],
)
def test_sheets_and_cuts_are_the_model_files(corner, file):
    found = wire_resistance(corner)
    sheets = {Layer.POLY: "rp1", Layer.LI1: "rl1", Layer.MET1: "rm1", Layer.MET3: "rm3", Layer.MET5: "rm5"}
    assert {x: found.sheet_ohm[x] for x in sheets} == {x: plain(file, n) for x, n in sheets.items()}
    assert found.cut_ohm[Layer.MCON] == plain(file, "rcl1")
    assert found.cut_ohm[Layer.VIA4] == plain(file, "rcvia4")
    assert found.licon_ohm == {"poly": plain(file, "rcp1"), "n": plain(file, "rcn"), "p": plain(file, "rcp")}


def test_narrow_met1_has_the_corrected_width():
    """0.125 ohm per square over 0.14 - 0.039 um; OpenROAD's flow uses 1.218 ohm/um for the same wire."""
    assert wire_resistance().ohm_per_um(Layer.MET1, 0.14) == pytest.approx(0.125 / 0.101, rel=1e-9)
    assert wire_resistance().ohm_per_um(Layer.MET1, 0.14) == pytest.approx(1.218, rel=0.02)


def test_a_wire_the_correction_eats_is_refused():
    with pytest.raises(InputError, match=r"met1 drawn 0\.03 um wide"):
        wire_resistance().ohm_per_um(Layer.MET1, 0.03)
