"""Trained weights as stored voltages of an array: `map_weights` finds them, `write_mapping` keeps them as files.

Weights are (outputs, inputs), voltages (rows, cols) V: row i is input i; column k is output k where the synapse holds
weights of both signs, else columns 2k and 2k + 1 are the positive and the negative one of output k.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import Entry, entry
from analoom.flows.bench.conditions import checked_temp
from analoom.flows.bench.mapped_weights import SUFFIX, MappedWeights
from analoom.flows.files.outputs import make_folder, write_whole
from analoom.flows.systems.lookup import mapper_of
from analoom.flows.systems.record import Sizes
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError, SpecError

KINDS = (".npy", ".csv")


def map_weights(
    w: NDArray[np.float64],
    cell: str = "crossbar",
    fields: Mapping[str, Any] | None = None,
    scale: float | None = None,
    levels: int | None = None,
    corner: str = "tt",
    temp_degc: float = 27.0,
    settings: Mapping[str, Any] | None = None,
) -> MappedWeights:
    """Weights `w` (outputs, inputs) on the array `cell` with spec `fields`; rows and columns follow from `w`.

    `scale`: the weight at the full range, by default the largest. `levels`: so many equally spaced gains, by default
    any. `settings`: the read (`v_read`, `weight_low`, `weight_high`). Raises InputError and SpecError.
    """
    found, given = entry(cell), dict(fields or {})
    mapper, sizes = mapper_of(found)

    def fit(rows: int, cols: int) -> Cell:
        _require_fit(given, sizes, rows, cols)
        return _sized(found, sizes, given, rows, cols)

    one = _sized(found, sizes, given, 1, 1)
    process, temp = corner_named(corner), checked_temp(temp_degc)
    return mapper(one, fit, w, scale, levels, process, temp, dict(settings or {}))


def write_mapping(found: MappedWeights, path: Path) -> dict[str, str]:
    """Writes the voltages to `path` (.npy or .csv) and what they are worth beside them, where simulations find it.

    Returns both paths. Raises InputError for another kind of file and for what cannot be written.
    """
    checked_path(path)
    content = _content(found.stored, path.suffix.lower())
    beside = path.with_name(path.name + SUFFIX)
    write_whole(beside, found.worth.packed(hashlib.sha256(content).hexdigest()))
    return {"weights": str(write_whole(path, content)), "mapping": str(beside)}


def checked_path(path: Path) -> Path:
    """A path that voltages can be written to, its folder made. Raises InputError."""
    if path.suffix.lower() not in KINDS:
        raise InputError(f"{path}: must end in {' or '.join(KINDS)}", field="out", remedy="--out V.npy")
    make_folder(path.parent)
    return path


def _content(stored: NDArray[np.float64], kind: str) -> bytes:
    if kind == ".csv":
        return "".join(",".join(f"{v:.9g}" for v in row) + "\n" for row in stored).encode()
    held = io.BytesIO()
    np.save(held, stored)
    return held.getvalue()


def _require_fit(given: Mapping[str, Any], sizes: Sizes, rows: int, cols: int) -> None:
    """Raises SpecError for a size asked for that is not the weights' own."""
    for name, wanted in sizes.fields(given, rows, cols).items():
        if given.get(name, wanted) != wanted:
            bound = f"{wanted}, as the weights take {rows} rows and {cols} columns"
            raise SpecError(name, given[name], bound, fix=wanted)


def _sized(found: Entry, sizes: Sizes, given: Mapping[str, Any], rows: int, cols: int) -> Cell:
    spec = {**given, **sizes.fields(given, rows, cols)}
    return found.build(found.spec_type.parse(spec))
