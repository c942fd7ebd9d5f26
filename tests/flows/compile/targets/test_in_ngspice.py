"""Decisions of irises with the least margins, by the dies' solvers and by ngspice on the netlists of tiles and arrays.

The same for networks of currents stands in `tests/flows/systems/current_network/test_dies.py`. Here a die is as
designed: what mismatch does to a part is compared with ngspice where the part is.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.compile.demo import write_network
from analoom.flows.compile.given.network_file import read_network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.crossbar import CROSSBAR
from analoom.flows.compile.targets.pwm import PWM
from analoom.flows.compile.targets.record import Target
from analoom.flows.systems.crossbar.bench import column_currents
from analoom.flows.systems.crossbar.network.dies import CrossbarDies
from analoom.flows.systems.crossbar.network.spec import MOST, STEP, CrossbarNetworkSpec
from analoom.flows.systems.crossbar.network.tiles import Tile, tiles
from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies, window_s
from analoom.flows.systems.pwm_tile.operation.program import USUAL, Program
from analoom.flows.systems.pwm_tile.operation.transient import run_tile
from analoom.generators.crossbar.matrix import crossbar_map
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec
from analoom.generators.pwm_tile.pwm_tile import pwm_tile
from analoom.pdk.corners import corner

pytestmark = [pytest.mark.full, pytest.mark.tools]
Array = np.ndarray
WITHIN = 0.02
"""Of the largest output."""


@pytest.fixture
def iris(tmp_path: Any) -> Callable[[Target], tuple[Any, list[Array], Array]]:
    """Of a target: the spec of irises on 4-7-3, the codes as mapped, and the points to judge by."""

    def of(target: Target) -> tuple[Any, list[Array], Array]:
        network, _ = read_network(write_network(tmp_path / "net.npz"))
        data = ready_set("iris")
        mapped = map_network(network, target.grid, data.x_train, target.step_of)
        fields = dict(target.fields(network.dims))
        assert target.sized is not None
        fields |= target.sized(fields, mapped, data.x_train)
        return target.parsed(fields), [c.astype(np.int64) for c in mapped.codes], data.x_test

    return of


def closest(outputs: Array, count: int) -> Array:
    """The points whose two largest outputs are nearest to each other."""
    ordered = np.sort(outputs, axis=1)
    return np.argsort(ordered[:, -1] - ordered[:, -2])[:count]


def compared(name: str, found: Array, simulated: Array) -> None:
    """Asserts both bounds, and that outputs of other points would miss them."""
    error = np.abs(found - simulated).max() / simulated.max()
    print(f"{name}: {len(found)} decisions, at worst {100 * error:.3f} % of the largest output")
    assert error < WITHIN
    assert (found.argmax(axis=1) == simulated.argmax(axis=1)).all()
    assert np.abs(np.roll(found, 1, axis=0) - simulated).max() / simulated.max() > WITHIN


def test_pulses_of_the_closest_irises_are_those_of_ngspice(iris: Any) -> None:
    spec, codes, x = iris(PWM)
    assert isinstance(spec, PwmNetworkSpec)
    pulses = spec.lsb * np.rint(x * (2**spec.pulse_bits - 1))
    dies = PwmNetworkDies(spec)
    some = closest(dies.pulses(codes, pulses)[0], 3)
    found = dies.pulses(codes, pulses[some])[0]
    now = pulses[some]
    for layer, (tile, of_layer) in enumerate(zip(spec.layers, codes, strict=True)):
        whole = np.hstack([now, np.full((len(now), 1), spec.longest_s)])
        program = Program(tile, USUAL, whole, window_s(spec, layer))
        now = run_tile(make_dut(pwm_tile(tile), "schematic", corner("tt"), 27.0, None), program, of_layer).pulses
    compared("pwm", found, now)


def charges(tile: Tile, stored: Array, pulses: Array) -> Array:
    """What columns (cols,) take of pulses (rows,) that begin together, in A by full inputs: operating points of all
    rows that are on, from the end of one pulse to that of the next."""
    dut, array = make_dut(tile.cell, "schematic", corner("tt"), 27.0, None), crossbar_map(tile.cell)
    edges, total = np.unique([0.0, *pulses]), np.zeros(stored.shape[1])
    for begin, end in pairwise(edges):
        on = tile.drops.coded.v_read * (pulses > begin)
        total += (end - begin) * column_currents(dut, array, stored, on)
    return total


def test_pulses_of_the_closest_irises_on_crossbars_are_those_of_ngspice(iris: Any) -> None:
    spec, codes, x = iris(CROSSBAR)
    assert isinstance(spec, CrossbarNetworkSpec)
    dies = CrossbarDies(spec, "continuous", 1, 1, sources=("lines",))
    some = closest(dies.outputs(codes, x)[0], 6)
    simulated = []
    for point in x[some]:
        now = point
        for k, ((tile,), of_layer) in enumerate(zip(tiles(spec), codes, strict=True)):
            stored = tile.drops.coded.stored_v[of_layer + MOST]
            z = STEP / spec.code_a * charges(tile, stored, np.append(now, 1.0))
            now = np.clip(z, 0.0, spec.longest[k])
        simulated.append(now)
    compared("crossbar", dies.outputs(codes, x[some])[0], np.array(simulated))
