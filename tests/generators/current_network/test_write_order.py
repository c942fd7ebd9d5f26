"""What is shifted in by `write_words` ends where it says: a register followed along the nets of the drawn cell."""

from dataclasses import replace

import pytest

from analoom.cells.model import registry
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.generators.current_network.write_order import WeightBit, write_order, write_words

DIMS = (2, 1, 3)


def latches(cell, nets, path=()):
    """(path of instances, nets in the names of `cell`) of every latch, by a walk of our own."""
    for instance in cell.instances:
        here = (*path, instance.name)
        inner = {port: nets.get(net, "/".join((*path, net))) for port, net in instance.nets.items()}
        if instance.cell.kind == "latch":
            yield here, inner
        else:
            yield from latches(instance.cell, inner, here)


def register(cell):
    """Names of the column drivers from `din` on, by their nets."""
    by_input = {i.nets["d"]: i for i in cell.instances if i.name.startswith("column")}
    found, net = [], "din"
    while net != "dout":
        found.append(by_input[net])
        net = by_input[net].nets["q"]
    return found


def written(cell, words):
    """(word line, bit line) of each latch: the bit that it holds after all words, each shifted in from `din`."""
    chain, held = register(cell), {}
    for word in words:
        stages = [None] * len(chain)
        for bit in word.bits:
            stages = [bit, *stages[:-1]]
        held |= {(f"wl{word.row}", driver.nets["bl"]): bit for driver, bit in zip(chain, stages, strict=True)}
    return held


def wrong(cell, words):
    """The bits that are not where their names say: by the layer's instance and the soma and column that they reach."""
    held, found = written(cell, words), []
    for path, nets in latches(cell, {port: port for port in cell.circuit.ports}):
        layer = cell.instances[int(path[0].removeprefix("layer"))]
        lines = {outer: inner for inner, outer in layer.nets.items()}
        row, (bit, col) = int(nets["wl"].removeprefix("wl")), lines[nets["bl"]].removeprefix("bl").split("c")
        expected = WeightBit(int(path[0].removeprefix("layer")), int(col), row, int(bit))
        found += [expected] if held[nets["wl"], nets["bl"]] != expected or path[-1] != f"bit{bit}" else []
    return found


def test_every_bit_ends_in_its_latch_and_a_word_shifted_backwards_does_not():
    cell, words = registry.build("current_network", dims=DIMS), write_words(CurrentNetworkSpec(dims=DIMS))
    assert wrong(cell, words) == []
    assert wrong(cell, [replace(word, bits=word.bits[::-1]) for word in words])


@pytest.mark.parametrize(("dims", "bits"), [((4, 7, 3), 4 * (5 * 7 + 8 * 3)), ((64, 16, 10), 4 * (65 * 16 + 17 * 10))])
def test_each_bit_of_each_weight_is_written_once(dims, bits):
    order = write_order(CurrentNetworkSpec(dims=dims))
    assert len(order) == len(set(order)) == bits
