"""What is measured of dies at their pins: it foretells what they do, that of another die does not."""

from itertools import pairwise

import numpy as np
import pytest

from analoom.flows.systems.current_network.dies import CurrentDies
from analoom.flows.systems.current_network.measured import Measured

pytestmark = pytest.mark.tools

DIMS, FULL_A, DIES = (4, 7, 3), 100e-9, 4


@pytest.fixture(scope="module", params=("continuous", "binned"))
def dies(request) -> CurrentDies:
    return CurrentDies(DIMS, 1.0, 1.0, FULL_A / 4, request.param, DIES, 3)


@pytest.fixture(scope="module")
def measured(dies) -> Measured:
    return dies.measure()


def foretold(measured, codes, x):
    """Outputs (dies, points, outputs) by the formula of `Measured`, a plain loop over layers."""
    h = np.broadcast_to(x, (DIES, *x.shape))
    for layer, of_layer in enumerate(codes):
        h = np.concatenate([np.maximum(h, 0) if layer else h, np.full((DIES, len(x), 1), FULL_A)], axis=2)
        signed = np.where(of_layer > 0, 1.0, measured.neg_over_pos[layer][:, :, None])
        h = h @ (of_layer / 4 * measured.slopes[layer][:, :, None] * signed)
    return h * measured.output_gain[:, None]


def error(dies, measured):
    """Of the foretold currents of 20 random networks, by the spread of the real ones."""
    rng, off, real = np.random.default_rng(8), [], []
    for _ in range(20):
        codes = [np.rint(rng.normal(0, 3, (n + 1, m))).clip(-7, 7).astype(int) for n, m in pairwise(DIMS)]
        x = rng.uniform(0, FULL_A, (5, DIMS[0]))
        real.append(dies.currents(codes, x))
        off.append(foretold(measured, codes, x) - real[-1])
    return float(np.std(off) / np.std(real))


def of_another(measured):
    return Measured(
        *([np.roll(a, 1, axis=0) for a in part] for part in (measured.slopes, measured.neg_over_pos)),
        measured.output_gain,
    )


def test_it_foretells_its_own_die_and_no_other(dies, measured):
    """What is left, some 13 %, are the synapses' own errors (10 to 17 % a unit) and the slope's fall with current."""
    own, other = error(dies, measured), error(dies, of_another(measured))
    assert own < 0.2
    assert other > 1.7 * own


def test_slopes_are_those_of_the_circuit(measured):
    """SPICE of the same units gives 1.07 to 1.19 by a full current and a tenth of it; sigmas are 9 to 13 % a soma."""
    for layer, inputs in enumerate(DIMS[:-1]):
        assert measured.slopes[layer].shape == measured.neg_over_pos[layer].shape == (DIES, inputs + 1)
        assert measured.slopes[layer].mean() == pytest.approx(1.12, rel=0.12)
        assert measured.neg_over_pos[layer].mean() == pytest.approx(1.0, abs=0.12)
    assert (measured.output_gain == 1).all()


def test_it_is_written_and_read(measured):
    again = Measured.from_json(measured.to_json())
    for name in ("slopes", "neg_over_pos", "output_gain"):
        assert all(np.array_equal(a, b) for a, b in zip(getattr(again, name), getattr(measured, name), strict=True))
