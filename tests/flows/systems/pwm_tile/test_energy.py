"""What a tile draws while it has nothing to do: comparators asleep nothing, gated units nothing."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.pwm_tile.operation import program as operation
from analoom.flows.systems.pwm_tile.operation.analog import grounded
from analoom.flows.systems.pwm_tile.operation.program import Program, TileSettings, read_s
from analoom.flows.systems.pwm_tile.operation.transient import run_tile
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.corners import corner

CODES, HALF = np.array([[7, 4], [5, -2]]), np.full((1, 2), 64e-8)
UNITS, UNIT_A = 18, 20e-9


def test_a_slower_comparator_is_read_for_longer():
    """By hand: 64 steps of 10 ns by 12 units over 8, and 15 % more; 0.1 us; 0.2 pC of 1 and of 0.5 uA."""
    for current_a, turned_s in ((1e-6, 2e-7), (5e-7, 4e-7)):
        spec = PwmTileSpec(rows=2, cols=2, comparator_current=current_a)
        expected = 1.15 * 12 * 64e-8 / 8 + 1e-7 + turned_s
        assert read_s(spec, CODES, HALF) == pytest.approx(expected, rel=1e-9, abs=0)


def test_what_couples_to_nets_at_rest_goes_to_ground():
    """By hand: `bl` has capacitors alone, `q` is held; 3 + 4 aF of `a` go to vss, 2 aF between `a` and `b` stay."""
    lines = [".subckt t a b vss", "Xm a b vss vss nfet", "Xl q b vss vss nfet"]
    lines += ["C1 a b 2e-18", "C2 a bl 3e-18", "C3 q a 4e-18", "C4 q bl 9e-18", ".ends t"]
    assert list(grounded(lines, {"q"})) == [*lines[:4], "Crest0 a vss 7e-18", ".ends t"]


def operate(**settings):
    dut = make_dut(build("pwm_tile", {"rows": 2, "cols": 2}), "schematic", corner("tt"), 27.0)
    program = Program(dut.cell.spec, TileSettings(**settings), HALF, read_s(dut.cell.spec, CODES, HALF))
    return run_tile(dut, program, CODES)


def asleep_c(outcome):
    program = outcome.program
    return float(outcome.charge(program.start_s, program.wake_s)[0])


@pytest.mark.full
@pytest.mark.tools
def test_comparators_that_sleep_draw_nothing(monkeypatch):
    """2 uA for 0.66 us are 1.3 pC: so much flowed through the gate that was off from a source that held on."""
    assert asleep_c(operate()) < 0.7e-12
    monkeypatch.setattr(operation, "saturating", lambda net, current_a: iter([f"i_{net} vdd {net} {current_a!r}"]))
    assert asleep_c(operate()) > 1.5e-12


@pytest.mark.full
@pytest.mark.tools
def test_gated_units_draw_nothing_while_columns_are_read():
    """By hand: 18 units, and 8 of each ramp until it begins."""
    plain, gated = operate(), operate(gate_units=True)
    p = plain.program
    first_s, last_s = p.wake_s + 2e-8, p.cycle_s - 1e-8
    expected = UNITS * UNIT_A * (last_s - first_s) + 2 * 8 * UNIT_A * (p.ramp_s - first_s)
    found = [dumped_c(outcome, first_s, last_s) for outcome in (plain, gated)]
    print(f"{1e12 * found[0]:.3f} pC, gated {1e12 * found[1]:.3f}; {1e12 * expected:.3f} by hand")
    assert found[0] == pytest.approx(expected, rel=0.1, abs=0)
    assert found[1] < 0.05 * expected
    assert gated.pulses == pytest.approx(plain.pulses, abs=1e-7)


def dumped_c(outcome, first_s, last_s):
    """What `vdump` gives in the first operation, C."""
    time, given = outcome.courses["time"], np.maximum(-outcome.courses["v_vdump#branch"], 0.0)
    inside = (time > first_s + outcome.program.starts()[0]) & (time < last_s + outcome.program.starts()[0])
    return float(np.trapezoid(given[inside], time[inside]))
