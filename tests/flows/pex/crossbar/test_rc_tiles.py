"""Distributed parasitics by tile classes against the flat extraction of the same drawing, and their reduction."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import splu

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.crossbar.rc_tiles import rc_by_tiles
from analoom.flows.pex.crossbar.reduce import reduce_classes
from analoom.flows.pex.crossbar.tile_classes import tile_classes
from analoom.flows.pex.crossbar.unfold import whole
from analoom.flows.pex.resistance.extract import extract_rc
from analoom.flows.pex.resistance.rc_result import RcOptions

pytestmark = pytest.mark.slow
SIZES = [(8, 8), pytest.param((13, 9), marks=pytest.mark.full)]


class Line:
    """A net driven at its pin, all else at rest: resistances and first moments by equations written here."""

    def __init__(self, rc, net):
        self.pin, links = rc.main[net], rc.graph.g
        found, todo = {self.pin}, [self.pin]
        while todo:
            for other in links.get(todo.pop(), {}):
                if other not in found:
                    found.add(other)
                    todo.append(other)
        self.place = {n: k for k, n in enumerate(sorted(found - {self.pin}))}
        rows, cols, values = [], [], []
        for n, k in self.place.items():
            for other, g in links[n].items():
                rows, cols, values = [*rows, k], [*cols, k], [*values, g]
                if other in self.place:
                    rows, cols, values = [*rows, k], [*cols, self.place[other]], [*values, -g]
        size = len(self.place)
        self.solved = splu(coo_matrix((values, (rows, cols)), shape=(size, size)).tocsc())
        own = np.array([sum(rc.graph.c.get(n, {}).values()) for n in self.place])
        self.moment_s = self.solved.solve(own)

    def ohm(self, node):
        unit = np.zeros(len(self.place))
        unit[self.place[node]] = 1.0
        return self.solved.solve(unit)[self.place[node]]

    def elmore_s(self, node):
        return self.moment_s[self.place[node]]


def total_f(rc, net):
    inside = {n for n, name in rc.net_of.items() if name == net}
    return sum(c for n in inside for other, c in rc.graph.c.get(n, {}).items() if other not in inside)


def terminals(rc, net):
    """Every terminal of a device on a net, by device."""
    return {(key, t): n for key, at in rc.devices.items() for t, n in at.items() if t != "b" and rc.net_of[n] == net}


@pytest.fixture(scope="module", params=SIZES, ids=str)
def both(request):
    rows, cols = request.param
    cell = build("crossbar", {"rows": rows, "cols": cols})
    return (rows, cols), extract_rc(of_cell(cell), "typical"), rc_by_tiles(cell, "typical")


def signals(size):
    rows, cols = size
    return [f"{p}{k}" for p, n in (("row", rows), ("wwl", rows), ("col", cols), ("wbl", cols)) for k in range(n)]


def test_every_net_has_the_flat_extractions_capacitance(both):
    _, flat, tiles = both
    assert set(tiles.main) == set(flat.main)
    for net in flat.main:
        assert total_f(tiles, net) == pytest.approx(total_f(flat, net), rel=1e-3, abs=0), net


def test_every_tap_of_every_line_has_its_resistance_and_delay(both):
    """Pin to each device on a line, near end, middle and far end; delays to 0.1 % of that to the far end.

    The guard ring's contacts have a raster of their own, which tiles of one class see at different phases.
    """
    size, flat, tiles = both
    for net in signals(size):
        expected, found = Line(flat, net), Line(tiles, net)
        ends = terminals(flat, net)
        assert len(ends) >= min(size)
        assert terminals(tiles, net).keys() == ends.keys()
        for key, node in ends.items():
            other = terminals(tiles, net)[key]
            assert found.ohm(other) == pytest.approx(expected.ohm(node), rel=1e-3), (net, key)
            within_s = 1e-3 * expected.moment_s.max()
            assert found.elmore_s(other) == pytest.approx(expected.elmore_s(node), abs=within_s), (net, key)


@pytest.mark.full
def test_reduction_by_tiles_keeps_resistances_and_delays():
    """A 15 x 11 array is larger than what is reduced, so its tiles repeat; against the same array not reduced."""
    cell = build("crossbar", {"rows": 15, "cols": 11})
    before, after = rc_by_tiles(cell, "typical"), rc_by_tiles(cell, "typical", RcOptions(up_to_hz=1e10))
    assert len(after.graph.g) < len(before.graph.g) / 3
    for net in ("row0", "row7", "wwl14", "col0", "col5", "wbl10"):
        expected, found = Line(before, net), Line(after, net)
        assert total_f(after, net) == pytest.approx(total_f(before, net), rel=1e-3, abs=0)
        for key, node in terminals(before, net).items():
            other = terminals(after, net)[key]
            assert found.ohm(other) == pytest.approx(expected.ohm(node), rel=1e-6), (net, key)
            assert found.elmore_s(other) == pytest.approx(expected.elmore_s(node), rel=1e-3, abs=0), (net, key)
    assert after.reduction.phase_rad > 0


def test_thresholds_by_tiles_tell_their_error():
    classes = tile_classes(build("crossbar", {"rows": 64, "cols": 64}), "rc", "typical")
    fewer, done = reduce_classes(classes, RcOptions(min_c_f=1e-17, min_r_ohm=1.0, up_to_hz=1e10), 64, 64)
    middle = fewer.rows // 2, fewer.cols // 2
    small = [c for a, b, c in fewer.capacitors[middle] if c < 1e-17 and ("", "sub") not in (a[2], b[2])]
    assert not small
    assert 0 < done.moved_f < 1e-15 and 0 < done.shorted_ohm <= 1.0
    assert len(fewer.capacitors[middle]) < len(classes.capacitors[classes.rows // 2, classes.cols // 2]) / 10


def test_one_wrong_resistor_is_seen(both):
    """A contact at one device 1 % too good: that device is off by more than is allowed."""
    _, flat, tiles = both
    links, ends = tiles.graph.g, terminals(tiles, "row3")
    key, node = next(iter(ends.items()))
    near, good = next(iter(links[node].items()))
    tiles.graph.add(links, node, near, 0.01 * good)
    found = Line(tiles, "row3").ohm(node)
    tiles.graph.add(links, node, near, -0.01 * good)
    assert found != pytest.approx(Line(flat, "row3").ohm(terminals(flat, "row3")[key]), rel=1e-3)


def test_a_whole_array_has_every_pin_once_or_by_name():
    cell = build("crossbar", {"rows": 9, "cols": 7})
    spread = whole(tile_classes(cell, "rc", "typical"), 9, 7)
    assert len(spread.devices) == 9 * 7 * 3
    assert {kind for kind, _ in spread.pins} == {"row", "col", "wwl", "wbl", "vss"}
    assert len(spread.pins) == 2 * (9 + 7) + 2, "both labels of the ground"
