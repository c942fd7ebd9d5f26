"""An update against the small-signal law of its transistors, and what its null takes out."""

from functools import cache

import numpy as np
import pytest

from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.netlists.models import sizes_of
from analoom.flows.statistics.copies import shifting, two_ended
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.flows.systems.trained_crossbar.update.bench import measure_update
from analoom.flows.systems.trained_crossbar.update.mismatch import UpdateStatistics
from analoom.flows.systems.trained_crossbar.update.settings import UpdateAnalysis, UpdateSettings
from analoom.generators.trained_crossbar.column_update import ColumnUpdateSpec, column_update
from analoom.pdk.corners import corner

pytestmark = pytest.mark.tools


@cache
def cell():
    return column_update(ColumnUpdateSpec())


@pytest.mark.full
def test_charge_is_that_of_the_small_signal_law():
    """The amplifier's gain is gm over both output conductances; of its inputs' difference a pair of the multiplier
    turns gm1 gm2 / (gm1 + gm2) into a current, at the operating point. The gate's own capacitances, which divide with
    `c1` and, from gate to drain, feed back, are left out: they take a quarter."""
    settings = UpdateSettings()
    found = measure_update(make_dut(cell(), "schematic", corner("tt"), 27.0), settings)
    at = {point.name: point for point in found.devices}
    gain = at["pair.m2"].gm_s / (at["pair.m2"].gds_s + at["load.m1"].gds_s)
    upper, lower = (
        1 / (1 / at[f"product.quad_{one}"].gm_s + 1 / at[f"product.quad_{two}"].gm_s)
        for one, two in (("pp", "pn"), ("np", "nn"))
    )
    law = gain * (upper - lower) * settings.t_up / settings.row
    assert 0.6 * law < abs(found.metrics["charge_gain"].value) < law


def moved(name, shift_v, **settings):
    """Offset (V) of an update, and of one whose transistor has another threshold."""
    statistics = UpdateStatistics(cell(), settings=UpdateAnalysis(**settings))
    library = mismatch_library(sizes_of(cell().circuit), statistics.model, "given")
    (flat,) = (f for f in two_ended(cell().circuit) if f.dotted == name)
    lines = [shifting(None, {}), shifting(flat, {"delvto": shift_v})]
    return np.diff(statistics.answers(library, lines)[:, 0])[0]


def test_null_takes_out_the_pair_but_not_what_steers():
    assert abs(moved("pair.m1", 5e-3)) < 2e-6
    assert abs(moved("steer_n.m1", 20e-3)) > 4e-6
