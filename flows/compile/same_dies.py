"""The dies of a file of measured dies, drawn again: whoever trained for them elsewhere has the weights judged here, and
written as the chip stores them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.files.outputs import make_folder
from analoom.pdk.errors import SpecError

from .bitstream import write_codes
from .measured_form import MeasuredDies

Array = NDArray[np.float64]


def outputs_on(measured: MeasuredDies, family: str, codes: Sequence[NDArray[np.integer]], x: Array) -> Array:
    """(dies, points, outputs) of the file's dies with `codes`, (dies, inputs + 1, outputs) a layer or one for all dies,
    at inputs `x` (points, inputs), 0 to 1. Raises SpecError for a family that the file does not hold, and for codes of
    another shape."""
    dies = len(next(iter(measured.arrays(family).values()))[0])
    many = [_of_dies(measured, k, np.asarray(c), dies) for k, c in enumerate(codes)]
    target = target_of(measured.target)
    spec, lots = target.parsed(measured.fields), measured.families[family]["drawn"]
    ends, found = [0, *accumulate(int(count) for count, _ in lots)], []
    for (start, end), (count, seed) in zip(pairwise(ends), lots, strict=True):
        found.append(target.dies(spec, family, int(count), int(seed)).outputs([c[start:end] for c in many], x))
    return np.concatenate(found)


def write_for(measured: MeasuredDies, codes: Sequence[NDArray[np.integer]], folder: Path) -> dict[str, str]:
    """Writes the bits, or the voltages, that store `codes`, (inputs + 1, outputs) a layer, on the file's chip: as
    `compile` writes those for any die. Raises SpecError for codes of another shape or beyond the largest."""
    target = target_of(measured.target)
    for k, of_layer in enumerate(codes):
        shape = (measured.dims[k] + 1, measured.dims[k + 1])
        if np.shape(of_layer) != shape or np.abs(of_layer).max() > measured.most:
            raise SpecError(f"codes.{k}", np.shape(of_layer), f"{shape}, of -{measured.most} to {measured.most}")
    return write_codes(codes, target.parsed(measured.fields), target, make_folder(folder))


def _of_dies(measured: MeasuredDies, layer: int, codes: NDArray[np.integer], dies: int) -> NDArray[np.int64]:
    shape = (measured.dims[layer] + 1, measured.dims[layer + 1])
    if codes.shape not in (shape, (dies, *shape)):
        raise SpecError(f"codes.{layer}", codes.shape, f"{shape}, or {(dies, *shape)}: one a die")
    return np.broadcast_to(codes, (dies, *shape)).astype(np.int64)
