"""Many copies of an auto-zeroed amplifier in one transient, each with its own random parameters: what its phases leave.

Copies share supplies, input and phases; each is a follower by itself. Capacitors are ideal ones of their own value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Circuit, Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import Line, in_copy
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.amplifier.auto_zero import GATE, PHASES

from .phases import ideal_caps
from .stand import BIAS, INVERTING, OUTPUT, Stand
from .zeroed import ACCURATE, AGAIN_S, STEP_S, waves

COPIES = 25
"""Amplifiers in one transient."""

Array = NDArray[np.float64]


def touching(whole: Circuit) -> list[FlatDevice]:
    """Every transistor that carries current, and the dummies on the gate, which take up charge."""
    every = [f for f in flat_devices(whole) if isinstance(f.device, Mos)]
    return [f for f in every if f.nets["d"] != f.nets["s"] or f.nets["d"] == GATE]


def at_the_gate(devices: Sequence[FlatDevice]) -> list[FlatDevice]:
    """Those whose ends are on the gate: the switch that opens there, and its dummy."""
    return [f for f in devices if GATE in (f.nets["d"], f.nets["s"])]


def zeroed_offsets(stand: Stand, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line]) -> Array:
    """Output less input of each copy after its phases, (copies,) V."""
    saved = ".save " + " ".join(f"v({OUTPUT}_{k})" for k in range(len(copies)))
    with circuit(deck("zeroed", *_netlist(stand, devices, library, copies), saved)) as loaded:
        found = loaded.run(f"tran {STEP_S!r} {AGAIN_S!r} 0 {STEP_S!r}")
    return np.array([found[f"{OUTPUT}_{k}"][-1] for k in range(len(copies))]) - stand.settings.v_cm


def _netlist(stand: Stand, devices: Sequence[FlatDevice], library: Path, copies: Sequence[Line]) -> Iterator[str]:
    s, shared = stand.settings, {"vdd", "vss", stand.input, *PHASES}
    yield from (f'.include "{library}"', ACCURATE, f".temp {TEMP_DEGC:g}")
    yield from (f"v_vdd vdd 0 {s.vdd!r}", "v_vss vss 0 0", f"v_in {stand.input} 0 {s.v_cm!r}", *waves(s.vdd))
    for k, line in enumerate(copies):
        yield f"i_bias_{k} vdd {BIAS}_{k} {s.i_bias!r}"
        yield f"c_load_{k} {OUTPUT}_{k} 0 {s.c_load!r}"
        yield from (line(in_copy(_looped(f), f.mos, shared, k)) for f in devices)
        yield from ideal_caps(stand.dut.cell.circuit, shared, k)


def _looped(flat: FlatDevice) -> FlatDevice:
    """The same with the inverting input on the output."""
    return replace(flat, nets={t: OUTPUT if net == INVERTING else net for t, net in flat.nets.items()})
