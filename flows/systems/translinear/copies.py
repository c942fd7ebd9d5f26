"""Many copies of a multiplier in one netlist, each with its own random parameters: its gain and its input offset.

Copies share supplies, code pins and one control voltage; each has its bias, its input current and its output sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, in_copy
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC

from .loop import BIAS, INPUTS, OUTPUTS, bits_of
from .sources import TranslinearBench

COPIES = 40
"""Multipliers in one netlist, of some 30 transistors each."""
TIGHT = ".option reltol=1e-5 abstol=1e-16"
"""Currents of nA, and errors of a thousandth of them. Tighter ones keep the binned models from converging."""
_CONTROL_V_PER_A = 1e6

Array = NDArray[np.float64]


def gains_and_offsets(
    bench: TranslinearBench, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line]
) -> tuple[Array, Array]:
    """Gain, and input offset i_a (A) at which the output is nothing, of each copy of the transistors `devices`,
    (copies,) each."""
    far = bench.settings.depth * bench.i_a * _CONTROL_V_PER_A
    with circuit(_netlist(bench, devices, library, copies)) as loaded:
        found = loaded.run(f"dc v_ctl {-far!r} {far * 1.25!r} {far!r}")
    swept = [found[f"v_op_{k}#branch"] - found[f"v_on_{k}#branch"] for k in range(len(copies))]
    low, zero, high = np.array(swept).T[:3]
    gain = (high - low) / (4 * far / _CONTROL_V_PER_A)
    return gain, zero / gain


def _netlist(bench: TranslinearBench, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line]) -> str:
    settings, code, cell = bench.settings, bench.settings.code, bench.dut.cell
    bits = [f"c{k}" for k in range(bits_of(cell))]
    lines = [f"v_vdd vdd 0 {settings.vdd!r}", "v_vss vss 0 0", f"v_held held 0 {bench.v_out!r}", "v_ctl ctl 0 0"]
    lines += [f"v_{net} {net} 0 {bench.level(code, k)!r}" for k, net in enumerate(bits)]
    shared = {"vdd", "vss", *bits}
    for k, line in enumerate(copies):
        lines += [f"i_b_{k} vdd {BIAS}_{k} {bench.i_a!r}"]
        lines += [f"g_x_{k} {INPUTS[0]}_{k} {INPUTS[1]}_{k} ctl 0 {1 / _CONTROL_V_PER_A!r}"]
        lines += [f"v_{p}_{k} {p}_{k} held 0\n.save v_{p}_{k}#branch" for p in OUTPUTS]
        lines += [line(in_copy(flat, flat.mos, shared, k)) for flat in devices]
    return deck("multipliers", f'.include "{library}"\n{TIGHT}\n.temp {TEMP_DEGC:g}', *lines)
