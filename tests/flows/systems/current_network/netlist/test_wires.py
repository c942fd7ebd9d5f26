"""A network's drawn wires between somas and synapses alone, against the netlist of the whole layout with its latches.

The whole one is `make_dut`'s: every transistor and extracted capacitance, latches and drivers included.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from analoom.cells.current_mode.circuits import BITS, code_bits
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.wiring import lumped
from analoom.flows.files.layout_source import of_cell
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.pex.parasitics.netlist import wired_nets
from analoom.flows.pex.shapes.names import net_names
from analoom.flows.pex.shapes.read import shapes_of
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.current_network.netlist.dies import NgspiceDies
from analoom.flows.systems.current_network.netlist.drawn_devices import DrawnDevices
from analoom.flows.systems.current_network.netlist.network_lines import WrittenNetwork
from analoom.flows.systems.current_network.netlist.read_back import latch_nets
from analoom.flows.systems.current_network.netlist.wires import NetworkWires, drawn_wires
from analoom.generators.current_network.circuits import network_circuit
from analoom.pdk.corners import VDD_V, corner
from analoom.pdk.layers import Layer
from broken import twin, without

DIMS = (2, 2, 2)
CODES = [np.array([[7, -3], [-2, 6], [3, 2]]), np.array([[5, -7], [-3, 6], [2, 2]])]
SPAN_S, STEP_S = 4e-6, 1e-7
OUTPUTS = ("v_out0#branch", "v_out1#branch")


def test_devices_have_the_nets_and_names_of_the_plain_circuit():
    """Found by the nets alone, against the double loop: a synapse's own nets and gates stand at the names it gives."""
    cell = build("current_network", {"dims": (2, 1, 3)})
    drawn, plain = DrawnDevices.of(cell), [d for d in flat_devices(network_circuit(cell.spec)) if len(d.path) == 2]
    by_word = {drawn.word(flat): flat for flat in drawn.flat}
    assert set(by_word) == {d.word for d in plain}
    for device in plain:
        of_drawn = by_word[device.word]
        for terminal, net in device.nets.items():
            inner = ".".join(device.path)
            own = net.removeprefix(inner) if net.startswith(inner) else net
            found = of_drawn.nets[terminal]
            assert found.removeprefix(".".join(of_drawn.path)) == own


def names(source):
    """Names of the nets of a layout."""
    return set(net_names(source, shapes_of(source)))


def test_every_net_of_a_synapse_that_has_a_wire_has_a_name():
    cell = build("current_synapse")
    assert wired_nets(list(flat_devices(cell.circuit))) <= names(of_cell(cell))
    whole, damaged = (replace(twin(cell, damage), cell=None) for damage in (nothing, without(Layer.LI1_LABEL)))
    assert names(whole) - names(damaged) >= {"n0"}


def nothing(layout, top):
    """No damage."""


def test_signals_without_wires_are_one_node_each_and_supplies_stay():
    """By hand: a unit on the second node of a line and the third of a supply; of two resistors the supply's is left."""
    nodes = {"d": "layer0_vp0:2", "g": "in0", "s": "vdd:3", "b": "vdd"}
    lines = ("Rpex0 layer0_vp0:1 layer0_vp0:2 25", "Rpex1 vdd vdd:3 4")
    found = NetworkWires({"unit": nodes}, lines, ("Cpex0 layer0_vp0:1 0 1e-15",)).of_supplies()
    assert found.terminals == {"unit": {"d": "layer0_vp0", "g": "in0", "s": "vdd:3", "b": "vdd"}}
    assert found.resistors == ("Rpex1 vdd vdd:3 4",)
    assert found.capacitors == ()


@pytest.mark.full
@pytest.mark.tools
def test_wires_of_signals_move_no_output_at_rest():
    """Within 2e-5 of the largest current; as thin as ten thousand of them in a row they are told apart."""
    cell = build("current_network", {"dims": (1, 1)})
    drawn = drawn_wires(cell, "typical")
    without, thin = drawn.of_supplies(), replace(drawn, resistors=tuple(thinner(line) for line in drawn.resistors))
    plain, all_wires, far = (
        NgspiceDies(cell.spec, wires, "continuous", 1, 1).currents([np.array([[7], [2]])], np.array([[90e-9]]))
        for wires in (without, drawn, thin)
    )
    off = [np.abs(found - plain).max() / np.abs(plain).max() for found in (all_wires, far)]
    print(f"wires of signals move the output by {off[0]:.1e}, ten thousand times as thin by {off[1]:.1e}")
    assert off[0] < 2e-5 < off[1]


def thinner(line):
    """A signal's resistor, ten thousand times as large; a supply's as it is."""
    name, a, b, ohm = line.split()
    return line if a.partition(":")[0] in ("vdd", "vss") else f"{name} {a} {b} {1e4 * float(ohm)!r}"


def bench():
    """A step of one input, the other held; outputs at 0.6 V."""
    yield "v_vdd vdd 0 1.8\nv_vss vss 0 0\n.option gmin=1e-12 abstol=1e-13 reltol=1e-4"
    yield f"i_in0 0 in0 dc 1e-8 pulse(1e-8 9e-8 {STEP_S} 1e-9 1e-9 1 2)\ni_in1 0 in1 5e-8"
    yield from (f"i_bias{k} 0 bias{k} 1e-7\nv_out{k} out{k} 0 0.6" for k in range(2))
    yield ".save " + " ".join(OUTPUTS)


def course(deck):
    """Times (s) and output currents (A)."""
    with circuit(deck) as loaded:
        found = loaded.run(f"tran 1e-8 {SPAN_S} 0 1e-8")
    return found["time"], np.array([found[name] for name in OUTPUTS])


def stored(dut):
    """Latches at their codes, and what drives them at rest."""
    levels = {}
    for place, net in latch_nets(dut).items():
        high = code_bits(int(CODES[place.layer][place.input, place.output]))[place.bit]
        levels |= {net: VDD_V * high, f"{net}b": VDD_V * (1 - high)}
    yield ".nodeset " + " ".join(f"v({net})={v}" for net, v in levels.items())
    moved = {net for k in range(2) for net in (f"in{k}", f"bias{k}", f"out{k}")} | {"dout", "vdd", "vss"}
    yield from (f"v_{p} {p} 0 {VDD_V * (p in ('ck1b', 'ck2b'))}" for p in dut.ports if p not in moved)


@pytest.mark.full
@pytest.mark.tools
def test_outputs_over_time_are_those_of_the_whole_layout_with_its_latches(tmp_path):
    """Within half a per cent of a full step, at any time; without wires they are told apart."""
    cell = build("current_network", {"dims": DIMS})
    assert [c.shape for c in CODES] == [(n + 1, m) for n, m in pairwise(DIMS)] and len(BITS) == 4
    dut = make_dut(cell, "post", corner("tt"), 27.0, lumped(cell, "typical", tmp_path))
    time, whole = course(dut.deck(*bench(), *stored(dut)))
    alone = [WrittenNetwork(cell.spec, CODES, 0.0, wires) for wires in (drawn_wires(cell, "typical"), None)]
    off = []
    for network in alone:
        t, found = course(network.deck(corner("tt"), 27.0, *bench()))
        again = np.array([np.interp(time, t, i) for i in found])
        off.append(np.abs(again - whole).max() / np.abs(whole).max())
    print(f"with drawn wires off by {off[0]:.2e} of the largest current, without wires by {off[1]:.2e}")
    assert off[0] < 0.005 < off[1]
