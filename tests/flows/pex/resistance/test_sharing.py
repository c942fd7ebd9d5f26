"""Where capacitances sit in mode "rc": at the pieces of wire between which they are found.

What is expected follows from the drawing: a wire with a crossing near one end has that capacitance in the piece there,
wires alike from end to end have it evenly. How much two nets have together is asked of mode "c".
"""

import numpy as np
import pytest
from hand_drawn import Hand

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.capacitance import piece_map
from analoom.flows.pex.extract import extract
from analoom.flows.pex.resistance.extract import unreduced
from analoom.pdk.layers import Layer

LENGTH_NM = 60_000
VIAS_NM = range(3_000, LENGTH_NM, 6_000)
"""Where the long wire is tapped: ten pieces, 6 um each."""


def tapped_wire():
    """A wire on met1 along x with a tap to li1, and so a node, every 6 um."""
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, LENGTH_NM, 140)
    for x in VIAS_NM:
        hand.box(Layer.LI1, x - 85, -15, x + 85, 155)
        hand.box(Layer.MCON, x - 85, -15, x + 85, 155)
    hand.label(Layer.MET1, "long", 100, 70)
    return hand


def along(source, net, other):
    """{x of a node of `net`, um: F to the net `other`}."""
    rc = unreduced(source, "typical", join_pins=False)
    found = {}
    for a, b, c_f in rc.graph.capacitors():
        for one, two in ((a, b), (b, a)):
            if rc.net_of[one] == net and rc.net_of[two] == other:
                x = round(rc.places[one][1] / 1000, 3)
                found[x] = found.get(x, 0.0) + c_f
    return found


def crossed():
    hand = tapped_wire()
    hand.box(Layer.MET2, VIAS_NM[-1] - 70, -8_000, VIAS_NM[-1] + 70, 8_000)
    hand.label(Layer.MET2, "cross", VIAS_NM[-1], 7_000)
    return hand.source()


def share_of_last_piece(source):
    found = along(source, "long", "cross")
    near = sum(c for x, c in found.items() if abs(x - VIAS_NM[-1] / 1000) <= 3)
    return near / sum(found.values())


def test_a_crossing_at_one_end_is_at_that_end():
    assert share_of_last_piece(crossed()) > 0.99


def test_capacitance_spread_over_a_net_is_caught(monkeypatch):
    """The twin: every place is given to the first piece of its net."""
    monkeypatch.setattr(piece_map.PieceMap, "divide", first_of_the_net)
    assert share_of_last_piece(crossed()) < 0.1


def first_of_the_net(pieces, rects, view, fringe=None):
    count = len(rects.net)
    node = np.array([pieces.node[np.argmax(pieces.net == net)] for net in rects.net.tolist()], dtype=np.int64)
    return piece_map.Parts(np.arange(count), np.where(rects.net == 0, 0, node), np.ones(count), rects.nm)


@pytest.mark.parametrize("turned", [False, True])
def test_parallel_wires_have_it_evenly_and_side_by_side(turned):
    """Two wires alike: each inner piece has a tenth, and none of it with a piece elsewhere."""
    hand = Hand()
    for name, low in (("a", 0), ("b", 400)):
        box = (0, low, LENGTH_NM, low + 140)
        hand.box(Layer.MET1, *(box if not turned else (box[1], box[0], box[3], box[2])))
        for x in VIAS_NM:
            cut = (x - 75, low - 5, x + 75, low + 145)
            hand.box(Layer.VIA, *(cut if not turned else (cut[1], cut[0], cut[3], cut[2])))
            hand.box(Layer.MET2, *(cut if not turned else (cut[1], cut[0], cut[3], cut[2])))
        at = (100, low + 70)
        hand.label(Layer.MET1, name, *(at if not turned else at[::-1]))
    rc = unreduced(hand.source(), "typical", join_pins=False)
    axis = 2 if turned else 1
    pairs = [
        (rc.places[a][axis] / 1000, rc.places[b][axis] / 1000, c_f)
        for a, b, c_f in rc.graph.capacitors()
        if {rc.net_of[a], rc.net_of[b]} == {"a", "b"}
    ]
    whole = sum(c_f for *_, c_f in pairs)
    assert sum(c_f for x, y, c_f in pairs if abs(x - y) < 3) > 0.999 * whole
    for x in list(VIAS_NM)[1:-1]:
        here = sum(c_f for at, _, c_f in pairs if abs(at - x / 1000) < 1)
        assert here == pytest.approx(whole / len(VIAS_NM), rel=0.02, abs=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["synapse_2t1c", "unit_cap", "matched_pair"])
def test_two_nets_have_together_what_mode_c_gives(name, tmp_path):
    cell = build(name)
    lumped = extract(of_cell(cell), "c", workdir=tmp_path).nets
    distributed = extract(of_cell(cell), "rc", workdir=tmp_path).nets
    assert lumped.keys() == distributed.keys()
    for net, c in lumped.items():
        assert distributed[net].substrate_f == pytest.approx(c.substrate_f, rel=1e-9, abs=0)
        assert distributed[net].coupling_f == pytest.approx(c.coupling_f, rel=1e-9, abs=0)
