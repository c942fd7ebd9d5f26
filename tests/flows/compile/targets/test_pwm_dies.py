"""Networks of pulses on drawn dies: what training makes of them, and their pulses against ngspice.

The bounds leave room about what was measured: both sets lose less than a point in either family. What a column tells of
itself is worth little here: weights for any die are as good on digits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from analoom.flows.compile.accuracy.dies_task import judged, task_of
from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.pwm import PWM
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import train
from analoom.flows.systems.pwm_tile.network_dies import PwmNetworkDies
from analoom.flows.systems.pwm_tile.network_measure import measure
from analoom.flows.systems.pwm_tile.solver.dies import SOURCES
from analoom.generators.pwm_tile.network_spec import PwmNetworkSpec

pytestmark = [pytest.mark.full, pytest.mark.tools]
FAMILIES = ("continuous", "binned")


def reached(name: str, hidden: int, solver: str, family: str, dies: int) -> dict[str, Any]:
    """Accuracies of `dies` dies in per cent, by kind of weights, and that in software."""
    data, sized = ready_set(name, 1), PWM.sized
    assert sized is not None
    net = MLPClassifier((hidden,), solver=solver, alpha=1e-3, max_iter=2000, random_state=0)
    net.fit(data.x_train, data.y_train)
    layers = zip(net.coefs_, net.intercepts_, strict=True)
    network = Network(tuple(Layer(f"layer {k}", w.T.copy(), b.copy()) for k, (w, b) in enumerate(layers, 1)))
    mapped = map_network(network, PWM.grid, data.x_train, PWM.step_of)
    fields = dict(PWM.fields(network.dims))
    spec = PWM.parsed({**fields, **sized(fields, mapped, data.x_train)})
    start, how = [w.astype(np.float32) for w in mapped.real], Training.fitting(network.dims, 1)
    designed = PWM.designed(network.dims, spec)
    unaware = [c[0] for c in train(start, designed, PWM.grid, data.x_train, data.y_train, how)]
    drawn = PWM.dies(spec, family, dies, 1)
    found = judged(drawn, PWM, {**task_of(PWM, {}, data, mapped.real, unaware, how), "trained": True})["accuracy"]
    told = {kind: 100 * np.array(of_dies) for kind, of_dies in found.items()}
    return {**told, "software": 100 * float(accuracy(network.outputs(data.x_test), data.y_test))}


@pytest.mark.parametrize("family", FAMILIES)
def test_irises_and_digits_lose_less_than_a_point(family: str) -> None:
    for name, hidden, solver, dies in (("iris", 7, "lbfgs", 10), ("digits", 32, "adam", 3)):
        found = reached(name, hidden, solver, family, dies)
        assert found["aware"].mean() > found["software"] - 1.0, name
        assert found["unaware"].mean() > found["software"] - 1.5, name


def test_a_network_of_two_layers_gives_what_ngspice_gives(chain_in_ngspice: Any) -> None:
    """Weights of the second bias are 0, so that tiles without it, one behind the other in ngspice, are the same."""
    solved, simulated = chain_in_ngspice
    assert solved == pytest.approx(simulated, abs=10e-9, rel=0)
    assert simulated.min() > 3e-7


@pytest.fixture
def chain_in_ngspice() -> tuple[np.ndarray, np.ndarray]:
    """Pulses out of the last tile (outputs,) s, by the dies as designed and by ngspice."""
    from analoom.cells.model.registry import build
    from analoom.flows.bench.device_under_test import make_dut
    from analoom.flows.systems.pwm_tile.chain import Chain
    from analoom.pdk.corners import corner

    first, second = np.array([[7, 4], [3, -2], [-1, 2]]), np.array([[5, 1], [-3, 2]])
    spec = PwmNetworkSpec(dims=(2, 2, 2), c_int=(2.4e-12,))
    pulses = np.array([[800e-9, 400e-9]])
    own = PwmNetworkDies(spec).pulses([first, np.vstack([second, [[0, 0]]])], pulses)[0, 0]
    cells = [build("pwm_tile", rows=3, cols=2), build("pwm_tile", rows=2, cols=2, pulse_bits=9)]
    duts = tuple(make_dut(cell, "schematic", corner("tt"), 27.0, None) for cell in cells)
    chain = Chain((duts[0].cell.spec, duts[1].cell.spec), (first, second))  # type: ignore[arg-type]
    whole = np.hstack([pulses, [[spec.longest_s]]])
    return own, chain.in_ngspice((duts[0], duts[1]), whole)[1][0]


def test_what_is_measured_of_a_column_spreads_as_its_ramp_and_comparator_do() -> None:
    """A gain by the ramp's units, an offset by the comparator's over the ramp's current and the longest pulse."""
    spec = PwmNetworkSpec(dims=(8, 40), c_int=(2.4e-12,), ramp_units=(16,))
    dies = PwmNetworkDies(spec, "continuous", 4, 3, sources=("ramp", "comparator"))
    found, one = measure(dies), measure(PwmNetworkDies(spec))
    deviations, tile = dies.tiles[0].deviations, spec.layers[0]
    assert np.std(found.gain[0] / one.gain[0]) == pytest.approx(deviations.unit / 4, rel=0.25)
    expected = deviations.offset_v * tile.drawn_c_int_f / (16 * 20e-9) / spec.longest_s
    assert np.std(found.offset[0] - one.offset[0]) == pytest.approx(expected, rel=0.25)
    assert set(SOURCES) > {"ramp", "comparator"}
    assert replace(dies, sources=()).pulses([np.ones((9, 40), int)], np.full((1, 8), 1e-7)).std(axis=0).max() == 0
