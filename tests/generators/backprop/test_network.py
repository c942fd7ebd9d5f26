"""The drawn network against its circuit as a plain loop, and against one with two nets of an error crossed."""

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell
from analoom.flows.lvs.check import run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.generators.backprop.circuits import network_circuit, network_ports, weights
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from broken import twin, with_box

SPEC = BackpropNetworkSpec(hidden=2)


@pytest.mark.slow
def test_the_drawing_is_the_circuit_of_the_plain_loop(tmp_path):
    cell = build("backprop_network", {"hidden": 2})
    loop = network_circuit(SPEC, cell.name)
    assert cell.circuit.ports != () and set(cell.circuit.ports) == set(loop.ports)
    run_lvs(twin(cell, lambda *_: None), loop.spice(), cell.name, tmp_path).require_clean()


@pytest.mark.slow
def test_a_neuron_whose_error_has_the_other_sign_is_another_circuit(tmp_path):
    cell = build("backprop_network", {"inputs": 1, "hidden": 1})
    lines = network_circuit(BackpropNetworkSpec(inputs=1, hidden=1), cell.name).spice()
    crossed = lines.replace("h0ep h0en", "h0en h0ep", 1)
    assert crossed != lines
    assert not run_lvs(twin(cell, lambda *_: None), crossed, cell.name, tmp_path).clean


@pytest.mark.slow
@pytest.mark.parametrize("fields", [{"inputs": 1, "hidden": 1, "outputs": 3, "w_cap": 2.0}, {"hidden": 1, "l": 4.0}])
def test_networks_of_any_shape_are_clean_and_the_loop(tmp_path, fields):
    """Several outputs beside small capacitors, whose synapses are wider than these; lines of inputs over a neuron."""
    cell = build("backprop_network", fields)
    drc_cell(cell, tmp_path).require_clean()
    loop = network_circuit(BackpropNetworkSpec(**fields), cell.name)
    run_lvs(twin(cell, lambda *_: None), loop.spice(), cell.name, tmp_path).require_clean()


def test_a_network_of_sixteen_hidden_neurons_is_drawn_in_rows_of_one_pitch():
    cell = build("backprop_network", {"hidden": 16})
    neurons = [i for i in cell.instances if i.name.startswith("n_h")]
    rows, pitch = sorted(i.trans.disp.y for i in neurons), neurons[0].cell.fabric.pitch_nm[1]
    assert len(rows) == 16 and [b - a for a, b in zip(rows[::2], rows[2::2], strict=False)] == [2 * pitch] * 7


@pytest.mark.parametrize(("field", "value"), [("l_cap", 20.0), ("w_tail", 8.0)])
def test_rows_too_high_for_their_taps_are_refused_before_drawing(field, value):
    with pytest.raises(SpecError, match=r"LU\.2") as error:
        build("backprop_network", {field: value})
    assert error.value.field == field


@pytest.mark.slow
def test_a_network_with_two_lines_of_a_column_joined_is_another_circuit(tmp_path):
    cell = build("backprop_network", {"hidden": 2})
    (xp,), (xn,) = ([pin.box for pin in cell.pins if pin.name == net] for net in ("x0p", "x0n"))
    damaged = twin(cell, with_box(Layer.MET3, kdb.Box(xp.left, xp.center().y, xn.right, xp.center().y + 300)))
    assert not run_lvs(damaged, cell.spice(), cell.name, tmp_path).clean


def test_every_weight_has_a_forward_and_an_update_cell_of_its_own():
    at = dict.fromkeys(weights(SPEC), 0)
    for flat in flat_devices(network_circuit(SPEC, "n")):
        if flat.device.name in ("f_pair_p", "u_gate"):
            at[flat.nets["g" if flat.device.name == "f_pair_p" else "d"]] += 1
    assert set(at.values()) == {2} and len(at) == SPEC.synapses == 9


def test_a_network_of_several_outputs_has_ports_for_each():
    ports = network_ports(BackpropNetworkSpec(inputs=3, hidden=2, outputs=2))
    assert {"x2p", "t1n", "y1p", "onep"} <= set(ports) and len(ports) == len(set(ports))


@pytest.mark.parametrize(("field", "value"), [("inputs", 0), ("hidden", 17), ("outputs", 9), ("w_cap", 0.5)])
def test_numbers_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(SpecError) as error:
        BackpropNetworkSpec.parse({field: value})
    assert error.value.field == field
