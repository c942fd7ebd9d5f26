"""The bits that a chip is written with: a line each word, in write order, and what each bit of it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Spec
from analoom.flows.compile.targets.record import Place, Target, Word
from analoom.flows.files.outputs import write_whole

COLUMNS = ("layer", "output", "input", "bit")
NOT_STORED = 0
"""What is shifted in for a place that has no latch."""


def lines_of(codes: Sequence[NDArray[np.integer]], words: Sequence[Word], target: Target) -> list[str]:
    """A line of 0 and 1 a word, the bit that goes in first at its left; `codes` (inputs + 1, outputs) a layer."""

    value = target.bit
    assert value is not None, "a target whose weights are bits"

    def bit(place: Place | None) -> int:
        if place is None:
            return NOT_STORED
        layer, output, row, number = place
        return value(int(codes[layer][row, output]), number)

    return ["".join(str(bit(place)) for place in word.bits) for word in words]


def write_codes(codes: Sequence[NDArray[np.integer]], spec: Spec, target: Target, folder: Path) -> dict[str, str]:
    """Writes what stores `codes`, (inputs + 1, outputs) a layer: as bits, or as the target writes them; the files."""
    files = dict(target.stored(codes, spec, folder)) if target.stored else {}
    if target.words_written is None:
        return files
    return files | write_bitstream(codes, target.words_written(spec), target, folder)


def write_bitstream(
    codes: Sequence[NDArray[np.integer]], words: Sequence[Word], target: Target, folder: Path
) -> dict[str, str]:
    """Writes `bitstream.txt`, and `bitstream.json`, which says what every bit of it is; both paths.

    The JSON holds `columns` and `words`: of each line the `row` that it is written to, and of each of its bits the
    layer, the output, the input (the bias is the last) and the bit of the code; null for one that is not stored.
    """
    text = "".join(f"{line}\n" for line in lines_of(codes, words, target))
    said = [json.dumps({"row": word.row, "bits": [list(p) if p else None for p in word.bits]}) for word in words]
    listed = ",\n".join(said)
    about = f'{{"columns": {json.dumps(COLUMNS)}, "words": [\n{listed}\n]}}\n'
    return {
        "bitstream": str(write_whole(folder / "bitstream.txt", text)),
        "bitstream_map": str(write_whole(folder / "bitstream.json", about)),
    }
