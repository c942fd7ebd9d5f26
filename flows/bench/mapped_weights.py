"""Trained weights on an array: the voltages that store them, and what the currents that come out are worth in them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.files.array_files import ArrayFile
from analoom.pdk.errors import InputError

from .measured import Measured, Metric, Sheet

Values = NDArray[np.float64]

NUMBERS = ("scale", "gain_s", "v_read")
OUTPUT_HEADS = ("die", "vector", "output", "W x (V)", "read (V)", "error (frac)")
SUFFIX = ".map.npz"
"""What is kept beside a file of voltages is called by its name and this."""


@dataclass(frozen=True)
class WeightScale:
    """What column currents are worth: weights `w` (outputs, inputs), the weight `scale` at full gain, and that gain
    `gain_s` (S), of a column or of the difference of a pair (`pairs`); `v_read` is the full input (V)."""

    w: Values
    scale: float
    gain_s: float
    v_read: float
    pairs: bool

    def outputs(self, currents_a: Values) -> Values:
        """Column currents (..., cols) A as results (..., outputs): weight times V of input."""
        worth = self.scale / self.gain_s
        return worth * (currents_a[..., 0::2] - currents_a[..., 1::2] if self.pairs else currents_a)

    def product(self, inputs_v: Values) -> Values:
        """w @ x for inputs (..., inputs) V: what the results should be, (..., outputs)."""
        return np.asarray(inputs_v @ self.w.T)

    @property
    def full_scale(self) -> float:
        """The result of all weights at the scale and all inputs full."""
        return self.scale * self.w.shape[1] * self.v_read

    def sheet(self, inputs_v: Values, currents_a: Values) -> Sheet:
        """w @ x and what came out, for inputs (vectors, inputs) V and column currents (dies, vectors, cols) A.

        Both are weight times V; the error is a fraction of full scale.
        """
        found = self.outputs(currents_a)
        product = np.broadcast_to(self.product(inputs_v), found.shape)
        columns = (*np.indices(found.shape).reshape(3, -1), product.ravel(), found.ravel())
        return Sheet(OUTPUT_HEADS, (*columns, (found - product).ravel() / self.full_scale))

    def told(self, measured: Measured) -> Measured:
        """A read of the array with its results beside w @ x: the sheet `outputs`, and the errors over the outputs."""
        inputs, currents = measured.sheets["inputs"].columns[1], measured.sheets["products"].columns[2]
        self.check((len(inputs), len(currents)))
        outputs = self.sheet(inputs[None], currents[None, None])
        return replace(
            measured,
            metrics={**measured.metrics, **output_errors(outputs)},
            sheets={**measured.sheets, "outputs": outputs},
        )

    def check(self, shape: tuple[int, int]) -> None:
        """Raises InputError unless an array of `shape` (rows, cols) holds the weights."""
        outputs, inputs = self.w.shape
        wanted = inputs, 2 * outputs if self.pairs else outputs
        if shape != wanted:
            raise InputError(f"the weights were mapped to {wanted} (rows, cols), the array is {shape}", field="weights")

    def packed(self, of: str) -> bytes:
        """As a .npz file that belongs to the voltages of the checksum `of`."""
        held = io.BytesIO()
        np.savez(held, of=of, w=self.w, pairs=self.pairs, **{name: getattr(self, name) for name in NUMBERS})
        return held.getvalue()


@dataclass(frozen=True)
class MappedWeights:
    """Voltages `stored` (rows, cols) V of an array, what its currents are worth, and how the mapping was made.

    `error_rms` and `error_max`: gains read back from the voltages, less w / scale, over all weights; fractions of full
    scale. `levels`: gains that were allowed, None for any.
    """

    cell: Cell
    stored: Values
    worth: WeightScale
    levels: int | None
    error_rms: float
    error_max: float
    settings: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom map`; `signed` says whether a weight is negative, `full_gain_s` is in S."""
        w = self.worth.w
        shape = dict(zip(("outputs", "inputs", "rows", "cols"), (*w.shape, *self.stored.shape), strict=True))
        made = {"scale": self.worth.scale, "signed": bool((w < 0).any()), "pairs": self.worth.pairs}
        errors = {"error_rms": self.error_rms, "error_max": self.error_max}
        more = {"full_gain_s": self.worth.gain_s, "v_read": self.worth.v_read, "settings": dict(self.settings)}
        spec = self.cell.spec.model_dump(mode="json")
        return {"cell": self.cell.name, "spec": spec, **made, "levels": self.levels, **errors, **shape, **more}


def output_errors(outputs: Sheet) -> dict[str, Metric]:
    """The errors of a sheet of outputs: largest and root mean square, fractions of full scale."""
    errors = outputs.columns[-1]
    found = {"output_error_max": np.abs(errors).max(), "output_error_rms": np.sqrt(np.mean(errors**2))}
    return {name: Metric(float(value), "frac") for name, value in found.items()}


def worth_of(file: ArrayFile) -> WeightScale | None:
    """What the currents of an array with the voltages in `file` are worth, where `analoom map` wrote it and it still is
    as it was. Raises InputError for a file beside it that holds no mapping."""
    path = file.path.with_name(file.path.name + SUFFIX)
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as held:
            numbers = {name: float(held[name]) for name in NUMBERS}
            made = WeightScale(w=held["w"], pairs=bool(held["pairs"]), **numbers)
            return made if str(held["of"]) == file.sha256 else None
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise InputError(f"{path} is no mapping of weights: {error}", field="weights", remedy="analoom map") from None
