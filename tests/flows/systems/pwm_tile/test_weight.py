"""The bench of a weight against a netlist written by hand, from the installed models' own subcircuits."""

from functools import cache

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.netlists.model_variants import Size, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulate import simulate
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools

UNIT, SWITCH = "w=1.0 l=4.0 nf=1", "w=0.42 l=0.15 nf=1"
N = "sky130_fd_pr__nfet_01v8"


@cache
def bench():
    return simulate(build("pwm_cell"))


def by_hand(units, cascode_v=0.95):
    """Current of `units` in one branch, behind a bit switch, a pulse switch and a sign switch, by a mirror's gate."""
    library = trimmed_library((Size(N, 1.0, 4.0, 1), Size(N, 0.42, 0.15, 1)), corner("tt"))
    lines = [
        "* a weight by hand",
        f'.include "{library}"',
        ".option gmin=1e-15",
        "vh high 0 1.8",
        f"vp p 0 {cascode_v}",
        "vc col 0 1.3",
        "ib 0 g 20n",
        with_variants(f"Xr g g 0 0 {N} {UNIT} m=1 mult=1"),
        with_variants(f"Xu d g 0 0 {N} {UNIT} m={units} mult={units}"),
        with_variants(f"Xb d high x 0 {N} {SWITCH} m=1 mult=1"),
        with_variants(f"Xp y p x 0 {N} {SWITCH} m=1 mult=1"),
        with_variants(f"Xs col high y 0 {N} {SWITCH} m=1 mult=1"),
        ".end",
    ]
    with circuit("\n".join([*lines, ""])) as loaded:
        return -loaded.op()["vc#branch"]


def test_codes_are_the_currents_of_a_netlist_by_hand():
    """Code 4 is one branch of four units; with a cascode 0.1 V lower it would not be."""
    curve = bench().curves["levels"]
    code_4 = float(np.interp(4, curve.x, curve.y))
    assert code_4 == pytest.approx(by_hand(4), rel=1e-3, abs=0)
    assert code_4 != pytest.approx(by_hand(4, cascode_v=0.75), rel=1e-3, abs=0)


def test_a_weight_is_straight_and_its_signs_are_alike():
    found = {name: metric.value for name, metric in bench().metrics.items()}
    assert found["inl_weight"] < 0.05 and found["dnl_weight"] < 0.05
    assert found["neg_over_pos"] == pytest.approx(1, abs=1e-6)
    assert -0.005 < found["level_fall"] < 0
    assert found["leakage"] < 1e-12
