"""Amplifiers as drawn: sizes in balance, matched devices about one centre, no via4 on a MIM, refusals that help."""

from __future__ import annotations

import klayout.db as kdb
import pytest

from analoom.cells.model import landings
from analoom.cells.model.abstract import Abstract
from analoom.cells.model.circuit import Cap, Mos
from analoom.cells.model.registry import build, entry
from analoom.flows.lvs.check import run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.systems.amplifier.centres import centres_um
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin


def transistors(cell):
    """(w, l, m) of every transistor that is no dummy, by its path."""
    found = [f for f in flat_devices(cell.circuit) if isinstance(f.device, Mos) and f.nets["d"] != f.nets["s"]]
    return {".".join([*f.path, f.device.name]): (f.device.w_um, f.device.l_um, f.device.m) for f in found}


def metal(cell, layer):
    return kdb.Region(cell.layout.begin_shapes_rec(cell.layout.layout().layer(*layer.value))).merged()


def test_the_op_amp_has_the_sizes_asked_and_a_sink_in_balance():
    """Tail four units, each side of the load two, output 16 of them: it carries 8 times half the tail, 16 units."""
    found = transistors(build("opamp"))
    assert found["pair.m1"] == found["pair.m2"] == (20.0, 1.0, 1)
    assert found["load.m0"] == found["load.m1"] == (4.0, 2.0, 2)
    assert found["output.m1"] == (4.0, 2.0, 16)
    assert [found[f"bias.m{k}"][2] for k in range(3)] == [1, 4, 16]
    cap = next(f.device for f in flat_devices(build("opamp").circuit) if isinstance(f.device, Cap))
    assert (cap.w_um, cap.l_um) == (32.0, 32.0)


def test_a_follower_ties_the_output_to_the_inverting_input():
    nets = {i.name: i.nets for i in build("follower").circuit.instances}["amplifier"]
    assert nets["inn"] == nets["out"] == "out" and nets["inp"] == "in"


@pytest.mark.parametrize("name", ["ota", "opamp"])
def test_pair_and_load_have_common_centres_and_one_axis(name):
    """Both devices of each at the same x; pair and load on the same axis to a grid step of the cells' ways."""
    at = centres_um(build(name))
    assert at["pair.m1"][0] == pytest.approx(at["pair.m2"][0], abs=0.001)
    assert at["load.m0"][0] == pytest.approx(at["load.m1"][0], abs=0.001)
    assert at["pair.m1"][0] == pytest.approx(at["load.m0"][0], abs=0.2)


def test_no_cut_is_stacked_on_a_plate_and_without_the_ban_landings_there_are(monkeypatch):
    """Magic has no contact to a MIM under a via4."""
    cell = build("unit_cap", w=5.0)
    top = next(pin for pin in cell.pins if pin.name == "top")
    of = lambda: [x.via.cut for x in Abstract(cell.layout, cell.pins).access(top.name)[0].landings]  # noqa: E731
    assert Layer.VIA4 not in of()
    monkeypatch.setattr(landings, "UNSTACKED", {})
    assert Layer.VIA4 in of()
    block = build("opamp")
    assert (metal(block, Layer.VIA4).sized(190) & metal(block, Layer.CAPM)).is_empty()


@pytest.mark.slow
def test_swapped_inputs_and_a_lost_capacitor_fail_lvs(tmp_path):
    """The broken twins of the netlist that the layout is compared with."""
    cell = build("opamp")
    whole, same = cell.spice(), twin(cell, lambda *_: None)
    assert run_lvs(same, whole, cell.name, tmp_path).clean
    swapped = whole.replace("Xpair x inn y inp tail", "Xpair x inp y inn tail")
    assert swapped != whole and not run_lvs(same, swapped, cell.name, tmp_path).clean
    without = "\n".join(line for line in whole.splitlines() if not line.startswith("Xcap "))
    assert without != whole and not run_lvs(same, without, cell.name, tmp_path).clean


@pytest.mark.parametrize(
    ("name", "fields", "field", "fix"),
    [
        ("opamp", {"out": 7, "tail": 3}, "out", "out=4"),
        ("opamp", {"w_load": 0.4}, "w_load", None),
        ("opamp", {"w_cap": 0.5}, "w_cap", None),
        ("ota", {"w_unit": 0.2}, "w_unit", None),
        ("ota", {"nf": 5}, "nf", "nf=4"),
        ("follower", {"amplifier": "ota", "opamp": {"w": 8.0}}, "opamp", "amplifier=opamp"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_name_here(name, fields, field, fix):
    with pytest.raises(SpecError) as refused:
        entry(name).spec_type.parse(fields)
    assert refused.value.field == field
    assert fix is None or refused.value.remedy == fix
