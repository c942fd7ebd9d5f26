"""The cycles of a charge-domain multiplier in ngspice: sums, pedestals, settling, energy, capacitance and leakage.

Weights are stored in the latches from the start, and judged to be there at the end. Energy counts every coulomb that
a line takes up as drawn from the supply, and none given back: inputs, common mode, reset, sampling, the supply itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.strip.gates import VSS
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve
from analoom.flows.simulator.ngspice import Loaded, circuit

from .cycle import ACCURATE, EDGE_S, GAP_S, Settings, Timed, drive, input_vectors, loads, source, still
from .sums import Sums, ideal_sums
from .weights import nodesets, require_held, spec_of

Values = NDArray[np.float64]

_STEP_S, _LONGEST_S = 5e-11, 5e-10
_JUST_S = EDGE_S
"""How long before an edge a level is read."""
_HZ = 1e4
"""So low that the switches of the plates, which conduct least at vcm, do not show."""


@dataclass(frozen=True)
class Cycles:
    """What the cycles of a transient hold; levels (cycles, outputs) are V above vcm.

    `let_go`: after the reset opened; `settled`: before the sample; `held`: at the end of the hold. `charge` (C) is what
    each line took up in all cycles together.
    """

    vectors: Values
    let_go: Values
    settled: Values
    held: Values
    settling_s: float
    charge: Mapping[str, float]
    wave: Curve | None
    times: Timed

    @property
    def count(self) -> int:
        return len(self.vectors)


def run_cycles(dut: Dut, settings: Timed, weights: Values, vectors: Values | None = None) -> Cycles:
    """The transient over `vectors` (cycles, inputs), by default `input_vectors`. Raises ToolError for lost bits.

    The bulk resistances are left out: on 4 inputs of 4 bits they move no sum by more than 0.1 uV.
    """
    spec = spec_of(dut.cell)
    vectors = input_vectors(weights, settings.levels) if vectors is None else vectors
    bench = [*still(settings), *drive(settings, vectors), *loads(settings, spec.outputs), ACCURATE]
    moving = dut.transient or dut
    with circuit(moving.deck(*bench, *nodesets(moving, weights, settings.vdd), bulk=False)) as loaded:
        found = loaded.run(f"tran {_STEP_S} {len(vectors) * settings.cycle_s} 0 {_LONGEST_S}")
    require_held(moving, weights, found, settings.vdd)
    at = _levels(found, settings, spec.outputs, len(vectors))
    half_lsb_v = settings.swing / (2 * spec.inputs * spec.largest)
    return Cycles(
        vectors=vectors,
        let_go=at(settings.step_s - _JUST_S),
        settled=at(settings.sample_s - _JUST_S),
        held=at(settings.back_s - _JUST_S),
        settling_s=_settling(found, settings, spec.outputs, half_lsb_v),
        charge=charges(found),
        wave=Curve(found["time"], found["out0"], "time (s)", "V_out0 (V)"),
        times=settings,
    )


def sums_of(cycles: Cycles, settings: Settings, weights: Values, largest: int) -> Sums:
    """The held sums of the cycles beside the ideal ones."""
    lsb_frac = 1 / (largest * weights.shape[1])
    return Sums(ideal_sums(weights, cycles.vectors, largest, settings.swing), cycles.held, settings.swing, lsb_frac)


@dataclass(frozen=True)
class Node:
    """An output's node as small signals see it: with its sampling switch closed and open, F and A."""

    whole_f: float
    held_f: float
    whole_leak_a: float
    held_leak_a: float


def node_of(dut: Dut, settings: Settings, weights: Values) -> Node:
    """Capacitance and leakage of output 0 after the reset, the inputs at vcm."""
    quiet = [source(f"{net}{i}", settings.vcm) for i in range(weights.shape[1]) for net in ("x", "xb")]
    bench = [*still(settings), *quiet, *loads(settings, weights.shape[0]), *nodesets(dut, weights, settings.vdd)]
    return seen_node(dut, settings, bench, "out0")


def seen_node(dut: Dut, settings: Settings, bench: Sequence[str], out: str) -> Node:
    """Capacitance and leakage at `out`, reset open; leakage at the worse of both ends of its range.

    `bench` drives all but the switches and `out`.
    """
    lines = {"rst": 0.0, "rstb": settings.vdd, "smp": settings.vdd, "smpb": 0.0}
    switches = [source(net, level) for net, level in lines.items()]
    forced = f"v_forced {out} 0 dc {settings.vcm!r} ac 1"
    with circuit(dut.deck(*bench, *switches, forced, bulk=False)) as loaded:
        whole = _seen(loaded, settings)
        loaded.set("v_smp", 0.0)
        loaded.set("v_smpb", settings.vdd)
        held = _seen(loaded, settings)
    return Node(whole[0], held[0], whole[1], held[1])


def _seen(loaded: Loaded, settings: Settings) -> tuple[float, float]:
    """Capacitance (F) and the larger leakage (A) into the forced node."""
    farad = abs(complex(loaded.run(f"ac lin 1 {_HZ} {_HZ}")["v_forced#branch"][0]).imag) / (2 * np.pi * _HZ)
    leaks = []
    for level in (settings.vcm + settings.swing, settings.vcm - settings.swing):
        loaded.set("v_forced", level)
        leaks.append(abs(loaded.op()["v_forced#branch"]))
    loaded.set("v_forced", settings.vcm)
    return farad, max(leaks)


def _levels(found: Mapping[str, Values], settings: Timed, outputs: int, count: int) -> Callable[[float], Values]:
    """The outputs at a moment of each cycle, (cycles, outputs) V above vcm."""
    starts = np.arange(count) * settings.cycle_s

    def at(moment_s: float) -> Values:
        levels = [np.interp(starts + moment_s, found["time"], found[f"out{j}"]) for j in range(outputs)]
        return np.stack(levels, axis=1) - settings.vcm

    return at


def _settling(found: Mapping[str, Values], settings: Timed, outputs: int, half_lsb_v: float) -> float:
    """Time from the step of the first cycle until all outputs stay within half an LSB of where they end, s."""
    time = found["time"]
    during = (time >= settings.step_s) & (time <= settings.sample_s - GAP_S / 10)
    off = np.stack([np.abs(found[f"out{j}"][during] - found[f"out{j}"][during][-1]) for j in range(outputs)])
    late = time[during][(off > half_lsb_v).any(axis=0)]
    return float(late[-1] - settings.step_s) if late.size else 0.0


def charges(found: Mapping[str, Values]) -> dict[str, float]:
    """Charge that each driven line but the ground took up, C: the current out of its source where it is positive."""
    lines = {
        name.removeprefix("v_").removesuffix("#branch"): i for name, i in found.items() if name.endswith("#branch")
    }
    lines.pop(VSS, None)
    return {line: float(np.trapezoid(np.maximum(-i, 0.0), found["time"])) for line, i in lines.items()}
