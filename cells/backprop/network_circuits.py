"""Circuits of what a network that trains itself is made of, device by device.

The signals are differential. A synapse's forward cell draws from the neuron's nets, which p diodes load; its update
cell charges the weight's capacitor by the product of the neuron's error and the synapse's input, its tail on the gate
`pd` that the neuron's bump sets. Source of the principle: J. Paulu, J. Hospodka, "Design of Fully Analogue Artificial
Neural Network with Learning Based on Backpropagation", Radioengineering 30(2), 2021, equations 5 to 17.
"""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.circuit import Cap, Circuit, Device, Mos
from analoom.cells.strip.gates import VDD, VSS
from analoom.pdk.devices import MIM_M3

from .network_sizes import (
    BACK_LOAD_UM,
    E_LOAD_UM,
    G_LOAD_UM,
    GATE_UM,
    BackpropBackSpec,
    BackpropNeuronSpec,
    BackpropSizes,
)
from .sizes import nmos, pmos

SYNAPSE_PORTS = ("xp", "xn", "op", "on", "ep", "en", "w", "wr", "pd", "bias", "learn", VDD, VSS)
NEURON_PORTS = ("np", "nn", "yp", "yn", "pd", "bias", "teach", VDD, VSS)
ERROR_PORTS = ("np", "nn", "tp", "tn", "ep", "en", "gp", "gn", "bias", VDD, VSS)
BIAS_PORTS = ("bias", "teach", VSS)


def back_ports(outputs: int) -> tuple[str, ...]:
    """Weights and errors of each output, then the neuron's error."""
    of_outputs = [net for j in range(outputs) for net in (f"w{j}", f"g{j}p", f"g{j}n")]
    return (*of_outputs, "ep", "en", "wr", "bias", VDD, VSS)


def synapse_circuit(name: str, spec: BackpropSizes) -> Circuit:
    """Forward cell, update cell with its mirror, and the weight's capacitor.

    While `learn` is low the weight is cut off from the update cell. It has to be: without current in its tail the cell
    goes on for tens of us by the charge of its gates, and its quad, whose gates lie higher than the weight by a
    threshold, leads to the mirror.
    """
    mirror = (spec.w_mirror, spec.l_mirror)
    devices: tuple[Device, ...] = (
        *_six("f", ("xp", "xn"), ("w", "wr"), ("op", "on"), (spec.w, spec.l)),
        nmos("f_tail", ("f_tail", "bias", VSS), spec.w_tail, spec.l_tail),
        *_six("u", ("xp", "xn"), ("ep", "en"), ("uw", "um"), (spec.w_update, spec.l_update)),
        nmos("u_tail", ("u_tail", "pd", VSS), *mirror),
        pmos("u_diode", ("um", "um", VDD), *mirror),
        pmos("u_copy", ("uw", "um", VDD), *mirror),
        nmos("u_gate", ("w", "learn", "uw"), *GATE_UM),
        Cap("c", MIM_M3, spec.w_cap, spec.l_cap, {"top": VSS, "bottom": "w"}),
    )
    return Circuit(name, SYNAPSE_PORTS, devices)


def neuron_circuit(name: str, spec: BackpropNeuronSpec) -> Circuit:
    """Load of the summed currents, sigmoid, bump, and the diode whose gate the neuron's update tails share."""
    sigmoid, bump = spec.sigmoid, spec.bump
    load, mirror = (sigmoid.w_load, sigmoid.l_load, sigmoid.nf_load), (spec.w_mirror, spec.l_mirror)
    outer = (bump.w, bump.l)
    devices = (
        pmos("n_load_p", ("np", "np", VDD), *spec.load_um),
        pmos("n_load_n", ("nn", "nn", VDD), *spec.load_um),
        nmos("s_tail", ("s_tail", "bias", VSS), spec.w_tail, spec.l_tail),
        nmos("s_p", ("yp", "np", "s_tail"), spec.w, spec.l),
        nmos("s_n", ("yn", "nn", "s_tail"), spec.w, spec.l),
        pmos("s_load_p", ("yp", "yp", VDD), *load),
        pmos("s_load_n", ("yn", "yn", VDD), *load),
        nmos("b_tail", ("b_tail", "teach", VSS), spec.w_tail, spec.l_tail),
        nmos("b_outer_p", (VDD, "np", "b_tail"), *outer),
        nmos("b_outer_n", (VDD, "nn", "b_tail"), *outer),
        nmos("b_middle_p", ("b_mid", "np", "b_ser"), *outer),
        nmos("b_middle_n", ("b_ser", "nn", "b_tail"), *outer),
        pmos("b_diode", ("b_mid", "b_mid", VDD), *mirror),
        pmos("b_copy", ("pd", "b_mid", VDD), *mirror),
        nmos("pd_diode", ("pd", "pd", VSS), *mirror),
    )
    return Circuit(name, NEURON_PORTS, devices)


def error_circuit(name: str, spec: BackpropSizes) -> Circuit:
    """Output less target twice: on `ep`, `en` for the output's own updates, on `gp`, `gn` for the way back."""
    return Circuit(name, ERROR_PORTS, tuple(mos for e in "eg" for mos in error_devices(spec, e)))


def error_devices(spec: BackpropSizes, e: str) -> tuple[Mos, ...]:
    """One of both copies."""
    return *error_pairs(spec, e), *error_loads(e)


def error_pairs(spec: BackpropSizes, e: str) -> Iterator[Mos]:
    """The pairs of one copy with their tails."""
    pair = (spec.w_error, spec.l_error)
    yield from (nmos(f"{e}_tail_{k}", (f"{e}_tail_{k}", "bias", VSS), *spec.error_tail) for k in ("n", "t"))
    for k, (p, n) in (("n", ("np", "nn")), ("t", ("tp", "tn"))):
        yield nmos(f"{e}_{k}_p", (f"{e}p", p, f"{e}_tail_{k}"), *pair)
        yield nmos(f"{e}_{k}_n", (f"{e}n", n, f"{e}_tail_{k}"), *pair)


def error_loads(e: str) -> tuple[Mos, ...]:
    """The load of one copy."""
    load, nf = {"e": (E_LOAD_UM, 1), "g": (G_LOAD_UM, 2)}[e]
    return tuple(pmos(f"{e}_load_{side}", (f"{e}{side}", f"{e}{side}", VDD), *load, nf) for side in ("p", "n"))


def back_circuit(name: str, spec: BackpropBackSpec) -> Circuit:
    """A forward cell for each output, of its error and the weight between, into one load."""
    found = [mos for j in range(spec.outputs) for mos in back_devices(spec, j)]
    return Circuit(name, back_ports(spec.outputs), (*found, *back_loads(spec.outputs)))


def back_devices(spec: BackpropSizes, j: int) -> tuple[Mos, ...]:
    """The forward cell of an output."""
    six = _six(f"k{j}", (f"g{j}p", f"g{j}n"), (f"w{j}", "wr"), ("en", "ep"), (spec.w, spec.l))
    return *six, nmos(f"k{j}_tail", (f"k{j}_tail", "bias", VSS), spec.w_tail, spec.l_tail)


def back_loads(outputs: int) -> tuple[Mos, ...]:
    """The load of what comes back from some outputs."""
    w, l_um = BACK_LOAD_UM
    return tuple(pmos(f"load_{e}", (e, e, VDD), round(w * outputs, 3), l_um) for e in ("ep", "en"))


def bias_circuit(name: str, spec: BackpropSizes) -> Circuit:
    """The diodes that the tails of `bias` and of `teach` copy."""
    tail = (spec.w_tail, spec.l_tail)
    return Circuit(name, BIAS_PORTS, tuple(nmos(f"{net}_diode", (net, net, VSS), *tail) for net in ("bias", "teach")))


def _six(
    name: str, x: tuple[str, str], w: tuple[str, str], out: tuple[str, str], size: tuple[float, float]
) -> Iterator[Mos]:
    """The three pairs of a multiplier on the tail `<name>_tail`."""
    tail, a, b = f"{name}_tail", f"{name}_a", f"{name}_b"
    yield nmos(f"{name}_pair_p", (a, w[0], tail), *size)
    yield nmos(f"{name}_pair_n", (b, w[1], tail), *size)
    yield nmos(f"{name}_quad_pp", (out[0], x[0], a), *size)
    yield nmos(f"{name}_quad_pn", (out[1], x[1], a), *size)
    yield nmos(f"{name}_quad_np", (out[1], x[0], b), *size)
    yield nmos(f"{name}_quad_nn", (out[0], x[1], b), *size)
