"""The solver of tiles of pulses: against sums by hand where currents are constant; its tables against ngspice."""

import numpy as np
import pytest
from ideal_pulse_tile import DELAY_S, LOST_C, RAMP_A, UNIT_A, Ideal

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.pwm_tile.chain import Chain
from analoom.flows.systems.pwm_tile.operation.program import USUAL, Program, read_s
from analoom.flows.systems.pwm_tile.operation.transient import run_tile
from analoom.flows.systems.pwm_tile.sizing import range_of, sized
from analoom.flows.systems.pwm_tile.solver.forward import NOMINAL, Die, forward
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.corners import corner
from analoom.pdk.errors import InputError, SpecError

CODES = np.array([[7, -3, 0], [2, 5, -7]])
PULSES = 1e-8 * np.array([[100.0, 0.0], [127.0, 64.0], [0.0, 127.0]])


def by_hand(codes, pulses):
    """A plain loop: charge of each side, less what each pulse falls short by, over the ramp's current."""
    found = np.zeros((len(pulses), codes.shape[1]))
    for n, j in np.ndindex(found.shape):
        charge = sum(
            np.sign(w) * (abs(w) * UNIT_A * t - LOST_C) for w, t in zip(codes[:, j], pulses[n], strict=True) if w and t
        )
        found[n, j] = charge / RAMP_A + DELAY_S if charge > 0 else 0.0
    return found


def test_pulses_out_are_the_sums_of_pulses_in_by_weights():
    found = Ideal(PwmTileSpec(rows=2, cols=3)).pulses(CODES, PULSES, NOMINAL)
    assert found == pytest.approx(by_hand(CODES, PULSES), rel=1e-9, abs=1e-15)
    turned = Ideal(PwmTileSpec(rows=2, cols=3)).pulses(-CODES, PULSES, NOMINAL)
    assert turned != pytest.approx(by_hand(CODES, PULSES), rel=0.1, abs=1e-9)
    assert ((found > 0) & (turned > 0)).sum() == 0, "a negative sum gives no pulse"


def test_an_offset_and_a_ramp_act_as_their_formulas_say():
    """An offset V shortens a pulse by C V / I, and a ramp that is faster by x makes it shorter by as much."""
    solver, plain = Ideal(PwmTileSpec(rows=2, cols=3)), by_hand(CODES, PULSES)[1, 0]
    f = 2.4e-12
    moved = solver.pulses(CODES, PULSES, Die(offset_v=np.full(3, 0.01)))[1, 0]
    assert plain - moved == pytest.approx(0.01 * f / RAMP_A, rel=1e-3, abs=0)
    faster = solver.pulses(CODES, PULSES, Die(ramp=np.full(3, 1.1)))[1, 0]
    assert faster - DELAY_S == pytest.approx((plain - DELAY_S) / 1.1, rel=1e-6, abs=0)


@pytest.mark.parametrize("cols", [64, pytest.param(2048, marks=pytest.mark.full)])
def test_a_tile_of_512_rows_is_solved(cols):
    rng = np.random.default_rng(1)
    codes, pulses = rng.integers(-7, 8, (512, cols)), 1e-8 * rng.integers(0, 6, (2, 512))
    found = Ideal(PwmTileSpec()).pulses(codes, pulses, NOMINAL)
    assert found.shape == (2, cols)
    assert found[:, :3] == pytest.approx(by_hand(codes[:, :3], pulses), rel=1e-9, abs=1e-15)


def test_the_range_of_data_sizes_the_capacitor():
    """By hand: 7 + 2 units at full are 9 of 14; of the third column nothing is positive."""
    found = range_of(CODES, np.ones((1, 2)))
    assert (found.side, found.output) == pytest.approx((9 / 14, 9 / 14), abs=1e-12)
    tile = sized(PwmTileSpec(rows=16, c_int=4.8e-12), 0.065)
    assert tile.c_int == pytest.approx(0.065 * 16 * 7 * 20e-9 * 1.27e-6 / 0.6, rel=0.05, abs=0)
    with pytest.raises(SpecError, match="c_int"):
        PwmTileSpec(rows=16, c_int=tile.c_int)


@pytest.mark.parametrize(
    ("weights", "pulses", "said"),
    [
        (CODES, PULSES[:, :1], r"must be \(n, 2\)"),
        (CODES, 2 * PULSES, "must be 0 to 1.27e-06 s"),
        (np.array([[8, 0, 0], [0, 0, 0]]), PULSES, r"\[0, 0\] = 8: must be an integer from -7 to 7"),
        (np.array([[0.5, 0, 0], [0, 0, 0]]), PULSES, "must be an integer"),
    ],
)
def test_wrong_weights_and_pulses_are_refused(weights, pulses, said):
    with pytest.raises(InputError, match=said) as caught:
        forward(PwmTileSpec(rows=2, cols=3), weights, pulses)
    assert caught.value.field


def test_tiles_that_do_not_fit_together_are_refused():
    with pytest.raises(InputError, match="3 columns before 2 rows"):
        Chain((PwmTileSpec(), PwmTileSpec()), (CODES, CODES))
    with pytest.raises(InputError, match="falls below"):
        Ideal(PwmTileSpec()).voltages(np.full((20, 1), 7), np.full((1, 20), 1.27e-6), NOMINAL)


def tile(**fields):
    return make_dut(build("pwm_tile", fields), "schematic", corner("tt"), 27.0)


@pytest.mark.full
@pytest.mark.tools
def test_the_solver_agrees_with_ngspice_within_nine_nanoseconds():
    """0.4 % of the full scale of two rows; without what a weight's edges and a read-out's delay do it would not."""
    dut, codes = tile(rows=2, cols=2), np.array([[7, 4], [5, -2]])
    pulses = 1e-8 * np.array([[127.0, 127.0], [64.0, 20.0], [30.0, 0.0]])
    found = run_tile(dut, Program(dut.cell.spec, USUAL, pulses, read_s(dut.cell.spec, codes, pulses)), codes).pulses
    error = (forward(dut.cell.spec, codes, pulses) - found) / (2 * 7 * 1.27e-6 / 8)
    print(f"largest error {100 * np.abs(error).max():.3f} % of full scale")
    assert np.abs(error).max() < 4e-3
    assert np.abs(pulses @ codes / 8 - found).max() / (2 * 7 * 1.27e-6 / 8) > 0.02


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize(("current", "steps"), [(1e-6, [32.0, 48.0, 72.0, 120.0]), (0.5e-6, [64.0, 88.0, 127.0])])
def test_short_ramps_make_no_pulse_in_ngspice_and_in_the_solver(current, steps):
    """Ramps of an eighth of the pulse in. Above, lengths agree within 10 ns by the usual current; by half of it a pulse
    so near to none is told 41 ns too short."""
    dut, codes, pulses = tile(rows=1, cols=1, comparator_current=current), np.array([[1]]), 1e-8 * np.array([steps]).T
    found = run_tile(dut, Program(dut.cell.spec, USUAL, pulses, read_s(dut.cell.spec, codes, pulses)), codes).pulses
    solved = forward(dut.cell.spec, codes, pulses)
    print(1e9 * found.T, 1e9 * solved.T)
    assert ((found > 0) == (solved > 0)).all() and found[1, 0] == 0 < found[2, 0]
    assert np.abs(solved - found).max() < (1e-8 if current == 1e-6 else 5e-8)


@pytest.mark.full
@pytest.mark.tools
def test_two_tiles_agree_with_ngspice_pulse_to_pulse():
    duts = tile(rows=2, cols=2), tile(rows=2, cols=2, pulse_bits=9)
    codes = np.array([[7, 4], [3, -2]]), np.array([[5, 1], [-3, 2]])
    chain, pulses = Chain(tuple(dut.cell.spec for dut in duts), codes), 1e-8 * np.array([[80.0, 40.0]])
    solved, simulated = chain.forward(pulses), chain.in_ngspice(duts, pulses)
    for one, other in zip(solved, simulated, strict=True):
        assert one == pytest.approx(other, abs=1.5e-8), "a read-out of either tile errs by up to 8 ns"
    assert simulated[1][0, 0] > 4e-7 and simulated[1][0, 1] > 0
