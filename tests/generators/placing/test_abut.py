"""Parts that abut stand a pitch apart, share their rails and are clean; what has no fabric in common is told."""

import pytest

from analoom import build
from analoom.cells.model.cell import Spec
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.wiring import channels
from analoom.generators.wiring.floorplan import Floorplan
from analoom.pdk.errors import SpecError


def latches(name, arrange):
    floor, cell, own = Floorplan(name), build("latch"), ("bl", "blb", "q", "qb")
    nets = [{port: f"{port}{k}" if port in own else port for port in cell.circuit.ports} for k in (0, 1)]
    parts = [floor.part(f"p{k}", cell, nets[k]) for k in (0, 1)]
    floor.pins(left=["wl"], bottom=["bl0", "bl1", "vss", "blb0", "blb1"], top=["q0", "q1", "qb0", "qb1", "vdd"])
    return floor.cell(getattr(floor, arrange)(*parts), Spec(), "macro")


def apart_nm(block):
    one, other = block.instances
    return other.trans.disp.x - one.trans.disp.x


def test_latches_that_abut_stand_a_pitch_apart_and_nearer_than_in_a_row(tmp_path):
    """Their pitch is 2.56 um, the width of a latch without the halves of wells and implants that it shares."""
    block = latches("test_abutting", "abut")
    assert apart_nm(block) == 2560 < apart_nm(latches("test_in_a_row", "row"))
    source = of_cell(block)
    assert run_drc(source, ("fast",), tmp_path).clean
    assert run_lvs(source, block.circuit.spice(), block.name, tmp_path).clean


@pytest.mark.parametrize(
    ("cells", "nets", "why"),
    [
        (("mosfet", "mosfet"), {}, "each a strip or a tile"),
        (("analog_switch", "weight_bit"), {}, "the same height"),
        (("analog_switch", "analog_switch"), {"vdd": "other"}, "the same net on vdd"),
        (("synapse_cs", "synapse_cs"), {"rowp": "other"}, "the same net on rowp"),
    ],
)
def test_what_cannot_abut_is_told_with_the_reason(cells, nets, why):
    floor = Floorplan("test_apart")
    drawn = [build(name) for name in cells]
    parts = [floor.part(f"p{k}", cell, {port: port for port in cell.circuit.ports}) for k, cell in enumerate(drawn)]
    parts[1].nets.update(nets)
    with pytest.raises(SpecError, match=f"p0, p1.*{why}"):
        floor.abut(*parts)


def test_parts_that_abut_without_a_way_to_a_pin_are_refused_after_a_few_rounds(monkeypatch):
    """Two switches whose pins lie within: a wider rim frees none of them, so it is not tried 40 times."""
    rims, floor, cell, shared = [], Floorplan("test_in_vain"), build("analog_switch"), ("vdd", "vss")
    router = channels._router
    monkeypatch.setattr(channels, "_router", lambda *given: rims.append(given[-1]) or router(*given))
    nets = [{p: p if p in shared else f"{p}{k}" for p in cell.circuit.ports} for k in (0, 1)]
    parts = [floor.part(f"p{k}", cell, nets[k]) for k in (0, 1)]
    floor.pins(left=list(nets[0].values()), right=[net for net in nets[1].values() if net not in shared])
    with pytest.raises(SpecError, match=r"finds no way at .* um .*parts that abut have no gap: in a row they have"):
        floor.cell(floor.abut(*parts), Spec(), "macro")
    assert len(rims) <= 4
