"""Wires on both sides of a net that a shield was wished for, each end of them tied to its net by itself."""

from itertools import pairwise

import klayout.db as kdb
import pytest

from analoom.generators.wiring import channels, floorplan
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, without

from .test_wishes import is_right, three

METALS = (Layer.LI1, Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4, Layer.MET5)
CUTS = (Layer.MCON, Layer.VIA, Layer.VIA2, Layer.VIA3, Layer.VIA4)
NEAR_NM = 1000
"""A shield lies no farther from its net than a wire of met4, a space and a pad."""


@pytest.fixture(scope="module")
def shielded():
    """The block, and its nets by name."""
    nets, patch = {}, pytest.MonkeyPatch()

    def noted(tree, lanes):
        done = channels.wire_up(tree, lanes)
        nets.update({net.name: net for net in done[1]})
        return done

    patch.setattr(floorplan, "wire_up", noted)
    yield three("test_shield", lambda floor, parts: floor.shield("far", "vss")), nets
    patch.undo()


def test_most_of_the_net_has_a_wire_of_the_other_net_on_both_sides(shielded):
    """Of its middle line 80 % has metal of `vss` on its level both to the left and to the right."""
    nets = shielded[1]
    wires = [(layer, box) for layer, box in nets["far"].wires if max(box.width(), box.height()) > 1500]
    covered = [_covered(nets["vss"], layer, box) for layer, box in wires]
    lengths = [max(box.width(), box.height()) for _, box in wires]
    assert sum(covered) > 0.8 * sum(lengths) > 0
    assert all(_covered(nets["near"], layer, box) == 0 for layer, box in wires), "another net is told apart"


def _covered(net, layer, box):
    """The length of a wire with metal of a net on both its sides."""
    metal = kdb.Region([shape for on, shape in net.wires if on is layer])
    lies = box.width() > box.height()
    turn = kdb.Trans.R0 if lies else kdb.Trans.M45
    flat, metal = box.transformed(kdb.Trans(turn)), metal.transformed(kdb.Trans(turn))
    sides = (
        kdb.Box(flat.left, flat.top, flat.right, flat.top + NEAR_NM),
        kdb.Box(flat.left, flat.bottom - NEAR_NM, flat.right, flat.bottom),
    )
    shadows = [
        kdb.Region([kdb.Box(p.bbox().left, 0, p.bbox().right, 1) for p in (metal & kdb.Region(side)).each()]).merged()
        for side in sides
    ]
    return (shadows[0] & shadows[1]).area()


@pytest.mark.slow
def test_the_block_keeps_the_rules_and_both_ends_are_tied(shielded, tmp_path):
    """With each shield cut in two, both halves are still on `vss`; without via3, none is."""
    block, nets = shielded
    assert is_right(block, tmp_path)
    cut = twin(block, _halved(nets["vss"].laid))
    assert len(nets["vss"].laid) >= 2
    assert _on_vss(cut, nets["vss"].laid) == [True] * 2 * len(nets["vss"].laid)
    loose = twin(block, without(Layer.VIA3))
    _halved(nets["vss"].laid)(loose.layout, loose.top)
    assert not any(_on_vss(loose, nets["vss"].laid))


def _halved(laid):
    """Damage: a gap in the middle of each wire."""

    def damage(copy, top):
        for layer, box in laid:
            shapes = top.shapes(copy.layer(*layer.value))
            gap = kdb.Region(kdb.Box(box.center().x - 100, box.bottom, box.center().x + 100, box.top))
            left = kdb.Region(shapes) - (gap & kdb.Region(box))
            shapes.clear()
            shapes.insert(left)

    return damage


def _on_vss(source, laid):
    """Whether the left and the right end of each wire, which lie along x, are on the net of the block's pin."""
    net = kdb.LayoutToNetlist(kdb.RecursiveShapeIterator(source.layout, source.top, []))
    layers = {layer: net.make_layer(source.layout.layer(*layer.value), layer.name) for layer in (*METALS, *CUTS)}
    for layer in layers.values():
        net.connect(layer)
    for cut, (below, above) in zip(CUTS, pairwise(METALS), strict=True):
        net.connect(layers[below], layers[cut])
        net.connect(layers[cut], layers[above])
    net.extract_netlist()
    (pin,) = (pin for pin in source.cell.pins if pin.name == "vss")
    vss = net.probe_net(layers[pin.layer], pin.box.center()).expanded_name()
    ends = [
        (layer, point) for layer, box in laid for point in (box.p1 + kdb.Vector(50, 50), box.p2 - kdb.Vector(50, 50))
    ]
    return [net.probe_net(layers[layer], point).expanded_name() == vss for layer, point in ends]


def test_a_share_that_cannot_be_had_and_a_net_that_shields_itself_are_refused():
    with pytest.raises(SpecError, match=r"far.*at least 1 of its sides, not 0.9"):
        three("test_all_shielded", lambda floor, parts: floor.shield("far", "vss", least_frac=1.0))
    for net, by in (("far", "far"), ("far", "gnd"), ("none", "vss")):
        with pytest.raises(SpecError, match=net):
            three("test_shield_refused", lambda floor, parts, net=net, by=by: floor.shield(net, by))
