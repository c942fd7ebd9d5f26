"""Bits in write order: what a register and latches that are written so hold are the codes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analoom.flows.compile.bitstream import write_bitstream
from analoom.flows.compile.targets.current import CURRENT

DIMS = (4, 7, 3)


def held_by(folder: Path) -> list[np.ndarray]:
    """Codes that latches hold after the words of `bitstream.txt`, by the map beside it: sign and magnitude."""
    lines = (folder / "bitstream.txt").read_text().split()
    words = json.loads((folder / "bitstream.json").read_text())["words"]
    magnitude = [np.zeros((n + 1, m), int) for n, m in ((4, 7), (7, 3))]
    sign = [np.ones_like(layer) for layer in magnitude]
    for line, word in zip(lines, words, strict=True):
        for bit, place in zip(line, word["bits"], strict=True):
            if place and bit == "1":
                layer, output, row, number = place
                assert row == word["row"]
                if number == 3:
                    sign[layer][row, output] = -1
                else:
                    magnitude[layer][row, output] += 2**number
    return [s * m for s, m in zip(sign, magnitude, strict=True)]


def test_what_is_written_is_what_was_trained_and_a_bit_turned_is_seen(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    codes = [rng.integers(-7, 8, (n + 1, m)) for n, m in ((4, 7), (7, 3))]
    files = write_bitstream(codes, CURRENT.words_written(CURRENT.parsed({"dims": DIMS})), CURRENT, tmp_path)
    assert all((a == b).all() for a, b in zip(held_by(tmp_path), codes, strict=True))
    path = Path(files["bitstream"])
    text = path.read_text()
    at = text.index("1")
    path.write_text(text[:at] + "0" + text[at + 1 :])
    assert any((a != b).any() for a, b in zip(held_by(tmp_path), codes, strict=True))


@pytest.mark.parametrize(("code", "bits"), [(0, "0000"), (5, "1010"), (-7, "1111"), (-4, "0011")])
def test_a_code_is_three_bits_of_magnitude_and_one_of_sign(code: int, bits: str) -> None:
    assert "".join(str(CURRENT.bit(code, k)) for k in range(4)) == bits
