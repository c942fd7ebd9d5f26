"""Whether two outputs are learned with the outputs' slopes on the errors' way back to hidden neurons, or without.

    python tests/benchmarks/backprop_outputs.py [--seeds 3] [--starts 100]

Backpropagation of the mean square multiplies each output's error by its slope, 1 - y^2 of a tanh. `backprop_network`
leaves this out for hidden neurons, which is the gradient of cross entropy, where the slope cancels for any number of
outputs (S. Solla, E. Levin, M. Fleisher, "Accelerated learning in layered neural networks", Complex Systems 2, 1988).
First in numpy, tanh neurons trained row by row from many starts; then in ngspice, schematic, typical: as it is drawn,
with the tails of the back multipliers on `pd` of the output's neuron, and with them on a bump of their own, which stays
on without `teach`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analoom.cells.backprop.network_circuits import back_circuit
from analoom.cells.backprop.sizes import nmos, pmos
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.flows.systems.backprop.training import Netlist, trained
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.generators.backprop import BackpropNetworkSpec
from analoom.generators.backprop.circuits import network_circuit
from analoom.pdk.corners import corner

SPEC = BackpropNetworkSpec(hidden=4, outputs=2)
TASKS = {"XOR and AND": "0110,0001", "XOR and OR": "0110,0111"}
X = np.array([[-1.0, -1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, 1]])
RATES, EPOCHS, RIGHT = (0.05, 0.1, 0.2, 0.5), 300, 0.1
"""Rates and epochs in numpy; by how much of the targets' distance an output must be on its side, as 10 of 100 mV."""
WAYS = ("without", "slope by pd", "slope by a bump")
KEPT_UM, PD_TAIL_UM = (0.42, 2.0), (8.0, 0.5)
"""Tails that keep a current in the load of a sum whose outputs are all full; tails on pd, as much larger as its current
is smaller than bias."""


def learned(table: np.ndarray, rate: float, start: int, slope: bool) -> int | None:
    """The epoch after which all rows stay right to the end, None where they do not."""
    draw = np.random.default_rng(start)
    first, second = draw.uniform(-1, 1, (4, 3)), draw.uniform(-1, 1, (2, 5))
    wrong = 0
    for epoch in range(1, EPOCHS + 1):
        for x, target in zip(X, table, strict=True):
            hidden = np.append(np.tanh(first @ x), 1.0)
            y = np.tanh(second @ hidden)
            delta = (y - target) * (1 - y * y)
            back = (delta if slope else y - target) @ second[:, :-1] * (1 - hidden[:-1] ** 2)
            second -= rate * np.outer(delta, hidden)
            first -= rate * np.outer(back, x)
        y = np.tanh(np.column_stack([np.tanh(X @ first.T), np.ones(4)]) @ second.T)
        wrong = wrong if (y * np.sign(table)).min() > RIGHT else epoch
    return None if wrong == EPOCHS else wrong + 1


def in_numpy(starts: int) -> None:
    """Shares of starts that learn, and their median epoch, at each rate."""
    print(f"numpy, 2-4-2, {starts} starts, {EPOCHS} epochs: learned, median epoch")
    print(
        "task".ljust(14) + "".join(f"{f'{way}, rate {rate:g}':>20}" for way in ("without", "slope") for rate in RATES)
    )
    for name, words in TASKS.items():
        table = np.array([list(map(int, word)) for word in words.split(",")]).T - 0.5
        line = name.ljust(14)
        for slope in (False, True):
            for rate in RATES:
                found = [learned(table, rate, start, slope) for start in range(starts)]
                epochs = [epoch for epoch in found if epoch is not None]
                line += f"{f'{len(epochs)}, {np.median(epochs):g}':>20}"
        print(line, flush=True)


def circuit_of(way: str) -> Circuit:
    """The network with the tails of its back multipliers as `way` says."""
    net = network_circuit(SPEC, "network")
    if way == WAYS[0]:
        return net
    stem = "pd" if way == WAYS[1] else "sd"
    back, gates = _back(PD_TAIL_UM if stem == "pd" else None), {f"s{j}": f"o{j}{stem}" for j in range(SPEC.outputs)}
    placed = [
        replace(part, circuit=back, nets={**part.nets, **gates}) if part.name.startswith("k_") else part
        for part in net.instances
    ]
    return replace(net, instances=(*placed, *(_bumps() if stem == "sd" else ())))


def _back(tail_um: tuple[float, float] | None) -> Circuit:
    """The back multipliers with each output's tail on a gate `s<j>`, and tails that keep a current in the load."""
    plain = back_circuit("sloped_back", SPEC.back)
    devices = [_sloped(device, tail_um) for device in plain.devices]
    kept = (nmos(f"keep_{net}", (net, "bias", "vss"), *KEPT_UM) for net in ("ep", "en"))
    return replace(plain, ports=(*plain.ports, *(f"s{j}" for j in range(SPEC.outputs))), devices=(*devices, *kept))


def _sloped(device, tail_um: tuple[float, float] | None):
    if not device.name.endswith("_tail"):
        return device
    sized = device if tail_um is None else replace(device, w_um=tail_um[0], l_um=tail_um[1])
    return replace(sized, nets={**device.nets, "g": f"s{device.name[1]}"})


def _bumps() -> Iterator[SubInstance]:
    """For each output a bump on twice bias, its current by three into the diode that the tails copy."""
    mirror, outer = (SPEC.w_mirror, SPEC.l_mirror), (SPEC.w_update, SPEC.l_update)
    devices = (
        nmos("b_tail", ("b_tail", "bias", "vss"), 2 * SPEC.w_tail, SPEC.l_tail),
        nmos("outer_p", ("vdd", "np", "b_tail"), *outer),
        nmos("outer_n", ("vdd", "nn", "b_tail"), *outer),
        nmos("middle_p", ("b_mid", "np", "b_ser"), *outer),
        nmos("middle_n", ("b_ser", "nn", "b_tail"), *outer),
        pmos("diode", ("b_mid", "b_mid", "vdd"), *mirror),
        pmos("copy", ("sd", "b_mid", "vdd"), 3 * mirror[0], mirror[1], 3),
        nmos("sd_diode", ("sd", "sd", "vss"), SPEC.w_tail, SPEC.l_tail),
    )
    bump = Circuit("slope", ("np", "nn", "sd", "bias", "vdd", "vss"), devices)
    for j in range(SPEC.outputs):
        own = {"np": f"o{j}np", "nn": f"o{j}nn", "sd": f"o{j}sd"}
        yield SubInstance(f"b_o{j}", bump, own | {net: net for net in ("bias", "vdd", "vss")})


def in_ngspice(seeds: int) -> None:
    """Rows right of 4 and margin after the hold, and epochs to learn."""
    print(f"\nngspice, 2-4-2, {seeds} seeds, 20 epochs: rows right, margin (mV), epochs to learn")
    for name, words in TASKS.items():
        for way in WAYS:
            netlist = Netlist.of(circuit_of(way), corner("tt"))
            asked = (TrainingSettings(seed=k + 1, targets=words, epochs=20) for k in range(seeds))
            runs = [trained(SPEC, settings, netlist) for settings in asked]
            told = (f"{r.rows_right}, {1e3 * r.margins[-1].min():5.1f}, {r.learned_at or '-'}" for r in runs)
            print(f"{name:14}{way:18}" + "".join(f"{one:>18}" for one in told), flush=True)


def main() -> None:
    said = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    said.add_argument("--seeds", type=int, default=3)
    said.add_argument("--starts", type=int, default=100)
    given = said.parse_args()
    in_numpy(given.starts)
    in_ngspice(given.seeds)


if __name__ == "__main__":
    main()
