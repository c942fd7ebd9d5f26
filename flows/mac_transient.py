"""The cycles of a charge-domain multiplier in ngspice: sums, pedestals, settling, energy, capacitance and leakage.

Weights are stored in the latches from the start, and judged to be there at the end. Energy counts every coulomb that
a line takes up as drawn from the supply, and none given back: inputs, common mode, reset, sampling and the supply itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .dut import Dut
from .mac_cycle import EDGE_S, GAP_S, Settings, drive, input_vectors, loads, source, still
from .mac_sums import Sums, ideal_sums
from .mac_weights import nodesets, require_held, spec_of
from .measured import Curve
from .ngspice import circuit

Values = NDArray[np.float64]

_STEP_S, _LONGEST_S = 5e-11, 5e-10
_JUST_S = EDGE_S
"""How long before an edge a level is read."""
_HZ = 1e6


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
    wave: Curve

    @property
    def count(self) -> int:
        return len(self.vectors)


def run_cycles(dut: Dut, settings: Settings, weights: Values, vectors: Values | None = None) -> Cycles:
    """The transient over `vectors` (cycles, inputs), by default `input_vectors`. Raises ToolError for lost bits.

    The bulk resistances are left out: on 4 inputs of 4 bits they move no sum by more than 0.1 uV.
    """
    spec = spec_of(dut.cell)
    vectors = input_vectors(weights, settings.levels) if vectors is None else vectors
    bench = [*still(settings), *drive(settings, vectors), *loads(settings, spec.outputs)]
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
        charge=_charges(found),
        wave=Curve(found["time"], found["out0"], "time (s)", "V_out0 (V)"),
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
    """Capacitance and leakage of output 0 after the reset; leakage at the worse of both ends of its range."""
    first = "v_out0 out0 0 dc {} ac 1"
    quiet = [source(f"{net}{i}", settings.vcm) for i in range(weights.shape[1]) for net in ("x", "xb")]
    lines = {"rst": 0.0, "rstb": settings.vdd, "smp": settings.vdd, "smpb": 0.0}
    bench = [*still(settings), *quiet, *(source(n, v) for n, v in lines.items()), first.format(settings.vcm)]
    bench += loads(settings, weights.shape[0])
    with circuit(dut.deck(*bench, *nodesets(dut, weights, settings.vdd), bulk=False)) as loaded:

        def seen() -> tuple[float, float]:
            farad = abs(complex(loaded.run(f"ac lin 1 {_HZ} {_HZ}")["v_out0#branch"][0]).imag) / (2 * np.pi * _HZ)
            leaks = []
            for level in (settings.vcm + settings.swing, settings.vcm - settings.swing):
                loaded.set("v_out0", level)
                leaks.append(abs(loaded.op()["v_out0#branch"]))
            loaded.set("v_out0", settings.vcm)
            return farad, max(leaks)

        whole = seen()
        loaded.set("v_smp", 0.0)
        loaded.set("v_smpb", settings.vdd)
        held = seen()
    return Node(whole[0], held[0], whole[1], held[1])


def _levels(found: Mapping[str, Values], settings: Settings, outputs: int, count: int):  # noqa: ANN202
    starts = np.arange(count) * settings.cycle_s

    def at(moment_s: float) -> Values:
        levels = [np.interp(starts + moment_s, found["time"], found[f"out{j}"]) for j in range(outputs)]
        return np.stack(levels, axis=1) - settings.vcm

    return at


def _settling(found: Mapping[str, Values], settings: Settings, outputs: int, half_lsb_v: float) -> float:
    """Time from the step of the first cycle until all outputs stay within half an LSB of where they end, s."""
    time = found["time"]
    during = (time >= settings.step_s) & (time <= settings.sample_s - GAP_S / 10)
    off = np.stack([np.abs(found[f"out{j}"][during] - found[f"out{j}"][during][-1]) for j in range(outputs)])
    late = time[during][(off > half_lsb_v).any(axis=0)]
    return float(late[-1] - settings.step_s) if late.size else 0.0


def _charges(found: Mapping[str, Values]) -> dict[str, float]:
    """Charge that each driven line took up, C: the current out of its source where it is positive."""
    lines = [name for name in found if name.endswith("#branch")]
    out = {}
    for name in lines:
        out[name.removeprefix("v_").removesuffix("#branch")] = float(
            np.trapezoid(np.maximum(-found[name], 0.0), found["time"])
        )
    return out
