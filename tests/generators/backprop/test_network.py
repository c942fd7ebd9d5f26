"""The drawn network against its circuit as a plain loop, and against one with two nets of an error crossed."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.lvs.check import run_lvs
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.generators.backprop.circuits import network_circuit, network_ports, weights
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.errors import SpecError
from broken import twin

SPEC = BackpropNetworkSpec(hidden=2)


@pytest.mark.slow
def test_the_drawing_is_the_circuit_of_the_plain_loop(tmp_path):
    cell = build("backprop_network", {"hidden": 2})
    loop = network_circuit(SPEC, cell.name)
    assert cell.circuit.ports != () and set(cell.circuit.ports) == set(loop.ports)
    run_lvs(twin(cell, lambda *_: None), loop.spice(), cell.name, tmp_path).require_clean()


@pytest.mark.slow
def test_a_neuron_whose_error_has_the_other_sign_is_another_circuit(tmp_path):
    cell = build("backprop_network", {"hidden": 2})
    lines = network_circuit(SPEC, cell.name).spice()
    crossed = lines.replace("h0ep h0en", "h0en h0ep", 1)
    assert crossed != lines
    assert not run_lvs(twin(cell, lambda *_: None), crossed, cell.name, tmp_path).clean


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
