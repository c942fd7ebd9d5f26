"""The antenna diode: it cures the net that it stands on, and is the device that its netlist says and no other."""

import klayout.db as kdb
import pytest
from antenna_layouts import wired
from drc_cases import L, layout_of
from oracles.magic_antenna import magic_shares

from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell, run_drc
from analoom.flows.export.cdl import cdl_text
from analoom.flows.files.layout_source import of_layout
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer, Marker
from broken import twin, with_box, without
from drawn import region

LONG_UM = 600
"""433 times a gate of 1 um2 on met1; 400 are allowed, with a diode of 0.65 um square 2200 + 400 x 0.4225."""


def protected(*, joined):
    """A gate of 1 um2 with a long wire of met1 up to the diode, its tap beyond; or the wire stops short."""
    layout = layout_of(wired(L.MET1, LONG_UM * 1000))
    cell, top = build("antenna_diode"), layout.top_cell()
    copy = layout.create_cell(cell.name)
    copy.copy_tree(cell.layout)
    end = 1400 + LONG_UM * 1000
    turned = kdb.Trans(kdb.Trans.R180, 325, end + (200 if joined else 2000))
    top.insert(kdb.CellInstArray(copy.cell_index(), turned))
    return of_layout(layout, top)


def test_a_net_with_too_much_met1_is_clean_with_the_diode_on_it_and_not_with_it_beside(tmp_path):
    cured, bare = (run_drc(protected(joined=x), ("antenna",), tmp_path).engines["antenna"] for x in (True, False))
    (worst,) = [net for net in cured.nets if net["rule"] == "antenna.met1"]
    assert cured.clean and not bare.clean
    assert worst["limit"] == pytest.approx(2200 + 400 * 0.65**2, rel=1e-9)
    assert worst["diode_um2"] == pytest.approx(0.4225, rel=1e-9)
    assert bare.violations == {"antenna.met1": 1}


@pytest.mark.full
@pytest.mark.tools
def test_magic_says_so_too(tmp_path):
    assert magic_shares(protected(joined=True), tmp_path) == {}
    assert set(magic_shares(protected(joined=False), tmp_path)) == {L.MET1}


@pytest.mark.parametrize("w", [0.29, 0.65, 1.235])
def test_contacts_of_diode_and_tap_stand_below_each_other_and_about_the_middle(w):
    cell = build("antenna_diode", {"w": w})
    cuts = region(cell, Layer.LICON)
    boxes = [cut.bbox() for cut in cuts.each()]
    above, below = ({box.left for box in boxes if (box.bottom > 0) is up} for up in (True, False))
    middle_nm = round(w * 1000) / 2
    assert above == below
    assert abs((min(above) + max(above) + 170) / 2 - middle_nm) <= 5, "cuts stand on a grid of 10 nm"
    assert (cuts ^ region(cell, Layer.MCON)).is_empty()


def test_sizes_of_the_netlist_are_those_that_models_and_magic_write():
    """0.65 um by 2 um: 1.3 um2 in pm2, 5.3 um in pm."""
    cell = build("antenna_diode", {"l": 2.0})
    line = "Xd a c sky130_fd_pr__diode_pw2nd_05v5 area=1.3e+12 perim=5300000 m=1"
    assert line in cell.spice().splitlines() and line in cdl_text(cell).splitlines()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (without(Marker.DIODE), "diode_pw2nd_05v5"),
        (with_box(Layer.LVTN, kdb.Box(-500, -250, 1200, 1200)), "diode_pw2nd_05v5_lvt"),
        (with_box(Layer.DIFF, kdb.Box(0, 0, 650, 700)), "A=0.455"),
        (with_box(Layer.MET1, kdb.Box(200, -500, 400, 300)), "shorted"),
    ],
    ids=["unmarked", "another flavour", "larger", "shorted"],
)
def test_another_device_than_that_of_the_netlist_is_none(tmp_path, damage, says):
    cell = build("antenna_diode")
    report = run_lvs(twin(cell, lambda *_: None), cell.spice(), cell.name, tmp_path)
    assert report.clean
    if says == "A=0.455":
        wide = with_box(Marker.DIODE, kdb.Box(0, 0, 650, 700))
        broken = twin(cell, lambda layout, top: (damage(layout, top), wide(layout, top)))
    else:
        broken = twin(cell, damage)
    found = run_lvs(broken, cell.spice(), cell.name, tmp_path)
    assert not found.clean and says in found.summary()


@pytest.mark.parametrize("fields", [{}, {"w": 0.295, "l": 0.295}, {"w": 20.0}, {"w": 0.305, "l": 7.115}])
def test_any_size_is_clean(tmp_path, fields):
    drc_cell(build("antenna_diode", fields), tmp_path).require_clean()


def test_a_diode_without_room_for_a_contact_is_refused():
    with pytest.raises(SpecError, match=r"w = 0.285: must be greater than or equal to 0.29"):
        build("antenna_diode", {"w": 0.285})
