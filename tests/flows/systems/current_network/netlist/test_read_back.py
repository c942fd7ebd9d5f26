"""Bits shifted through the drawn register and written by the word lines: latches hold what the map of the bits says."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.wiring import lumped
from analoom.flows.compile.bitstream import write_bitstream
from analoom.flows.compile.targets.current import CURRENT
from analoom.flows.systems.current_network.netlist.read_back import written_bits
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools


def bits_and_map(dims, folder):
    """A cell, the lines of `bitstream.txt` with their rows, and by place what `bitstream.json` says of each bit."""
    cell, rng = build("current_network", {"dims": dims}), np.random.default_rng(1)
    codes = [rng.integers(-7, 8, (n + 1, m)) for n, m in pairwise(dims)]
    files = write_bitstream(codes, CURRENT.words_written(cell.spec), CURRENT, folder)
    lines = Path(files["bitstream"]).read_text().split()
    words = json.loads(Path(files["bitstream_map"]).read_text())["words"]
    places = [place for word in words for place in word["bits"]]
    said = {tuple(p): int(bit) for p, bit in zip(places, "".join(lines), strict=True) if p}
    return cell, [(word["row"], line) for word, line in zip(words, lines, strict=True)], said


def turned(words):
    """The same lines with the first stored bit of the first one turned."""
    (row, line), *others = words
    return [(row, str(1 - int(line[0])) + line[1:]), *others]


def wrong(dut, words, said):
    """Places whose latch, full of the opposite before, does not hold what was said."""
    found = written_bits(dut, words, {place: 1 - bit for place, bit in said.items()})
    assert set(found) == set(said)
    return [place for place, bit in said.items() if found[place] != bit]


@pytest.mark.slow
def test_latches_hold_what_the_map_says_and_a_bit_turned_in_the_stream_is_found_at_its_place(tmp_path):
    cell, words, said = bits_and_map((1, 1), tmp_path)
    assert wrong(make_dut(cell, "schematic", corner("tt"), 27.0, None), turned(words), said) == [next(iter(said))]


@pytest.mark.full
@pytest.mark.parametrize("view", ["schematic", "post"])
def test_every_latch_of_two_layers_is_written_before_and_after_layout(view, tmp_path):
    cell, words, said = bits_and_map((1, 1, 1), tmp_path)
    wires = lumped(cell, "typical", tmp_path) if view == "post" else None
    dut = make_dut(cell, view, corner("tt"), 27.0, wires)
    assert wrong(dut, words, said) == []
