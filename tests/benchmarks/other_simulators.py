"""CrossSim, aihwkit and numpy beside each other: one network of digits, the same abstract spread of its conductances.

    python tests/benchmarks/other_simulators.py --dies 200

Two conductances a weight, from `g_min` up to 1 of the largest, each with an error in proportion to itself, drawn
once a die; inputs and sums exact, biases a row of their own. `g_min` is 0, or a tenth, CrossSim's default: then
both conductances of every weight err, those of weights of nothing too. Exit code 1 where one is more than LIKE off.

It needs numpy, scikit-learn and analoom, and runs what is there of CrossSim (BSD-3, github.com/sandialabs/cross-sim,
`pip install` of a checkout) and aihwkit (MIT, `pip install aihwkit`), in an environment of their own. The network is
left in `out/bench/other_simulators/digits.npz`, for `analoom compile` and `analoom sweep`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.training.gains import ideal
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid, train

Array = NDArray[np.float64]
Sums = Callable[[int, Array], Array]
"""What layer k gives for inputs (points, inputs), the bias among them: (points, outputs)."""
FOLDER = Path("out/bench/other_simulators")
HIDDEN, DECAY, SEED = 32, 0.1, 1
STEPS, NOISE = 600, 0.5
"""Of the training, as `training.settings` has them."""
SIGMAS, G_MINS = (0.05, 0.10, 0.20), (0.0, 0.1)
LIKE = 0.5
"""Points of accuracy."""
FULL_INPUT = 1e3
"""CrossSim's inputs are relative to a range; without converters any will do."""


def in_numpy(weights: Sequence[Array], sigma: float, g_min: float, die: int) -> Sums:
    """Pairs of conductances, by hand."""
    rng, found = np.random.default_rng([SEED, die]), []
    for w in weights:
        largest = np.abs(w).max()
        pair = [g_min + (1 - g_min) * np.maximum(sign * w / largest, 0) for sign in (1, -1)]
        drawn = [np.maximum(g * (1 + sigma * rng.standard_normal(g.shape)), 0) for g in pair]
        found.append((drawn[0] - drawn[1]) * largest / (1 - g_min))
    return lambda k, x: x @ found[k].T


def in_crosssim(weights: Sequence[Array], sigma: float, g_min: float, die: int) -> Sums:
    """Balanced cores, one-sided, whose devices have a `NormalProportionalDevice`'s programming error."""
    from simulator import AnalogCore, CrossSimParameters

    asked = CrossSimParameters()
    device, error = asked.xbar.device, asked.xbar.device.programming_error
    error.enable, error.model, error.magnitude = True, "NormalProportionalDevice", sigma
    device.infinite_on_off_ratio = g_min == 0
    device.Rmax = device.Rmin / (g_min or 1e-9)
    asked.core.mapping.inputs.mvm.min, asked.core.mapping.inputs.mvm.max = -FULL_INPUT, FULL_INPUT
    np.random.seed(die)
    cores = [AnalogCore(w, asked) for w in weights]
    return lambda k, x: np.asarray(cores[k] @ x.T).T


def in_aihwkit(weights: Sequence[Array], sigma: float, g_min: float, die: int) -> Sums:
    """`AnalogLinear`, its forward pass perfect, programmed with a PCM-like model whose polynomial is sigma g alone."""
    import torch
    from aihwkit.inference.converter.conductance import SinglePairConductanceConverter
    from aihwkit.inference.noise.pcm import PCMLikeNoiseModel
    from aihwkit.nn import AnalogLinear
    from aihwkit.simulator.configs import TorchInferenceRPUConfig

    torch.manual_seed(die)
    layers = []
    for w in weights:
        config = TorchInferenceRPUConfig()
        config.forward.is_perfect = True
        pair = SinglePairConductanceConverter(g_max=1.0, g_min=g_min)
        config.noise_model = PCMLikeNoiseModel([0.0, sigma], pair)
        config.drift_compensation = None
        layer = AnalogLinear(w.shape[1], w.shape[0], bias=False, rpu_config=config)
        layer.set_weights(torch.tensor(w, dtype=torch.float32))
        layer.eval().program_analog_weights()
        layers.append(layer)

    def sums(k: int, x: Array) -> Array:
        with torch.no_grad():
            return layers[k](torch.tensor(x, dtype=torch.float32)).numpy().astype(float)

    return sums


SIMULATORS = {
    "numpy": ("numpy", "numpy", in_numpy, ""),
    "CrossSim": ("CrossSim", "simulator", in_crosssim, "pip install a checkout of github.com/sandialabs/cross-sim"),
    "aihwkit": ("aihwkit", "aihwkit", in_aihwkit, "pip install aihwkit"),
}
"""By name: the package, its module, and how to get it."""


def network(path: Path) -> list[Array]:
    """Weights of 64-32-10 on digits, (outputs, inputs + 1) a layer, the biases last; written to `path` too.

    They are whole numbers of -15 to 15, trained to bear noise: a network that does not loses too much for a comparison.
    """
    from sklearn.neural_network import MLPClassifier

    data, grid = ready_set("digits", SEED), Grid(most=15, step=1 / 32)
    net = MLPClassifier((HIDDEN,), solver="lbfgs", alpha=DECAY, max_iter=2000, random_state=0)
    net.fit(data.x_train, data.y_train)
    given = [Layer("", w.T, b) for w, b in zip(net.coefs_, net.intercepts_, strict=True)]
    start = [w.astype(np.float32) for w in map_network(Network(tuple(given)), grid, data.x_train).real]
    how = Training(steps=STEPS, noise=NOISE, restarts=1, seed=SEED)
    codes = train(start, ideal((64, HIDDEN, 10)), grid, data.x_train, data.y_train, how)
    layers = [grid.step * c[0].T.astype(float) for c in codes]
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {f"w{k}": w[:, :-1] for k, w in enumerate(layers, 1)} | {f"b{k}": w[:, -1] for k, w in enumerate(layers, 1)}
    np.savez(path, **named)
    return layers


def accuracy(sums: Sums, layers: int) -> float:
    """Per cent of the part to judge by that is right."""
    data = ready_set("digits", SEED)
    signal = data.x_test
    for k in range(layers):
        z = sums(k, np.column_stack([signal, np.ones(len(signal))]))
        signal = np.maximum(z, 0)
    return 100 * float((z.argmax(axis=1) == data.y_test).mean())


def main() -> int:
    """Prints a line a spread and simulator, with the error of the mean; 1 where one is not like numpy."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--dies", type=int, default=200)
    dies = range(asked.parse_args().dies)
    weights = network(FOLDER / "digits.npz")
    exact = accuracy(in_numpy(weights, 0.0, 0.0, 0), len(weights))
    print(f"digits, 64-{HIDDEN}-10, without errors: {exact:.2f} %; {len(dies)} dies each")
    there = {}
    for name, (package, module, draw, how) in SIMULATORS.items():
        if find_spec(module) is None:
            print(f"{name} is not installed, and left out: {how}")
            continue
        there[name] = draw
        print(f"{name} {metadata.version(package)}")
    unlike = 0
    for g_min in G_MINS:
        for sigma in SIGMAS:
            found = {
                name: [accuracy(draw(weights, sigma, g_min, die), len(weights)) for die in dies]
                for name, draw in there.items()
            }
            for name, of in found.items():
                off = float(np.mean(of) - np.mean(found["numpy"]))
                unlike += abs(off) > LIKE
                error = np.std(of) / len(of) ** 0.5
                said = f"{np.mean(of):6.2f} % +- {error:.2f}  {off:+.2f}"
                print(f"g_min {g_min:.1f}  {sigma:4.0%}  {name:9} {said}", flush=True)
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
