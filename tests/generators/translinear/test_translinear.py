"""The translinear multiplier as drawn: its two halves are mirror images, and what cannot be drawn is refused."""

from __future__ import annotations

import klayout.db as kdb
import pytest

from analoom.cells.model.circuit import Mos
from analoom.cells.model.drawing import hull
from analoom.cells.model.registry import build, entry
from analoom.flows.drc.check import drc_cell
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.pex.extract import extract
from analoom.generators.translinear.parts import source_of
from analoom.generators.translinear.spec import TranslinearSpec
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin

JNW_SV = {"form": "nmos", "w": 16.64, "l": 0.22, "nf": 4, "w_out": 8.32}
FORMS = [{}, JNW_SV, {**JNW_SV, "body": "source"}]
each_form = pytest.mark.parametrize("fields", FORMS)


def transistors(cell):
    """(model, w, l, nf, m) of every transistor that is no dummy, by its place in the circuit."""
    return {
        ".".join([*f.path, f.device.name]): (
            f.device.device.name,
            f.device.w_um,
            f.device.l_um,
            f.device.nf,
            f.device.m,
        )
        for f in flat_devices(cell.circuit)
        if isinstance(f.device, Mos) and f.nets["d"] != f.nets["s"]
    }


def test_what_a_transistor_belongs_to_is_said_of_each_part():
    """The bias row sinks two currents (form nmos: three), then come legs, the DAC's as are switches and upper units."""
    p, n = TranslinearSpec(), TranslinearSpec(**JNW_SV)
    assert [source_of(p, part, "m1") for part in ("input", "output", "shift")] == ["loop"] * 3
    assert [source_of(p, part, "m1") for part in ("sw", "sw2", "top_h0")] == ["dac"] * 3
    assert [source_of(p, part, "m3") for part in ("feed", "loads")] == ["mirrors"] * 2
    assert [source_of(p, "bias", f"m{k}") for k in (1, 2, 3)] == ["mirrors", "mirrors", "dac"]
    assert [source_of(n, "bias", f"m{k}") for k in (2, 3, 4)] == ["mirrors", "mirrors", "dac"]


def test_the_sizes_are_those_of_jnw_sv():
    """NCH_12C1F2: two fingers of 4.16/0.22, two in parallel; NCH_2C5F0: 0.96/0.94; PCH_12C5F0: 4.16/0.94."""
    found = transistors(build("translinear", JNW_SV))
    assert found["input.m1"] == found["output.m2"] == found["shift.m1"] == ("nfet_01v8", 16.64, 0.22, 4, 1)
    assert found["loads.m0"] == ("pfet_01v8", 8.32, 0.94, 2, 1)
    assert found["feed.m1"] == ("nfet_01v8", 8.32, 0.94, 2, 2)
    legs = [v[4] for k, v in found.items() if k.startswith("bias.")]
    assert legs == [1, 1, 1, 1, 1, 1, 1, 2, 4, 8]  # reference, three sinks, two halves, four bits
    assert found["top_h0.m1"] == ("nfet_01v8", 1.92, 0.94, 2, 1)
    assert sum(1 for name in found if name.startswith("sw")) == 6


@pytest.mark.slow
def test_the_wires_of_both_inputs_weigh_alike(tmp_path):
    """Capacitance to all else; the outputs lie apart, one to the left and one to the right of the loads."""
    nets = extract(of_cell(build("translinear")), mode="c", workdir=tmp_path).nets
    assert nets["ip"].total_f == pytest.approx(nets["in"].total_f, rel=0.08, abs=0)
    assert nets["op"].total_f == pytest.approx(nets["on"].total_f, rel=0.5, abs=0)


@each_form
def test_the_pairs_share_a_row_and_the_parts_lie_inside(fields):
    cell = build("translinear", fields)
    boxes = {i.name: i.cell.bbox_nm.transformed(i.trans) for i in cell.instances}
    assert abs(boxes["input"].center().y - boxes["output"].center().y) <= 10
    assert cell.bbox_nm == cell.bbox_nm + hull(boxes.values())
    assert sum(cell.areas_um2.values()) == pytest.approx(sum(b.area() for b in boxes.values()) / 1e6, rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("fields", [{}, pytest.param(FORMS[2], marks=pytest.mark.slow)])
def test_a_wire_that_lost_its_cuts_fails_lvs(fields, tmp_path):
    """A cut and the one that doubles it; but for those of the supplies, whose wires meet in many places."""
    cell = build("translinear", fields)
    supplies = kdb.Region([pin.box.enlarged(4000, 4000) for pin in cell.pins if pin.use != "signal"])
    cuts = kdb.Region(cell.layout.shapes(cell.layout.layout().layer(*Layer.VIA2.value))).sized(200).merged()
    groups = [piece.bbox() for piece in cuts.outside(supplies).each()]
    assert len(groups) > 15
    seen = [not _matches_without(cell, Layer.VIA2, group, tmp_path) for group in groups[:: len(groups) // 5]]
    assert sum(seen) >= 4, "others belong to supplies, whose wires meet in many places"


def _matches_without(cell, layer, box, folder):
    def damage(copy, top):
        shapes = top.shapes(copy.layer(*layer.value))
        for shape in list(shapes.each_touching(box)):
            shapes.erase(shape)

    return run_lvs(twin(cell, damage), cell.spice(), cell.name, folder).clean


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"body": "source"}, "body", "ground for gate_pmos"),
        ({"nf": 3}, "nf", "even"),
        ({"w": 0.5}, "w", "at least"),
        ({"l": 25.0}, "l", "0.15 to 20 um"),
        ({"w_unit": 0.5}, "w_unit", "at least"),
        ({"l_out": 0.1}, "l_out", "0.15 to 20"),
        ({"w_switch": 0.42}, "w_switch", "at least"),
        ({"bits": 7}, "bits", "6"),
        ({"bits": 0}, "bits", "1"),
        ({"form": "pnp"}, "form", "gate_pmos"),
        ({"w_out": float("nan")}, "w_out", "finite"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_field_and_bound(fields, field, says):
    with pytest.raises(SpecError) as refused:
        entry("translinear").spec_type.parse(fields)
    assert refused.value.field == field and says in str(refused.value)


@pytest.mark.full
@pytest.mark.parametrize("bits", [1, 6])
@pytest.mark.parametrize("fields", [{}, FORMS[2], {"w": 8.0, "l": 4.0, "nf": 8, "w_unit": 8.0, "l_unit": 0.5}])
def test_other_sizes_are_clean(fields, bits, tmp_path):
    cell = build("translinear", {**fields, "bits": bits})
    drc_cell(cell, tmp_path).require_clean()
    lvs_cell(cell, tmp_path).require_clean()
