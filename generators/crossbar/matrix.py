"""A crossbar as a matrix: which synapse sits at which row and column, and the synapse itself.

The place of a synapse is where it is drawn (row 0 at the bottom, column 0 on the left), not what its nets are called: a
wire crossed in the tree of blocks then answers at the wrong column, and shows in every result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb
import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.reading import Reading
from analoom.pdk.errors import InputError

LARGEST_SIMULATED = 1024
"""Most synapses simulated one by one: an operating point of 64 x 64 takes 20 s, and grows faster than the count."""


@dataclass(frozen=True)
class CrossbarMap:
    """`nodes[i, j]` is the dotted path of the stored node at row i, column j, (rows, cols) str."""

    synapse: Cell
    reading: Reading
    nodes: NDArray[np.str_]

    @property
    def shape(self) -> tuple[int, int]:
        rows, cols = self.nodes.shape
        return rows, cols


def crossbar_map(cell: Cell) -> CrossbarMap:
    """The matrix of an array. Raises InputError for one without synapses, too large, or not a full matrix."""
    synapse = synapse_of(cell)
    reading = synapse.require_reading()
    places: dict[tuple[int, int], str] = {}
    for path, centre in _placed_synapses(cell):
        places[centre.y, centre.x] = ".".join([*path, reading.stored])
        if len(places) > LARGEST_SIMULATED:
            limit = f"at most {LARGEST_SIMULATED} synapses are simulated one by one"
            raise InputError(f"{cell.name} is too large: {limit}", field="rows", remedy="simulate a smaller array")
    return CrossbarMap(synapse, reading, _matrix(cell.name, places))


def synapse_of(cell: Cell) -> Cell:
    """The synapse an array is woven of; a synapse is its own. Raises InputError when there is none."""
    if cell.kind == "synapse":
        return cell
    for instance in cell.instances:
        if instance.cell.kind == "synapse" or instance.cell.instances:
            return synapse_of(instance.cell)
    raise InputError(f"{cell.name} holds no synapse", field="name")


def _placed_synapses(
    cell: Cell, trans: kdb.Trans | None = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], kdb.Point]]:
    """Every synapse below with its instance path and the centre of its place, nm."""
    for instance in cell.instances:
        here = (trans or kdb.Trans()) * instance.trans
        if instance.cell.kind == "synapse":
            yield (*path, instance.name), instance.cell.bbox_nm.transformed(here).center()
        else:
            yield from _placed_synapses(instance.cell, here, (*path, instance.name))


def _matrix(name: str, places: dict[tuple[int, int], str]) -> NDArray[np.str_]:
    ys, xs = (sorted({where[k] for where in places}) for k in (0, 1))
    if len(places) != len(ys) * len(xs):
        raise InputError(
            f"{name}: {len(places)} synapses do not fill {len(ys)} rows and {len(xs)} columns", field="name"
        )
    return np.array([[places[y, x] for x in xs] for y in ys])
