"""Many copies of an amplifier in one netlist, each with its own random parameters: the offset of each.

Copies share supplies, input and reference; each has its bias and holds its own output: a follower by itself, an
amplifier by a source of gain SERVE between output and inverting input, so that a finite gain takes nothing off. They
start where one of them rests: 50 op-amps are then solved in .3 s, without it in 7 s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, drawing, in_copy
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC

from .stand import BIAS, INVERTING, OUTPUT, TIGHT, Stand

COPIES = 50
"""Amplifiers in one netlist, of some 10 transistors each."""
SERVE = 100.0

Array = NDArray[np.float64]


def resting(stand: Stand, devices: Sequence[FlatDevice], library: Path) -> dict[str, float]:
    """Where the nets of one copy of the transistors `devices` rest, V, by name."""
    with circuit(_netlist(stand, devices, library, [drawing], {})) as loaded:
        return {net.removesuffix("_0"): v for net, v in loaded.op().items() if net.endswith("_0")}


def offsets(
    stand: Stand, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line], start: Mapping[str, float]
) -> Array:
    """The offset of each copy of the transistors `devices`, (copies,) V, found from `start`.

    For direct current, so capacitors are left out.
    """
    with circuit(_netlist(stand, devices, library, copies, start)) as loaded:
        op = loaded.op()
    out = np.array([op[f"{OUTPUT}_{k}"] for k in range(len(copies))])
    return (out - stand.settings.v_cm) * (SERVE if _open(stand) else 1.0)


def _open(stand: Stand) -> bool:
    """Whether the loop is left to the bench."""
    return INVERTING in stand.dut.ports


def _netlist(
    stand: Stand, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line], start: Mapping[str, float]
) -> str:
    s, shared = stand.settings, {"vdd", "vss", stand.input}
    lines = [f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"v_in {stand.input} 0 {s.v_cm!r}"]
    for k, line in enumerate(copies):
        lines.append(f"i_bias_{k} vdd {BIAS}_{k} {s.i_bias!r}")
        lines += [f"r_load_{k} {OUTPUT}_{k} {stand.input} {s.r_load!r}"] if s.r_load else []
        if _open(stand):
            lines.append(f"e_{k} {INVERTING}_{k} {stand.input} {OUTPUT}_{k} {stand.input} {SERVE!r}")
        lines += [line(in_copy(f, f.device, shared, k)) for f in devices if isinstance(f.device, Mos)]
        lines += [f".nodeset v({net}_{k})={volt!r}" for net, volt in start.items()]
    return deck("amplifiers", f'.include "{library}"\n{TIGHT}\n.temp {TEMP_DEGC:g}', *lines)
