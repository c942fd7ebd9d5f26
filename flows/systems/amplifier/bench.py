"""The benches of amplifiers and of followers, and what is told beside by formula."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.bench.operating_point import DevicePoint, device_points

from .laws import Laws, by_name
from .open_loop import open_loop
from .ranges import followed, ranges
from .settings import Settings
from .stages import stages_of
from .stand import Stand
from .step import steps
from .unity_gain import unity_gain
from .zeroed import zeroed

LAWS_OF_A_FOLLOWER = ("gm_in", "slew_law", "input_noise_law")


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Of an amplifier: in unity gain, with the loop cut, over its ranges, after a step; laws beside;
    of an auto-zeroed one what its phases leave.

    Raises InputError for a cell without an input pair.
    """
    stand = Stand(dut, settings)
    closed, cut = unity_gain(stand), open_loop(stand)
    found, curves = ranges(stand, settings)
    in_unity = closed.metrics(settings.vdd)
    moved, moving = steps(stand, settings, in_unity["bandwidth"].value)
    points = device_points(stand.moving.dut, *stand.lines())
    after, through = zeroed(stand, in_unity["offset"].value)
    metrics = {**in_unity, **cut.metrics(), **found, **moved, **laws(dut, points, settings), **after}
    return Measured(metrics, {**cut.curves(), **closed.curves(), **curves, **moving, **through}, devices=points)


def measure_follower(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Of a follower: its gain's error and the range in which it follows, and all that an amplifier has in unity gain.

    Raises InputError for a cell without an input pair.
    """
    stand = Stand(dut, settings)
    closed = unity_gain(stand)
    in_unity = closed.metrics(settings.vdd)
    in_unity["gain_error"] = Metric(float(abs(closed.gain[0]) - 1), "frac")
    found, curves = followed(stand, settings)
    moved, moving = steps(stand, settings, in_unity["bandwidth"].value)
    points = device_points(stand.moving.dut, *stand.lines())
    beside = {name: law for name, law in laws(dut, points, settings).items() if name in LAWS_OF_A_FOLLOWER}
    return Measured({**in_unity, **found, **moved, **beside}, {**closed.curves(), **curves, **moving}, devices=points)


def laws(dut: Dut, points: tuple[DevicePoint, ...], settings: Settings) -> Mapping[str, Metric]:
    """The formulas at the operating point in unity gain."""
    return Laws(stages_of(dut.cell), by_name(points), settings.c_load, dut.temp_degc).metrics()
