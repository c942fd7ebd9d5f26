"""The voltages that arrays of a network store, as files that `analoom map` would write: one a crossbar, and their list.

`weights.json` lists, by array, the layer, its rows and columns from and up to, the cell, and the files `weights` (rows,
cols) V and `mapping` beside it. The weights that currents are worth are codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.mapped_weights import MappedWeights, WeightScale
from analoom.flows.files.outputs import make_folder, write_json
from analoom.flows.map_weights import write_mapping
from analoom.flows.systems.crossbar.network.coded_synapse import CodedSynapse
from analoom.flows.systems.crossbar.network.spec import MOST, CrossbarNetworkSpec
from analoom.flows.systems.crossbar.network.tiles import Tile, synapse_of_codes, tiles

FOLDER = "weights"


def write_weights(codes: Sequence[NDArray[np.integer]], spec: CrossbarNetworkSpec, folder: Path) -> Mapping[str, str]:
    """Writes a file an array and the list of them; `codes` (inputs + 1, outputs) a layer."""
    coded, place = synapse_of_codes(spec), make_folder(folder / FOLDER)
    listed: list[dict[str, Any]] = []
    for k, (of_layer, arrays) in enumerate(zip(codes, tiles(spec), strict=True), 1):
        for n, tile in enumerate(arrays, 1):
            part = np.asarray(of_layer)[slice(*tile.rows), slice(*tile.cols)]
            files = write_mapping(_mapped(part, coded, tile), place / f"layer{k}_array{n}.npy")
            about = {"layer": k, "rows": list(tile.rows), "cols": list(tile.cols), "cell": tile.cell.name}
            listed.append({**about, **{name: Path(path).name for name, path in files.items()}})
    return {"weights": str(write_json(place / "weights.json", {"most": MOST, "arrays": listed}))}


def _mapped(codes: NDArray[np.integer], coded: CodedSynapse, tile: Tile) -> MappedWeights:
    at, full_s = coded.laid(np.asarray(codes, dtype=np.intp) + MOST), coded.full_a / coded.v_read
    worth = WeightScale(codes.T.astype(float), float(MOST), full_s, coded.v_read, pairs=coded.pairs)
    off = coded.told(coded.column_a[at]) / coded.full_a - codes / MOST
    errors = float(np.sqrt(np.mean(off**2))), float(np.abs(off).max())
    return MappedWeights(tile.cell, coded.stored_v[at], worth, 2 * MOST + 1, *errors, {})
