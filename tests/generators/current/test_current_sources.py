"""Current sources as drawn: their units, their centres, what cannot be drawn, and layouts that are wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analoom.cells.model.circuit import Mos
from analoom.cells.model.registry import build, entry
from analoom.flows.drc.check import run_drc
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box, without

SMALL_DAC = {"bits": 2, "rows": 1}
SMALL_BIAS = {"sinks": (1,), "sources": (1, 4), "reference": 1, "rows": 1}
DRAWN = [
    ("current_dac", SMALL_DAC),
    ("bias", SMALL_BIAS),
    *(pytest.param(name, {}, marks=pytest.mark.full) for name in ("current_dac", "bias", "ptat_bias", "ramp")),
]


def units(cell, gate):
    """Units on each drain net of the mirror with its gates on a net."""
    found = (f for f in flat_devices(cell.circuit) if isinstance(f.device, Mos) and f.nets["g"] == gate)
    return {f.nets["d"]: f.device.m for f in found if f.nets["d"] != f.nets["s"]}


def test_units_are_counted():
    assert units(build("current_dac", SMALL_DAC), "in") == {"in": 2, "leg0": 1, "leg1": 2}
    bias = build("bias", SMALL_BIAS)
    assert units(bias, "in") == {"in": 1, "n1": 1, "fold": 1}
    assert units(bias, "fold") == {"fold": 1, "p1": 1, "p2": 4}
    assert units(build("ramp"), "in") == {"in": 2, "ramp": 2}


@pytest.mark.full
def test_units_of_a_core_are_counted():
    ptat = build("ptat_bias", {"sinks": (1,), "sources": (1,), "reference": 1, "ratio": 4, "rows": 1})
    wide = [f.device for f in flat_devices(ptat.circuit) if f.nets["s"] == "r"]
    assert sum(device.m for device in wide) == 4 and {device.w_um for device in wide} == {8.0}


@pytest.mark.parametrize(("switch", "rail"), [("n", "vss"), pytest.param("p", "vdd", marks=pytest.mark.full)])
def test_a_switch_is_as_wide_as_its_units(switch, rail):
    cell = build("current_dac", {"bits": 2, "rows": 1, "switch": switch, "steer": switch == "n"})
    gates = ("c0", "c1", *(("cb0", "cb1") if switch == "n" else ()))
    found = {f.nets["g"]: f for f in flat_devices(cell.circuit) if f.nets["g"] in gates}
    assert set(found) == set(gates)
    assert [found[f"c{k}"].device.w_um for k in range(2)] == pytest.approx([0.84, 1.68], abs=1e-9)
    assert {f.nets["b"] for f in found.values()} == {rail}
    assert {f.nets["d"] for f in found.values()} == ({"out", "dump"} if switch == "n" else {"out"})


@pytest.mark.parametrize("name", ["current_dac", "bias"])
def test_units_share_a_centre(name):
    """Two gates a unit; in three rows the single unit has the very centre."""
    cell = build(name)
    for group in (g for g in cell.match_groups if "mirror" in g.name):
        centres = {member: group.centroid_nm(member) for member in group.members}
        assert max(abs(a - b) for one in centres.values() for a, b in zip(one, centres["m0"], strict=True)) < 1
    assert any("mirror" in g.name for g in cell.match_groups)


@pytest.mark.parametrize(("name", "fields"), DRAWN)
def test_a_layout_that_is_wrong_is_not_clean(name, fields, tmp_path):
    """Without its vias nothing is joined; a bar of met2 up the middle joins all buses; a speck is a rule broken."""
    cell = build(name, fields)
    assert not run_lvs(twin(cell, without(Layer.VIA)), cell.spice(), cell.name, tmp_path / "open").clean
    box = cell.bbox_nm
    across = box.enlarged(-(box.width() // 2 - 100), 0)
    assert not run_lvs(twin(cell, with_box(Layer.MET2, across)), cell.spice(), cell.name, tmp_path / "short").clean
    speck = box.moved(0, 2 * box.height()).enlarged(-(box.width() // 2 - 35), -(box.height() // 2 - 35))
    assert not run_drc(twin(cell, with_box(Layer.MET1, speck)), workdir=tmp_path / "speck").clean


def test_bits_that_change_places_do_not_match(tmp_path):
    """The circuit with the units of two bits swapped, against the layout."""
    cell = build("current_dac", SMALL_DAC)
    first, *others = cell.circuit.instances
    mirror = next(i for i in (first, *others) if i.name == "units")
    swapped = {**mirror.nets, "out1": mirror.nets["out2"], "out2": mirror.nets["out1"]}
    instances = tuple(replace(i, nets=swapped) if i is mirror else i for i in cell.circuit.instances)
    assert lvs_cell(cell, tmp_path / "right").clean
    wrong = replace(cell, circuit=replace(cell.circuit, instances=instances))
    assert not lvs_cell(wrong, tmp_path / "wrong").clean


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("current_dac", {"bits": 7}, "bits"),
        ("current_dac", {"w": 0.5}, "w"),
        ("current_dac", {"l": 25.0}, "l"),
        ("current_dac", {"w_switch": 0.5}, "w_switch"),
        ("current_dac", {"l_switch": 0.1}, "l_switch"),
        ("bias", {"sinks": ()}, "sinks"),
        ("bias", {"sources": (1,) * 17}, "sources"),
        ("bias", {"sinks": (100, 100)}, "sinks"),
        ("bias", {"w_p": 0.5}, "w_p"),
        ("ptat_bias", {"ratio": 32, "reference": 8}, "ratio"),
        ("ptat_bias", {"l_start": 30.0}, "l_start"),
        ("ramp", {"w_cap": 60.0}, "w_cap"),
        ("ramp", {"w_switch": 0.5}, "w_switch"),
        ("ramp", {"units": 65}, "units"),
    ],
)
def test_what_cannot_be_drawn_is_refused(name, fields, field):
    with pytest.raises(SpecError) as refused:
        entry(name).spec_type.parse(fields)
    assert refused.value.field.split(".")[0] == field


@pytest.mark.parametrize(
    ("name", "fields"), [("current_dac", {"w_switch": 0.5}), ("bias", {"w_p": 0.5}), ("ptat_bias", {"l_start": 30.0})]
)
def test_a_refusal_names_a_value_that_will_do(name, fields):
    with pytest.raises(SpecError) as refused:
        entry(name).spec_type.parse(fields)
    field, _, value = (refused.value.remedy or "").partition("=")
    assert entry(name).spec_type.parse({**fields, field.removeprefix("-p "): float(value)})
