"""Read settling on the array solver: against ngspice on the same flat netlist, its end, its error control."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.pex.crossbar.ladders import Ladders, line_ladders
from analoom.flows.systems.crossbar.solver.netlist import ngspice_settling
from analoom.flows.systems.crossbar.solver.read import ArrayReader, array_reader
from analoom.flows.systems.crossbar.solver.transient import Settling, TapCapacitance, read_settling, tap_capacitance
from analoom.pdk.errors import InputError

pytestmark = [pytest.mark.tools, pytest.mark.slow]

SEGMENT_OHM, GROUND_F, EDGE_S = 400.0, 1e-14, 2e-11
"""Lines a hundred times as long as those of a small array: they, and not the cells, settle last."""


def long_lines(size: int, synapse: str = "synapse_2t1c") -> tuple[ArrayReader, Ladders]:
    cell = build("crossbar", {"rows": size, "cols": size, "synapse": synapse})
    drawn = line_ladders(cell)
    lines = {
        name: replace(
            line,
            segment_ohm=np.full_like(line.segment_ohm, SEGMENT_OHM),
            ground_f=np.full_like(line.ground_f, GROUND_F),
        )
        for name, line in drawn.lines.items()
    }
    ladders = replace(drawn, lines=lines)
    return array_reader(cell, ladders=ladders), ladders


def drawn(reader: ArrayReader) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(reader.shape[0])
    v_read, low, high = reader.range_v
    return rng.uniform(low, high, reader.shape), rng.uniform(0, v_read, reader.shape[0])


@pytest.mark.parametrize(
    ("size", "synapse"),
    [(4, "synapse_2t1c"), pytest.param(8, "synapse_2t1c", marks=pytest.mark.full), (4, "synapse_cs")],
)
def test_settling_is_ngspices(size: int, synapse: str) -> None:
    """Times to 10 % and 1 % of the largest current within 3 %: cells' charges are linear here, ngspice's are not."""
    reader, ladders = long_lines(size, synapse)
    stored, inputs = drawn(reader)
    t, columns = ngspice_settling(reader, ladders, stored, inputs, 1e-9, EDGE_S)
    expected = Settling(t, columns, columns[-1], 0)
    taps = tap_capacitance(reader, ladders, stored)
    found = read_settling(reader, taps, stored, inputs, 1e-9, 1e-5, EDGE_S)
    for fraction in (0.1, 0.01):
        assert found.time_to(fraction) == pytest.approx(expected.time_to(fraction), rel=0.03)
    assert found.columns_a[-1] == pytest.approx(columns[-1], abs=1e-3 * np.abs(columns[-1]).max())


def test_half_the_tolerance_is_half_the_error() -> None:
    """At the end of the inputs' edge, against a run a hundred times as strict."""
    reader, ladders = long_lines(4)
    stored, inputs = drawn(reader)
    taps = tap_capacitance(reader, ladders, stored)

    def at_edge(tolerance_v: float) -> np.ndarray:
        trace = read_settling(reader, taps, stored, inputs, 4e-11, tolerance_v, EDGE_S)
        (k,) = np.flatnonzero(trace.t == EDGE_S)
        return trace.columns_a[k]

    strict = at_edge(5e-7)
    errors = [np.abs(at_edge(tolerance_v) - strict).max() for tolerance_v in (2e-4, 1e-4, 5e-5)]
    for coarse, fine in pairwise(errors):
        assert 0.4 < fine / coarse < 0.65


def test_twice_the_capacitance_is_twice_the_time() -> None:
    """Lines and cells alike: the closed form of every RC network. The end is the operating point."""
    reader, _ = long_lines(4)
    stored, inputs = drawn(reader)
    none, times = np.zeros((4, 4)), []
    for farad in (GROUND_F, 2 * GROUND_F):
        taps = TapCapacitance((np.full((4, 4), farad),), np.full((4, 4), farad), (none,), (none,))
        trace = read_settling(reader, taps, stored, inputs, 2e-9, 1e-5)
        assert trace.columns_a[-1] == pytest.approx(reader.read(stored, inputs), rel=1e-3)
        times.append(trace.time_to(0.02))
    assert times[1] == pytest.approx(2 * times[0], rel=0.05)


def test_a_run_that_is_too_short_is_told() -> None:
    reader, ladders = long_lines(4)
    stored, inputs = drawn(reader)
    taps = tap_capacitance(reader, ladders, stored)
    with pytest.raises(InputError, match="no column settles"):
        read_settling(reader, taps, stored, inputs, 5e-11, 1e-4, EDGE_S).time_to(0.01)
