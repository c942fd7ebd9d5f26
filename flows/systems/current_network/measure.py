"""How dies of a current-mode network are measured at their pins: by paths of one synapse a layer, after Binas et al.

Random permutations of the largest code lead each output back to one input (J. Binas et al., arXiv 1606.07786, and the
authors' code, github jbinas/adnn): inputs are swept to 76 % of a full current, and a line through nothing is fitted to
the output. ln of a slope is the sum of its somas' ln, over all paths by least squares; what all layers have in common
is shared alike. Negative paths and biases are then measured through positive ones already known: before the last layer
a negative path takes off what a bias gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MOST_CODE

from .measured import Measured
from .solver.somas import UNITS

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Run = tuple[Sequence[Ints], Array]
"""Codes of a network, (inputs + 1, outputs) a layer, and input currents (points, inputs) A."""

CODE, UNITY, AGAINST = MOST_CODE, UNITS, 5
"""The largest code, the one that hands a current on as it is, and that of a bias that a negative path is taken off."""
TOP, POINTS = 0.76, 8
"""Up to which part of a full current inputs are swept, and in how many points."""
REPEATS = 6
"""How often each soma is measured, at least, each time through other synapses."""


class Dies(Protocol):
    """What is measured: dies of a network at their pins."""

    @property
    def dims(self) -> tuple[int, ...]: ...

    @property
    def count(self) -> int: ...

    @property
    def unit_current(self) -> float: ...

    @property
    def bias_a(self) -> float: ...

    def activities(self, runs: Sequence[Run]) -> list[list[Array]]: ...


@dataclass(frozen=True)
class Paths:
    """One permutation: `maps`, for each layer the row (columns,) that leads into each column."""

    dims: tuple[int, ...]
    maps: tuple[Ints, ...]

    def codes(self, code: int) -> list[Ints]:
        """Codes (inputs + 1, outputs) a layer."""
        found = [np.zeros((n + 1, m), dtype=np.int64) for n, m in pairwise(self.dims)]
        for layer, rows in zip(found, self.maps, strict=True):
            layer[rows, np.arange(len(rows))] = code
        return found

    @property
    def rows(self) -> Ints:
        """The rows on the path of each output, (layers, outputs)."""
        found = [self.maps[-1]]
        for rows in self.maps[-2::-1]:
            found.insert(0, rows[found[0]])
        return np.array(found)


def measured_dies(dies: Dies, seed: int = 1, points: int = POINTS, repeats: int = REPEATS) -> Measured:
    """Slopes, ratios and gains of all dies: inputs swept in so many `points`, at least 2, each soma so many times."""
    bench = _Bench(dies, np.random.default_rng(seed), points, repeats)
    logs = bench.slopes()
    layers = range(len(logs))
    biases = [bench.biases(logs, k) for k in layers]
    negative = [bench.negative(logs, k) for k in layers]
    slopes = [np.exp(np.hstack([logs[k], biases[k]])) for k in layers]
    below = [np.hstack([negative[k], bench.negative_biases(logs, k)]) for k in layers]
    ratios = [np.exp(n) / s for n, s in zip(below, slopes, strict=True)]
    return Measured(slopes, ratios, np.ones((dies.count, dies.dims[-1])))


@dataclass(frozen=True)
class _Bench:
    """The dies, and what the permutations are drawn from."""

    dies: Dies
    rng: np.random.Generator
    points: int
    repeats: int

    def slopes(self) -> list[Array]:
        """ln of the slope of each input's soma by layer, (dies, inputs)."""
        counts = self.dies.dims[:-1]
        paths = self.paths(max(counts))
        found = self.run([(p.codes(CODE), self.swept()) for p in paths])
        y = np.hstack([np.log(self.slope(i) / (CODE / UNITS) ** len(counts)) for i in found])
        common = y.mean(axis=1, keepdims=True)
        starts = np.cumsum([0, *counts])
        hit = np.zeros((y.shape[1], starts[-1]))
        rows = np.hstack([p.rows for p in paths])
        for layer, of_layer in enumerate(rows):
            hit[np.arange(y.shape[1]), starts[layer] + of_layer] = 1.0
        fitted = np.linalg.lstsq(hit, (y - common).T, rcond=None)[0].T + common / len(counts)
        return [fitted[:, a:b] for a, b in pairwise(starts)]

    def negative(self, logs: list[Array], layer: int) -> Array:
        """ln of the slope of each input's soma of a layer by negative codes, (dies, inputs)."""
        paths = self.paths(self.dies.dims[layer])
        runs = [(self.negated(p, layer), self.swept()) for p in paths]
        ideal = (CODE / UNITS) ** (len(logs) - 1) * self.below(layer) / UNITS
        y = [np.log(-self.slope(i, through=False) / ideal) for i in self.run(runs)]
        return self.mean_by_row(logs, layer, paths, y)

    def biases(self, logs: list[Array], layer: int) -> Array:
        """ln of a layer's bias by positive codes, (dies, 1)."""
        paths = self.paths(1)
        y = [np.log(i[:, 0] / self.dies.bias_a) for i in self.run([self.biased(p, layer, UNITY) for p in paths])]
        return self.mean(logs, layer, paths, y)

    def negative_biases(self, logs: list[Array], layer: int) -> Array:
        """The same by negative codes: what they take off the current of an input, (dies, 1)."""
        paths = self.paths(1)
        without, off = (self.run([self.biased(p, layer, c, CODE) for p in paths]) for c in (0, -UNITY))
        y = [np.log((a - b)[:, 0] / self.dies.bias_a) for a, b in zip(without, off, strict=True)]
        return self.mean(logs, layer, paths, y)

    def paths(self, rows: int) -> list[Paths]:
        """As many permutations as measure `rows` somas `repeats` times each."""
        dims = self.dies.dims
        streams = [self.stream(n) for n in dims[:-1]]
        return [self.path(streams) for _ in range(self.repeats * -(-rows // dims[-1]))]

    def path(self, streams: list[Iterator[int]]) -> Paths:
        """A row for each column, the next of the streams for those that outputs lead back to."""
        dims = self.dies.dims
        maps = [self.rng.integers(0, n, m) for n, m in pairwise(dims)]
        columns = np.arange(dims[-1])
        for layer in reversed(range(len(maps))):
            wanted = [next(streams[layer]) for _ in columns]
            maps[layer][columns] = wanted
            columns = maps[layer][columns]
        return Paths(dims, tuple(maps))

    def stream(self, count: int) -> Iterator[int]:
        """Numbers below `count` without end, each once before any comes again."""
        while True:
            yield from (int(k) for k in self.rng.permutation(count))

    def swept(self) -> Array:
        """Input currents (points, inputs), A."""
        top = TOP * UNITS * self.dies.unit_current
        return np.repeat(np.linspace(top / self.points, top, self.points)[:, None], self.dies.dims[0], axis=1)

    def negated(self, paths: Paths, layer: int) -> list[Ints]:
        """Codes of paths that are negative in a layer; a bias stands against them where a soma follows."""
        codes = paths.codes(CODE)
        codes[layer][codes[layer] > 0] = -self.below(layer)
        if layer < len(codes) - 1:
            codes[layer][-1] = AGAINST
        return codes

    def below(self, layer: int) -> int:
        """The code by which negative paths of a layer are measured: one that leaves the next soma some current."""
        return CODE if layer == len(self.dies.dims) - 2 else UNITY

    def biased(self, paths: Paths, layer: int, code: int, beside: int = 0) -> Run:
        """Paths of UNITY behind a layer in which every column takes `code` of the bias and `beside` of its row; the
        inputs carry a full current."""
        codes = paths.codes(UNITY)
        codes[layer][codes[layer] > 0] = beside
        codes[layer][-1] = code
        full = np.full((1, self.dies.dims[0]), UNITS * self.dies.unit_current)
        return codes, full

    def run(self, runs: Sequence[Run]) -> list[Array]:
        """Output currents (dies, points, outputs) A of each run."""
        return [found[-1] for found in self.dies.activities(runs)]

    def slope(self, i: Array, through: bool = True) -> Array:
        """Slopes (dies, outputs) of output currents by the input's; through nothing, or with a start of their own."""
        x = self.swept()[:, 0]
        if not through:
            x, i = x - x.mean(), i - i.mean(axis=1, keepdims=True)
        return np.asarray(np.einsum("p,dpo->do", x, i) / (x @ x))

    def mean_by_row(self, logs: list[Array], layer: int, paths: list[Paths], y: list[Array]) -> Array:
        """Means (dies, inputs) of what `y` (dies, outputs) leave for a layer's somas, by soma."""
        left = np.hstack([own - self.others(logs, layer, p) for own, p in zip(y, paths, strict=True)])
        rows = np.hstack([p.rows[layer] for p in paths])
        hit = (rows[:, None] == np.arange(self.dies.dims[layer])).astype(np.float64)
        return left @ hit / hit.sum(axis=0)

    def mean(self, logs: list[Array], layer: int, paths: list[Paths], y: list[Array]) -> Array:
        """Mean (dies, 1) of what `y` (dies, outputs) leave for a layer's bias, the layers behind it known."""
        left = [own - self.others(logs, layer, p, before=False) for own, p in zip(y, paths, strict=True)]
        return np.hstack(left).mean(axis=1, keepdims=True)

    def others(self, logs: list[Array], layer: int, paths: Paths, before: bool = True) -> Array:
        """Sum of the ln of the other layers' somas on each output's path, (dies, outputs)."""
        found = np.zeros((self.dies.count, self.dies.dims[-1]))
        for k, rows in enumerate(paths.rows):
            if k > layer or (before and k < layer):
                found += logs[k][:, rows]
        return found
