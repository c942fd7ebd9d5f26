"""The post-layout subcircuit: same ports, every device, every capacitance, internal nodes under their path."""

import re

import klayout.db as kdb
import pytest

from analoom.cells.model.cell import Cell, Instance, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.netlist import post_circuit_text
from analoom.flows.pex.parasitics.rc_netlist import wire_lines
from analoom.flows.pex.parasitics.record import NetC, Parasitics
from analoom.flows.pex.resistance.rc_result import RcResult
from analoom.flows.pex.resistance.reduce import RcGraph, Reduction
from analoom.pdk.errors import InputError


@pytest.fixture(scope="module")
def crossbar(tmp_path_factory):
    cell = build("crossbar", {"rows": 2, "cols": 3})
    return cell, extract(of_cell(cell), workdir=tmp_path_factory.mktemp("pex"))


def unfolded(text):
    return re.sub(r"\n\+", "", text).splitlines()


def made(cell, nets, ground, tmp_path):
    return Parasitics(cell.name, "c", "typical", cell.circuit.ports, ground, nets, tmp_path / "x", 0, 0.0, 0.0)


def test_ports_and_devices_are_the_circuits(crossbar):
    cell, found = crossbar
    lines = unfolded(post_circuit_text(cell, found))
    assert lines[0].split() == [".subckt", f"{cell.circuit.name}_post", *cell.circuit.ports]
    assert sum(line.startswith("X") for line in lines) == cell.circuit.device_count()
    assert lines[-1] == f".ends {cell.circuit.name}_post"


def test_every_node_of_a_capacitor_is_a_node_of_a_device_or_a_port(crossbar):
    cell, found = crossbar
    lines = unfolded(post_circuit_text(cell, found))
    nodes = set(cell.circuit.ports)
    for line in lines:
        if line.startswith("X"):
            words = line.split()
            nodes |= set(words[1 : next(k for k, w in enumerate(words) if w.startswith("sky130_fd_pr"))])
    capacitors = [line.split() for line in lines if line.startswith("C")]
    assert capacitors
    assert all(a in nodes and b in nodes and float(f) > 0 for _, a, b, f in capacitors)


def test_storage_nodes_are_named_by_instance_path(crossbar):
    cell, found = crossbar
    storage = [net for net in found.nets if net.endswith(".sn")]
    assert len(storage) == 6
    assert not [net for net in found.nets if net.startswith("n_")], "every net of the circuit is labelled"
    assert storage[0].replace(".", "_") in post_circuit_text(cell, found)


@pytest.mark.slow
def test_equal_synapses_inside_get_equal_capacitance(tmp_path):
    """In a 5 x 5 array the storage nodes in the middle see the same surroundings two rows and columns from the rim."""
    cell = build("crossbar", {"rows": 6, "cols": 6})
    found = extract(of_cell(cell), workdir=tmp_path)
    totals = sorted(net.total_f for name, net in found.nets.items() if name.endswith(".sn"))
    assert len(totals) == 36
    assert totals[-1] < 1.35 * totals[0]
    assert totals[18] == pytest.approx(totals[17], rel=0.02, abs=0)


def test_floating_metal_is_reduced_to_what_its_neighbours_feel(tmp_path):
    """Two capacitors in series through a floating net: c1 c2 / (c1 + c2)."""
    cell = build("unit_cap", {})
    nets = {
        "top": NetC(0.0, {"n_0_0": 3e-15}),
        "bottom": NetC(0.0, {"n_0_0": 6e-15}),
        "n_0_0": NetC(0.0, {"top": 3e-15, "bottom": 6e-15}),
    }
    (line,) = [x for x in post_circuit_text(cell, made(cell, nets, "0", tmp_path)).splitlines() if x.startswith("C")]
    _, a, b, value = line.split()
    assert {a, b} == {"top", "bottom"}
    assert float(value) == pytest.approx(2e-15, rel=1e-4, abs=0)


def test_a_circuit_net_without_label_is_refused(tmp_path):
    cell = build("unit_cap", {})
    with pytest.raises(InputError, match="no label in the layout names the circuit's net bottom"):
        post_circuit_text(cell, made(cell, {"top": NetC(1e-15)}, "0", tmp_path))


def test_a_part_called_n_something_keeps_its_nets_with_resistances(tmp_path):
    """Nets without label are called n_<x>_<y>: `n_a.tail`, on which the pair and its tail are, is none of them."""
    part, drawing = build("diff_sigmoid"), Drawing("holder")
    placed = Instance("n_a", part, kdb.Trans(), {port: port for port in part.circuit.ports})
    circuit = Circuit("holder", part.circuit.ports, (), (placed.place(drawing),))
    pins = tuple(draw_pin(drawing, pin) for pin in part.pins)
    cell = Cell("holder", "holder", part.spec, drawing.cell, circuit, pins, (placed,))
    text = post_circuit_text(cell, extract(of_cell(cell), "rc", workdir=tmp_path))
    assert sum("n_a_tail " in line for line in unfolded(text) if line.startswith("X")) == 3


def test_a_well_apart_that_carries_no_body_is_tied_to_its_net():
    """Wells 2 and 3 of vdd, of which the first holds all bodies: without a tie ngspice finds the matrix singular."""
    graph = RcGraph.of([(1, 2, 50.0)], [(2, 0, 1e-15), (3, 0, 1e-15)])
    names = {0: "vss", 1: "vdd", 2: "vdd:1", 3: "vdd:2"}
    nets = {0: "vss", 1: "vdd", 2: "vdd", 3: "vdd"}
    devices = {((), "m"): {"b": 2, "s": 1, "d": 0, "g": 0}}
    rc = RcResult(graph, names, {"vss": 0, "vdd": 1}, nets, devices, Reduction(4, 4))
    assert [line.split()[1:3] for line in wire_lines(rc, "rc") if "tie" in line] == [["vdd:2", "vdd"]]
