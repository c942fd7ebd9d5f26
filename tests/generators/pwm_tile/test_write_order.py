"""What is shifted in ends where it says: a register followed along the nets of the drivers."""

from dataclasses import replace

from analoom.generators.pwm_tile.circuits import column_nets
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.generators.pwm_tile.write_order import WeightBit, write_order, write_words

SPEC = PwmTileSpec(rows=2, cols=3)


def register():
    """The bit line of each stage from `din` on, by the nets of the drivers."""
    by_input = {nets["d"]: nets for nets in column_nets(SPEC)}
    found, net = [], "din"
    while net != "dout":
        found.append(by_input[net]["bl"])
        net = by_input[net]["q"]
    return found


def wrong(words):
    """The bits that are not where their names say, after each word is shifted in from `din`."""
    lines, found = register(), []
    for word in words:
        stages = [None] * len(lines)
        for bit in word.bits:
            stages = [bit, *stages[:-1]]
        for line, bit in zip(lines, stages, strict=True):
            k, col = line.removeprefix("bl").split("c")
            found += [bit] if bit != WeightBit(word.row, int(col), int(k)) else []
    return found


def test_every_bit_ends_in_its_latch_and_a_word_shifted_backwards_does_not():
    words = write_words(SPEC)
    assert wrong(words) == []
    assert wrong([replace(words[0], bits=words[0].bits[::-1]), *words[1:]]) != []


def test_each_bit_is_written_once():
    order = write_order(SPEC)
    every = {WeightBit(i, j, bit) for i in range(2) for j in range(3) for bit in range(4)}
    assert len(order) == len(every)
    assert set(order) == every
