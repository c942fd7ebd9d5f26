"""The transistor cell: drawn sizes equal asked sizes, bounds are refused, the body ring surrounds it."""

import pytest

from analoom.cells.model import registry
from analoom.pdk.devices import MOS
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from drawn import region

FLAVOURS = list(MOS)


@pytest.mark.parametrize("device", FLAVOURS)
@pytest.mark.parametrize(("w", "l", "nf", "m"), [(0.42, 0.35, 1, 1), (6, 0.5, 3, 2), (2.5, 8, 1, 1)])
def test_drawn_gate_has_the_asked_size(device, w, l, nf, m):  # noqa: E741
    cell = registry.build("mosfet", {"device": device, "w": w, "l": l, "nf": nf, "m": m})
    gates = region(cell, Layer.POLY) & region(cell, Layer.DIFF)
    assert gates.count() == nf * m
    assert gates.area() == pytest.approx(w * m * l * 1e6)
    assert {g.bbox().width() for g in gates.each()} == {round(l * 1000)}


@pytest.mark.parametrize("device", FLAVOURS)
def test_flavour_is_marked_by_well_implant_and_threshold(device):
    cell = registry.build("mosfet", {"device": device, "l": 0.5})
    diff = region(cell, Layer.DIFF)
    p_type = device.startswith("pfet")
    assert (diff - region(cell, Layer.PSDM if p_type else Layer.NSDM)).is_empty()
    assert (diff & region(cell, Layer.NWELL)).is_empty() != p_type
    marks = {"lvt": Layer.LVTN, "hvt": Layer.HVTP}
    for suffix, layer in marks.items():
        assert (diff & region(cell, layer)).is_empty() == (not device.endswith(suffix))


@pytest.mark.parametrize("fields", [{}, {"w": 3, "nf": 3, "l": 0.155}])
def test_every_cut_is_on_the_ten_nm_grid(fields):
    cell = registry.build("mosfet", fields)
    for layer in (Layer.LICON, Layer.MCON, Layer.VIA):
        boxes = [p.bbox() for p in region(cell, layer).each()]
        assert boxes and all(v % 10 == 0 for b in boxes for v in (b.left, b.bottom))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"w": 0.01}, "w", "at least 0.42 um"),
        ({"w": 0.8, "nf": 2}, "w", "at least 0.84 um (nf = 2)"),
        ({"l": 0.14}, "l", "0.15 to 20 um for nfet_01v8"),
        ({"l": 20.005}, "l", "0.15 to 20"),
        ({"device": "pfet_01v8_lvt", "l": 0.15}, "l", "0.35 to 20 um for pfet_01v8_lvt"),
        ({"l": 0.1512}, "l", "multiple of 0.005 um"),
        ({"nf": -1}, "nf", "greater than or equal to 1"),
        ({"nf": 0}, "nf", "greater than or equal to 1"),
        ({"w": float("nan")}, "w", "a finite number"),
        ({"device": "nfet_03v3"}, "device", "nfet_01v8"),
        ({"w": 100}, "w", "raise nf"),
        ({"nf": 2000, "w": 1000}, "nf", "1024 fingers"),
        ({"width": 1}, "width", "one of the fields device, w, l, nf, m"),
    ],
)
def test_bad_specs_are_refused_by_field_and_bound(fields, field, said):
    with pytest.raises(SpecError) as error:
        registry.build("mosfet", fields)
    assert error.value.field == field
    assert said in str(error.value)


def test_refused_spec_leaves_no_cell_behind():
    layout = registry.build("mosfet").layout.layout()
    before = [c.name for c in layout.each_cell()]
    with pytest.raises(SpecError):
        registry.build("mosfet", {"w": 100})
    assert [c.name for c in layout.each_cell()] == before
    assert registry.build("mosfet", {"w": 10}).circuit.devices[0].w_um == 10
