"""Distributed resistances against closed forms, reduction against the network it came from, and netlists in ngspice.

Sheet and cut resistances in the expected values are the foundry's typical ones as written in the model file: met1 and
met2 0.125, li1 12.2 ohm per square; via 4.5, mcon 9.3 ohm; widths corrected by -0.039 (met1, met2) and 0.017 um (li1).
"""

import re
import subprocess

import numpy as np
import pytest
from hand_drawn import Hand

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.netlist import post_circuit_text
from analoom.flows.pex.resistance.bars import parts_of
from analoom.flows.pex.resistance.extract import extract_rc
from analoom.flows.pex.resistance.network import rc_network
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.pex.resistance.reduce import RcGraph, reduce
from analoom.flows.pex.resistance.solve import resistance_ohm
from analoom.flows.pex.shapes.conductors import FlatConductors
from analoom.flows.pex.shapes.geometry import Level
from analoom.pdk.errors import InputError
from analoom.pdk.layers import CONDUCTORS, Layer
from analoom.pdk.wire_resistance import wire_resistance

MET1_UM = 0.3 - 0.039
"""Conducting width of a wire drawn 0.3 um wide on met1."""


@pytest.fixture
def measured():
    """Resistance between the first place and each other; places are (layer, x, y)."""

    def between(hand, *places):
        for k, (layer, x, y) in enumerate(places):
            hand.label(layer, f"p{k}", x, y)
        network = rc_network(hand.source(), wire_resistance())
        nodes = {label.name: node for label, node in network.labels}
        to = np.array([nodes[f"p{k}"] for k in range(1, len(places))])
        return resistance_ohm(network.a, network.b, network.ohm, nodes["p0"], to).tolist()

    return between


def test_straight_wire(measured):
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 50_000, 300)
    assert measured(hand, (Layer.MET1, 0, 150), (Layer.MET1, 50_000, 150)) == pytest.approx([50 / MET1_UM * 0.125])


def test_via_stack(measured):
    """li1 to met2: one mcon, one via."""
    hand = Hand()
    for layer in (Layer.LI1, Layer.MET1, Layer.MET2):
        hand.box(layer, 0, 0, 400, 400)
    hand.box(Layer.MCON, 115, 115, 285, 285)
    hand.box(Layer.VIA, 125, 125, 275, 275)
    assert measured(hand, (Layer.LI1, 200, 200), (Layer.MET2, 200, 200)) == pytest.approx([9.3 + 4.5])


def test_cuts_in_parallel(measured):
    """Four cuts side by side across a wide wire, between its two halves on met1 and met2."""
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 20_150, 3000)
    hand.box(Layer.MET2, 20_000, 0, 40_150, 3000)
    for y in (1000, 1320, 1640, 1960):
        hand.box(Layer.VIA, 20_000, y, 20_150, y + 150)
    (found,) = measured(hand, (Layer.MET1, 0, 1500), (Layer.MET2, 40_150, 1500))
    assert found == pytest.approx(4.5 / 4 + 2 * 20.075 / (3 - 0.039) * 0.125, rel=0.02)


def test_divider(measured):
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 30_000, 300)
    first, last = measured(hand, (Layer.MET1, 0, 150), (Layer.MET1, 10_000, 150), (Layer.MET1, 30_000, 150))
    assert (first, last) == pytest.approx((10 / MET1_UM * 0.125, 30 / MET1_UM * 0.125), rel=0.02)


def test_comb(measured):
    """A spine with teeth 5 um apart: to the end of tooth k it is the spine up to it, a bend, and the tooth."""
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 21_000, 300)
    for k in range(1, 5):
        hand.box(Layer.MET1, 5000 * k, 300, 5000 * k + 300, 10_300)
    ends = [(Layer.MET1, 5000 * k + 150, 10_300) for k in range(1, 5)]
    expected = [(5 * k + 0.15 + 10) / MET1_UM * 0.125 for k in range(1, 5)]
    assert measured(hand, (Layer.MET1, 0, 150), *ends) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("flip", [False, True])
def test_polygons_are_cut_where_it_takes_the_shorter_cuts(flip):
    """A spine with a tooth of 300 and one of 400 nm: cut across the spine, 300 + 300 nm, not along it, 300 + 400 nm."""
    bars = [(0, 100, 700, 400), (0, 400, 300, 500), (0, 500, 700, 900)]
    boxes = {(low, left, high, right) if flip else (left, low, right, high) for left, low, right, high in bars}
    hand = Hand()
    for box in boxes:
        hand.box(Layer.MET1, *box)
    parts = parts_of(FlatConductors(hand.source()), dict.fromkeys(CONDUCTORS, 0.0))
    assert {tuple(box) for box in parts.nm[parts.level == Level.MET1].tolist()} == boxes


@pytest.mark.parametrize("flip", [False, True])
def test_corner_is_0_5587_squares(flip, measured):
    """Hall's exact bend, seen as what two arms of 10 squares lack: on li1, whose correction is small."""
    width, arm = 300, 3000
    hand = Hand()
    boxes = [(0, 0, arm + width, width), (0, width, width, width + arm)]
    ends = [(Layer.LI1, arm + width, width // 2), (Layer.LI1, width // 2, width + arm)]
    for box in boxes:
        hand.box(Layer.LI1, *([box[1], box[0], box[3], box[2]] if flip else box))
    ends = [(layer, y, x) if flip else (layer, x, y) for layer, x, y in ends]
    (found,) = measured(hand, *ends)
    per_square = 12.2 * 0.3 / 0.317
    assert found / per_square - 20 == pytest.approx(0.5587, rel=0.05)


def test_missing_via_leaves_no_path(measured):
    hand = Hand()
    for layer in (Layer.MET1, Layer.MET2):
        hand.box(layer, 0, 0, 400, 400)
    assert measured(hand, (Layer.MET1, 200, 200), (Layer.MET2, 200, 200)) == [np.inf]


def test_crossings_split_a_line():
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 40_000, 300)
    for k in range(1, 4):
        hand.box(Layer.MET2, 10_000 * k, -5000, 10_000 * k + 300, 5000)
    hand.label(Layer.MET1, "a", 0, 150)
    found = extract_rc(hand.source(), "typical")
    line = [a for a, _, _ in found.graph.resistors() if found.net_of[a] == "a"]
    assert len(line) == 3
    loaded = {n for a, b, _ in found.graph.capacitors() for n in (a, b) if found.net_of[n] == "a"}
    assert len(loaded) == 4, "the capacitance hangs on every node, not on one end"


def ladder(count=20, ohm=100.0, c_f=1e-15):
    graph = RcGraph.of([(k, k + 1, ohm) for k in range(1, count)], [(0, k, c_f) for k in range(1, count + 1)])
    return graph, count


def elmore_s(graph, source, sink):
    """First moment from a driven node to another, from nodal equations written here."""
    nodes = sorted((graph.g.keys() | graph.c.keys()) - {0, source})
    place = {n: k for k, n in enumerate(nodes)}
    matrix, right = np.zeros((len(nodes), len(nodes))), np.zeros(len(nodes))
    for n in nodes:
        right[place[n]] = sum(graph.c.get(n, {}).values())
        for other, g in graph.g.get(n, {}).items():
            matrix[place[n], place[n]] += g
            if other in place:
                matrix[place[n], place[other]] -= g
    return float(np.linalg.solve(matrix, right)[place[sink]])


def test_reduction_keeps_dc_and_first_moment():
    graph, count = ladder()
    before = elmore_s(graph, 1, count)
    told = reduce(graph, {0, 1, count}, up_to_hz=1e8)
    assert told.nodes_after == 3
    assert graph.resistors()[0][2] == pytest.approx(100.0 * (count - 1), rel=1e-12)
    assert elmore_s(graph, 1, count) == pytest.approx(before, rel=1e-9, abs=0)
    assert 0.0 < told.phase_rad < 0.1


def test_reduction_leaves_slow_nodes():
    graph, count = ladder(ohm=1e6)
    assert reduce(graph, {0, 1, count}, up_to_hz=1e9).nodes_after == count + 1


def test_thresholds_keep_total_capacitance_and_tell():
    graph = RcGraph.of([(1, 2, 0.5), (2, 3, 50.0)], [(0, 1, 1e-15), (1, 4, 1e-18), (3, 4, 1e-15), (0, 4, 1e-15)])
    told = reduce(graph, {0, 1, 3, 4}, min_c_f=1e-17, min_r_ohm=1.0)
    assert [(a, b) for a, b, _ in graph.resistors()] == [(1, 3)]
    assert (told.moved_f, told.shorted_ohm) == (
        pytest.approx(1e-18, rel=1e-6, abs=0),
        pytest.approx(0.5),
    )
    assert sum(graph.c[1].values()) == pytest.approx(1e-15 + 1e-18, rel=1e-6, abs=0)


def test_negative_threshold_is_refused():
    with pytest.raises(InputError, match="min-c -1 is negative"):
        RcOptions(min_c_f=-1)


@pytest.fixture(scope="module")
def synapse(tmp_path_factory):
    cell = build("synapse_2t1c", {})
    return cell, *(extract(of_cell(cell), mode, workdir=tmp_path_factory.mktemp(mode)) for mode in ("c", "rc"))


@pytest.mark.slow
def test_distribution_keeps_what_each_net_has(synapse):
    _, lumped, distributed = synapse
    assert distributed.resistors > 10
    for name, net in lumped.nets.items():
        if name != lumped.ground and not name.startswith("n_"):
            assert distributed.nets[name].total_f == pytest.approx(net.total_f, rel=1e-9, abs=0)


@pytest.mark.slow
def test_post_netlist_wires_devices_through_resistors(synapse):
    cell, _, distributed = synapse
    text = re.sub(r"\n\+", "", post_circuit_text(cell, distributed))
    device = next(line.split() for line in text.splitlines() if line.startswith("Xread"))
    assert device[2].split(":")[0] == "sn"
    assert device[1] != "col", "the drain lies behind contacts"
    assert re.search(rf"^Rpex\d+ .*{re.escape(device[1])}\b", text, re.M)


@pytest.mark.slow
def test_ngspice_loads_the_netlist(tmp_path):
    hand = Hand("wire")
    hand.box(Layer.MET1, 0, 0, 100_000, 300)
    hand.label(Layer.MET1, "a", 0, 150)
    found = extract(hand.source(), "rc", workdir=tmp_path)
    head = next(x for x in found.netlist.read_text().splitlines() if x.startswith(".subckt")).split()
    deck = f"t\n.include {found.netlist.name}\nV1 a 0 1\nX1 {' '.join(head[2:])} {head[1]}\n.op\n.print op v(a)\n.end\n"
    (tmp_path / "t.cir").write_text(deck)
    run = subprocess.run(["ngspice", "-b", "t.cir"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0
    assert "Error" not in run.stdout + run.stderr
    text = found.spef.read_text()
    assert text.startswith("*SPEF") and "*D_NET a" in text
