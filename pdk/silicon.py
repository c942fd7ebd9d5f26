"""Measured mismatch of SKY130 transistors, for comparison only: no flow computes with these numbers.

Extracted from the public measurements in github.com/google/skywater-pdk-sky130-raw-data (modules "fet mismatch": pairs
on adjacent pads of one die; V_T at 1 uA W/L, V_ds 0.1 V). The sample is tiny, a sanity check and no more: the 95 %
interval of a sigma from 4 pairs spans a factor of 5.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MeasuredPairs:
    """Root mean square of pair differences of V_T times sqrt(W L), V um, over `pairs` pairs of one flavour."""

    device: str
    pair_v_um: float
    pairs: int


@dataclass(frozen=True)
class MeasuredDevices:
    """Standard deviation of V_T of single devices (V) of one size, with its chi-squared 95 % interval."""

    device: str
    w_um: float
    l_um: float
    sigma_v: float
    ci95_v: tuple[float, float]
    devices: int


PAIRS = (
    MeasuredPairs("nfet_01v8", 2.1e-3, 4),
    MeasuredPairs("nfet_01v8_lvt", 3.9e-3, 8),
    MeasuredPairs("pfet_01v8", 5.4e-3, 4),
    MeasuredPairs("pfet_01v8_hvt", 2.9e-3, 4),
)
DEVICES = (MeasuredDevices("nfet_01v8", 0.42, 0.15, 9.0e-3, (5e-3, 34e-3), 4),)
