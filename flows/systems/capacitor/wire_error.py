"""What the drawn wires do to the ratios of a capacitor array, from the extraction of the cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract

from .bench import TOP


def wire_error(drawn_f: NDArray[np.float64], wires_f: NDArray[np.float64]) -> float:
    """Largest ratio error by what the wires add to `drawn_f`, both (pins,) F."""
    shares, ideal = (drawn_f + wires_f) / (drawn_f + wires_f).sum(), drawn_f / drawn_f.sum()
    return float(np.abs(shares / ideal - 1).max())


def wires_to_top_f(cell: Cell, pins: Sequence[str], workdir: Path | None = None) -> NDArray[np.float64]:
    """What the drawn wires add between each weight's net and the common plate, (pins,) F, by extraction.

    The extraction's netlist goes to `workdir`, if one is given.
    """
    with TemporaryDirectory(prefix="analoom-") as folder:
        coupled = extract(of_cell(cell), workdir=workdir or Path(folder)).nets[TOP].coupling_f
    return np.array([coupled.get(pin, 0.0) for pin in pins])
