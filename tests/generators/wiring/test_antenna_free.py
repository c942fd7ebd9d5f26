"""A wire that collects too much for a gate gets a jumper beside it; where none fits the block is refused, and the diode
named that cures it."""

import klayout.db as kdb
import pytest

from analoom.cells.capacitor.unit_cap import UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Spec
from analoom.cells.model.drawing import Box
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.generators.ways.antenna import Held
from analoom.generators.ways.net import Joint, Net, Terminal
from analoom.generators.wiring import channels
from analoom.generators.wiring.antenna_free import outer_antennas, put_jumpers, ratios_of, require_antenna_free
from analoom.generators.wiring.floorplan import Floorplan
from analoom.generators.wiring.metal_index import MetalIndex
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

GATE_UM2 = 0.063
"""A transistor of 0.42 x 0.15 um."""
LENGTH_NM = 100_000


def wired(held):
    """A gate's pin on met2 with 100 um of met2 on it."""
    pin = Box(0, 0, 290, 290)
    joint = Joint(Layer.MET2, pin, 140, kdb.Region(pin))
    return Net("far", [Terminal("m1.g", (joint,), (), held)], [(Layer.MET2, Box(0, 0, LENGTH_NM, 140))])


def test_the_ratio_is_side_area_over_gate():
    """Met2 is 0.36 um thick (the `height` of sky130A.tech): 0.36 times the outline, over the gate."""
    (met2,) = ratios_of(wired(Held(GATE_UM2)))
    outline_um = 2 * (LENGTH_NM + 290) / 1000
    assert met2.ratio == pytest.approx(0.36 * outline_um / GATE_UM2, rel=0.01)


def test_a_long_wire_is_refused_and_allowed_with_the_diode_that_is_named():
    (met2,) = ratios_of(wired(Held(GATE_UM2)))
    with pytest.raises(SpecError, match=r"floorplan = 'far': .*400 times its gates' area on met2, .*antenna_diode"):
        require_antenna_free([wired(Held(GATE_UM2))])
    require_antenna_free([wired(Held(GATE_UM2, 1.01 * met2.diode_um2))])
    require_antenna_free([wired(Held())])


def test_a_net_that_leaves_the_block_is_told_of_and_not_refused():
    net = wired(Held(GATE_UM2))
    net.edge_wire = net.wires[0]
    require_antenna_free([net])
    (level,) = ratios_of(net)
    assert outer_antennas([net]) == {"far": {"met2": round(level.ratio, 1)}}
    assert outer_antennas([wired(Held(GATE_UM2))]) == {}


def far_apart(name):
    """A capacitor on a small gate, past a large transistor: no driver leads its charge away."""
    floor, supply = Floorplan(name), {"s": "vss", "b": "vss"}
    gate = floor.part("gate", mosfet(MosfetSpec(w=0.42, l=0.3)), {"d": "d", "g": "far", **supply})
    large = floor.part("large", mosfet(MosfetSpec(w=16, l=5, nf=8)), {"d": "d", "g": "d", **supply})
    cap = floor.part("cap", unit_cap(UnitCapSpec(w=2)), {"top": "vss", "bottom": "far"})
    floor.pins(left=["vss"], right=["d"])
    return floor.cell(floor.row(gate, large, cap), Spec(), "macro")


def wrong(cell, folder):
    """What LVS has against a block."""
    return run_lvs(of_cell(cell), cell.circuit.spice(), cell.name, folder).engines["fast"].differences


@pytest.mark.slow
def test_a_jumper_cures_a_long_wire_to_a_small_gate(tmp_path, monkeypatch):
    """By Magic's ratios; drawn without jumpers the same block breaks them. LVS has nothing against it but that no
    device drives the gate."""
    cell = far_apart("test_jumped")
    run_drc(of_cell(cell), ("fast", "antenna"), tmp_path).require_clean()
    (floats,) = wrong(cell, tmp_path)
    assert "has no driver" in str(floats)
    monkeypatch.setattr(channels, "put_jumpers", lambda *_: None)
    monkeypatch.setattr(channels, "require_antenna_free", lambda nets: None)
    broken = run_drc(of_cell(far_apart("test_unjumped")), ("antenna",), tmp_path)
    assert broken.engines["antenna"].state == "violations"


def wide_and_far(name, *, ground=None, edge=()):
    """A wide wire to a small gate, which takes no jumper; past a large transistor."""
    floor, supply = Floorplan(name), {"s": "vss", "b": "vss"}
    gate = floor.part("gate", mosfet(MosfetSpec(w=0.42, l=0.3)), {"d": "d", "g": "far", **supply})
    large = floor.part("large", mosfet(MosfetSpec(w=16, l=5, nf=8)), {"d": "d", "g": "d", **supply})
    cap = floor.part("cap", unit_cap(UnitCapSpec(w=2)), {"top": "vss", "bottom": "far"})
    floor.supply("far", width_nm=600)
    floor.pins(left=["vss"], right=["d"], top=edge)
    if ground:
        floor.diodes(*edge, ground=ground)
    return floor.cell(floor.row(gate, large, cap), Spec(), "macro")


@pytest.mark.slow
def test_a_diode_is_placed_where_no_jumper_helps(tmp_path):
    """Without the wish the block is refused; by Magic's ratios the diode cures it, and LVS counts it as a device."""
    with pytest.raises(SpecError, match=r"floorplan = 'far'.*antenna_diode"):
        wide_and_far("test_undiodes")
    cell = wide_and_far("test_diodes", ground="vss")
    assert [instance.name for instance in cell.instances if instance.name.startswith("antenna")] == ["antenna_far"]
    run_drc(of_cell(cell), ("fast", "antenna"), tmp_path).require_clean()
    assert "diode" in cell.circuit.spice()
    without = "\n".join(line for line in cell.circuit.spice().splitlines() if not line.startswith("Xantenna_far"))
    assert without.count("\n") == cell.circuit.spice().count("\n") - 2
    engine = run_lvs(of_cell(cell), without, cell.name, tmp_path).engines["fast"]
    assert any("diode" in str(difference) for difference in engine.differences)


@pytest.mark.slow
def test_a_net_that_leaves_the_block_gets_the_diode_that_is_asked_for(tmp_path):
    cell = wide_and_far("test_diode_out", ground="vss", edge=["far"])
    assert "antenna_without_driver" not in cell.notes
    run_drc(of_cell(cell), ("fast", "antenna"), tmp_path).require_clean()
    assert run_lvs(of_cell(cell), cell.circuit.spice(), cell.name, tmp_path).clean
    assert "antenna_without_driver" in wide_and_far("test_no_diode_out", edge=["far"]).notes


def test_wishes_for_diodes_add_up_and_lead_to_one_ground():
    floor = Floorplan("test_diodes_twice")
    floor.diodes("a")
    floor.diodes("b")
    assert list(floor.led_off.cells()) == ["a", "b"]
    with pytest.raises(SpecError, match=r"ground = 'far'.*one net"):
        floor.diodes("c", ground="far")


def with_edge_net(name, *, jumped):
    """A small gate whose net leaves the block past a large transistor."""
    floor, supply = Floorplan(name), {"s": "vss", "b": "vss"}
    gate = floor.part("gate", mosfet(MosfetSpec(w=0.42, l=0.3)), {"d": "d", "g": "out", **supply})
    large = floor.part("large", mosfet(MosfetSpec(w=16, l=5, nf=8)), {"d": "d", "g": "d", **supply})
    floor.pins(left=["vss"], right=["d"], top=["out"])
    if jumped:
        floor.jumpers("out")
    return floor.cell(floor.stack(gate, large), Spec(), "macro")


@pytest.mark.full
def test_a_jumper_that_is_asked_for_parts_a_gate_from_the_edge(tmp_path):
    """On met3 the pin is no piece of what hangs on the gate; bridged it is, and LVS is content with both."""
    cell = with_edge_net("test_asked", jumped=True)
    run_drc(of_cell(cell), ("fast", "antenna"), tmp_path).require_clean()
    assert run_lvs(of_cell(cell), cell.circuit.spice(), cell.name, tmp_path).clean
    pieces = {jumped: levels(with_edge_net(f"test_pieces{jumped}", jumped=jumped)) for jumped in (True, False)}
    assert pieces[True][Layer.MET3] == pieces[False][Layer.MET3] + 1
    assert pieces[True][Layer.MET4] == pieces[False][Layer.MET4] + 1


def levels(cell):
    """How many pieces of metal the block's own wires are, by level."""
    found = {}
    for layer in (Layer.MET3, Layer.MET4):
        index = cell.layout.layout().layer(*layer.value)
        found[layer] = kdb.Region(cell.layout.begin_shapes_rec(index)).merged().count()
    return found


def test_a_jumper_that_fits_nowhere_is_refused():
    net = wired(Held(GATE_UM2))
    net.wires = [(Layer.MET2, Box(0, 0, 1000, 140))]
    net.edge_wire = net.wires[0]
    with pytest.raises(SpecError, match=r"floorplan = 'far': must be a jumper of \w+ fits nowhere"):
        put_jumpers([net], MetalIndex([], [net]), (), ("far",))
