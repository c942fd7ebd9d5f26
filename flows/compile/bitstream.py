"""The bits that a chip is written with: a line each, in write order, and what each of them is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.targets.record import Place, Target
from analoom.flows.files.outputs import write_whole


def bits_of(codes: Sequence[NDArray[np.integer]], order: Sequence[Place], target: Target) -> list[int]:
    """The bits of codes (inputs + 1, outputs) a layer, in write order."""
    return [target.bit(int(codes[layer][row, output]), bit) for layer, output, row, bit in order]


def write_bitstream(
    codes: Sequence[NDArray[np.integer]], order: Sequence[Place], target: Target, folder: Path
) -> dict[str, str]:
    """Writes `bitstream.txt`, a bit a line, and `bitstream.json`, which says of each line what it is; both paths.

    The JSON holds `columns` and `lines`: of line k the layer, the output, the input (the bias is the last) and the bit.
    """
    text = "".join(f"{bit}\n" for bit in bits_of(codes, order, target))
    lines = ",\n".join(json.dumps(list(place)) for place in order)
    about = f'{{"columns": ["layer", "output", "input", "bit"], "lines": [\n{lines}\n]}}\n'
    return {
        "bitstream": str(write_whole(folder / "bitstream.txt", text)),
        "bitstream_map": str(write_whole(folder / "bitstream.json", about)),
    }
