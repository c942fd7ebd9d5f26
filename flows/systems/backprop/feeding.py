"""How much current a network can be given: what its neurons' own tails are left by the sums of their inputs.

The more each input draws, the lower lie a neuron's sums below its load, and with them the pairs of sigmoid and bump,
until their tails, in the triode region, no longer follow `bias`. More inputs have a wider load, which narrows this
little, not to nothing: a load's threshold depends on its width.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from analoom.cells.backprop.network_circuits import bias_circuit, neuron_circuit
from analoom.cells.backprop.network_sizes import BackpropNeuronSpec
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.strip.gates import VDD, VSS
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.corners import corner
from analoom.pdk.errors import SpecError

from .training_settings import RunSettings

LEAST_SHARE = 1 / 3
"""Of the current of bias, that a sigmoid's tail must have: a 2-4-1 learns XOR with .43 and not with .13."""
HALVINGS, DECADES = 12, 3
"""By which the bound is found, and how far below the current that was asked it is looked for."""
NETS = ("np", "nn", "yp", "yn", "pd", "bias", "teach", VDD, VSS)


def check_fed(spec: BackpropNetworkSpec, settings: RunSettings) -> None:
    """Raises SpecError for a current of bias at which a neuron starves, with the largest that will do, within 1 %."""
    bias_a = settings.bias_a(spec)
    neurons = (spec.neuron(layer) for layer in (0, 1))
    starved = [neuron for neuron in neurons if tail_share(neuron, bias_a, settings.vdd) < LEAST_SHARE]
    if starved:
        most, inputs = min((_most(neuron, bias_a, settings.vdd), neuron.inputs) for neuron in starved)
        bound = f"at most {most:.3g} A: the sums of a neuron of {inputs} inputs, its constant one counted, "
        bound += "then lie so low that its sigmoid's tail has less than a third of it"
        raise SpecError("settings.i_bias", bias_a, bound, fix=float(f"{0.98 * most:.2g}"))


@cache
def tail_share(neuron: BackpropNeuronSpec, bias_a: float, vdd: float) -> float:
    """The current of a sigmoid's tail by that of bias while all inputs draw alike; typical corner, 27 degC.

    It is what the supply gives beyond the sums, as the bump has no current without `teach`.
    """
    sums = neuron.inputs * bias_a
    with circuit(deck("a neuron fed", *_models(_with_diodes(neuron)), *_around(sums, bias_a, vdd))) as loaded:
        return float(-loaded.op()["v_vdd#branch"] - sums) / bias_a


def _models(net: Circuit) -> Iterator[str]:
    """Models, and the circuit with each port on the net of its name."""
    sizes = sizes_of(net)
    yield from (f'.include "{trimmed_library(sizes, corner("tt"))}"', flat_parameters(sizes), f".temp {TEMP_DEGC:g}")
    yield from (with_flat_lines(net.spice()), f"xdut {' '.join(net.ports)} {net.name}")


def _around(sums_a: float, bias_a: float, vdd: float) -> Iterator[str]:
    yield from (f"v_vdd vdd 0 {vdd!r}", "v_vss vss 0 0", f"i_bias 0 bias {bias_a!r}", "v_teach teach 0 0")
    yield from (f"i_{net} {net} 0 {sums_a / 2!r}" for net in ("np", "nn"))


def _with_diodes(neuron: BackpropNeuronSpec) -> Circuit:
    """The neuron beside the diodes that its tails copy."""
    placed = (
        SubInstance("n", neuron_circuit("backprop_neuron", neuron), {net: net for net in NETS}),
        SubInstance("bias", bias_circuit("backprop_bias", neuron), {net: net for net in ("bias", "teach", VSS)}),
    )
    return Circuit("fed_neuron", NETS, (), placed)


def _most(neuron: BackpropNeuronSpec, above_a: float, vdd: float) -> float:
    """The largest current below one that is too large, A, by halving decades."""
    low, high = above_a / 10**DECADES, above_a
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if tail_share(neuron, middle, vdd) >= LEAST_SHARE else (low, middle)
    return low
