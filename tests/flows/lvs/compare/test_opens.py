"""An open is named with the place where the two wires should meet. Places are those of the damage done here."""

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.compare import opens
from analoom.flows.lvs.compare.opens import _of_instance
from analoom.pdk.layers import Layer
from broken import twin


def gone(layer, box):
    """Damage: `layer` flattened and cleared inside `box` (nm)."""

    def damage(copy, top):
        index = copy.layer(*layer.value)
        rest = kdb.Region(top.begin_shapes_rec(index)).merged() - kdb.Region(box)
        copy.clear_layer(index)
        top.shapes(index).insert(rest)

    return damage


@pytest.mark.parametrize(
    ("name", "layer", "box", "said"),
    [
        ("synapse_2t1c", Layer.VIA3, (-9000, -9000, 9000, 9000), "capm and met4 overlap at (1.5, 1.24) with no via3"),
        ("matched_pair", Layer.MET1, (3785, -528, 4205, -108), "met1 has a gap of 0.42 um at (3.995, -0.318)"),
    ],
)
def test_the_place_of_an_open_is_said(tmp_path, name, layer, box, said):
    cell = build(name)
    report = run_lvs(twin(cell, gone(layer, kdb.Box(*box))), cell.spice(), cell.name, tmp_path)
    told = [line for line in report.differences if "is open" in line]
    assert len(told) == 1 and said in told[0], report.differences


@pytest.mark.parametrize(("most", "told"), [(0, False), (1, True)])
def test_so_many_opens_are_measured_and_the_others_named_alone(tmp_path, monkeypatch, most, told):
    monkeypatch.setattr(opens, "MOST_OPENS", most)
    cell = build("synapse_2t1c")
    damaged = twin(cell, gone(Layer.VIA3, kdb.Box(-9000, -9000, 9000, 9000)))
    (line,) = (x for x in run_lvs(damaged, cell.spice(), cell.name, tmp_path).differences if "is open" in x)
    assert ("overlap at" in line) == told


def test_a_sound_cell_has_no_open(tmp_path):
    cell = build("matched_pair")
    assert run_lvs(twin(cell, lambda *_: None), cell.spice(), cell.name, tmp_path).differences == ()


def test_a_pin_that_one_side_lacks_is_no_terminal_of_both():
    """A cell drawn with pins a and b, in the schematic with a alone; b is then told as a pin, not as an open."""
    placed = []
    for pins in (("a", "b"), ("a",)):
        netlist = kdb.Netlist()
        top, unit = kdb.Circuit(), kdb.Circuit()
        for circuit in (top, unit):
            netlist.add(circuit)
        sub = top.create_subcircuit(unit)
        for name in pins:
            sub.connect_pin(unit.create_pin(name), top.create_net(f"n{name}"))
        placed.append((netlist, sub))
    (_, drawn), (_, wanted) = placed
    assert [(wire.name, net.name) for wire, net in _of_instance(drawn, wanted)] == [("na", "na")]
