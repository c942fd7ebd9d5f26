"""What the offset of a neuron costs a network of charges, and how many bits a weight should have.

    python tests/benchmarks/charge_offset.py

Digits on 64-32-10, weights for any die. First by numbers: networks of 2 to 6 bits trained on exact sums, each neuron
with an offset at its amplifier's input, which comes out by the noise gain; its tiles' area. Then on drawn dies of both
families of mismatch models, the amplifiers' offsets of a given sigma instead of what auto-zero leaves.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from analoom.flows.compile.given.dataset import Dataset
from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import Mapping, map_network
from analoom.flows.compile.targets.charge import CHARGE
from analoom.flows.compile.training.columns import ColumnGains
from analoom.flows.compile.training.known import Known
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.trainer import Grid, train
from analoom.flows.systems.charge_mac.network.dies import ChargeDies
from analoom.flows.systems.charge_mac.network.spec import ChargeNetworkSpec
from analoom.flows.systems.charge_mac.network.tiles import MOST_INPUTS, MOST_OUTPUTS
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.generators.charge_mac.spec import ChargeMacSpec

HIDDEN, SEED, SWING_V, MOST_V = 32, 1, 0.4, 0.7
OFFSETS_V = (0.0, 5e-4, 1e-3, 2e-3, 5e-3)
Codes = Sequence[NDArray[np.integer]]


def main() -> None:
    """Prints both tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--dies", type=int, default=25)
    dies, data = asked.parse_args().dies, ready_set("digits", SEED)
    network = software(data)
    print(f"software {100 * float(accuracy(network.outputs(data.x_test), data.y_test)):.2f} %")
    heads = ["bits", "tiles mm2", "units", "noise gain", *(f"{1e3 * v:g} mV" for v in OFFSETS_V)]
    print(" | ".join(heads))
    for bits in range(2, 7):
        print(" | ".join(ByNumbers(network, data, bits).row(dies)), flush=True)
    for line in drawn(network, data, dies):
        print(line, flush=True)


def software(data: Dataset) -> Network:
    """A network that scikit-learn trains."""
    net = MLPClassifier((HIDDEN,), alpha=1e-3, max_iter=2000, random_state=0).fit(data.x_train, data.y_train)
    layers = zip(net.coefs_, net.intercepts_, strict=True)
    return Network(tuple(Layer(f"layer {k}", w.T.copy(), b.copy()) for k, (w, b) in enumerate(layers, 1)))


def trained(mapped: Mapping, known: Known, data: Dataset) -> list[NDArray[np.int8]]:
    """Codes for any die."""
    dims = (*(len(c) - 1 for c in mapped.codes), mapped.codes[-1].shape[1])
    start = [w.astype(np.float32) for w in mapped.real]
    found = train(start, known, mapped.grid, data.x_train, data.y_train, CHARGE.trained_how(dims, SEED))
    return [c[0] for c in found]


@dataclass(frozen=True)
class ByNumbers:
    """A network on weights of so many bits, without a circuit."""

    network: Network
    data: Dataset
    bits: int

    def row(self, dies: int) -> list[str]:
        mapped = map_network(self.network, Grid(2 ** (self.bits - 1) - 1, 1.0), self.data.x_train, CHARGE.step_of)
        units = [round(1 / step) for step in mapped.steps]
        gains = [1 + mapped.grid.most * len(c) / n for c, n in zip(mapped.codes, units, strict=True)]
        codes = trained(mapped, exact(mapped), self.data)
        reached = [self._reached(codes, units, [v * gain for gain in gains], dies) for v in OFFSETS_V]
        told = ["/".join(f"{n:.3g}" for n in of) for of in (units, gains)]
        return [str(self.bits), f"{self.area_mm2(mapped):.2f}", *told, *(f"{100 * a:.1f}" for a in reached)]

    def _reached(self, codes: Codes, units: Sequence[int], sigmas_v: Sequence[float], dies: int) -> float:
        rng, found = np.random.default_rng(SEED), []
        for _ in range(dies):
            y = self.data.x_test
            for k, (c, n) in enumerate(zip(codes, units, strict=True)):
                z = (y @ c[:-1] + c[-1]) / n + sigmas_v[k] / SWING_V * rng.standard_normal(c.shape[1])
                y = np.clip(z, 0 if k < len(codes) - 1 else -MOST_V / SWING_V, MOST_V / SWING_V)
            found.append(accuracy(y, self.data.y_test))
        return float(np.mean(found))

    def area_mm2(self, mapped: Mapping) -> float:
        """Of all multipliers, as many as the layers take."""
        found = 0.0
        for codes in mapped.codes:
            down, across = (-(-n // most) for n, most in zip(codes.shape, (MOST_INPUTS, MOST_OUTPUTS), strict=True))
            rows, cols = -(-codes.shape[0] // down), -(-codes.shape[1] // across)
            found += down * across * charge_mac(ChargeMacSpec(inputs=rows, outputs=cols, bits=self.bits)).area_um2
        return found / 1e6


def exact(mapped: Mapping) -> ColumnGains:
    """What is known of columns that sum codes and nothing else."""
    ones = tuple(np.ones((1, c.shape[1]), dtype=np.float32) for c in mapped.codes)
    zeros = tuple(0 * one for one in ones)
    layers = len(ones)
    return ColumnGains(ones, zeros, (ones, zeros), (0.0,) * layers, mapped.steps, (float("inf"),) * layers)


def drawn(network: Network, data: Dataset, dies: int) -> Iterator[str]:
    """Lines of the second table: accuracy of drawn dies, mean (worst), by family and offset."""
    mapped = map_network(network, CHARGE.grid, data.x_train, CHARGE.step_of)
    feedback = [round(1 / step) for step in mapped.steps]
    spec = CHARGE.parsed({**CHARGE.fields(network.dims), "feedback": feedback})
    assert isinstance(spec, ChargeNetworkSpec)
    codes = trained(mapped, CHARGE.designed(network.dims, spec), data)
    yield " | ".join(["family", *(f"{1e3 * v:g} mV" for v in OFFSETS_V), "auto-zeroed"])
    for family in ("continuous", "binned"):
        auto = ChargeDies(spec, family, dies, SEED)
        found = [accuracy(of.outputs(codes, data.x_test), data.y_test) for of in (*_given(auto), auto)]
        yield " | ".join([family, *(f"{100 * a.mean():.1f} ({100 * a.min():.1f})" for a in found)])


def _given(dies: ChargeDies) -> Iterator[ChargeDies]:
    yield from (replace(dies, offset_v=volt) for volt in OFFSETS_V)


if __name__ == "__main__":
    main()
