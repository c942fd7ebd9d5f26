"""What the drawn wires do to a ratio: the routing's part of the error budget, from the extraction of the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell

_ERROR = "gain_error"
_POINT = ("v_ds", "i_square")


def transistor_wires(cell: Cell, point: Mapping[str, Any]) -> float:
    """Largest change of a current ratio by the resistances of the drawn wires, typical corner, a fraction.

    `point`: `v_ds` (V) and `i_square` (A), of the testbench. Extracted and simulated, less the same without wires.
    """
    from analoom.flows.post_layout import difference, extracted
    from analoom.flows.simulate import simulate

    asked = {name: point[name] for name in _POINT}
    with TemporaryDirectory(prefix="analoom-") as folder:
        wires = extracted(cell, Path(folder), "tt")
        views = simulate(cell, settings=asked), simulate(cell, "post", parasitics=wires, settings=asked)
    shifts = difference(*views)
    return max(abs(float(shifts[name]["value"])) for name in shifts if name.startswith(_ERROR))


def capacitor_wires(drawn_f: NDArray[np.float64], wires_f: NDArray[np.float64]) -> float:
    """Largest ratio error by what the wires add to `drawn_f`, both (pins,) F."""
    shares, ideal = (drawn_f + wires_f) / (drawn_f + wires_f).sum(), drawn_f / drawn_f.sum()
    return float(np.abs(shares / ideal - 1).max())


def wires_to_top_f(cell: Cell, pins: Sequence[str], workdir: Path | None = None) -> NDArray[np.float64]:
    """What the drawn wires add between each weight's net and the common plate, (pins,) F, by extraction.

    The extraction's netlist goes to `workdir`, if one is given.
    """
    from analoom.flows.files.layout_source import of_cell
    from analoom.flows.pex.extract import extract
    from analoom.flows.systems.capacitor.bench import TOP

    with TemporaryDirectory(prefix="analoom-") as folder:
        coupled = extract(of_cell(cell), workdir=workdir or Path(folder)).nets[TOP].coupling_f
    return np.array([coupled.get(pin, 0.0) for pin in pins])
