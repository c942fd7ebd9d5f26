"""A tile's operations in ngspice: pulses out, the columns before they are read, and what every line gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.strip.gates import VSS
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit

from .analog import SHUNT, held_bits, without_memory
from .program import BEFORE_V, GAP_S, Program
from .weights import Ints

Array = NDArray[np.float64]
FAST = ".option method=gear reltol=1e-4 chgtol=1e-16 abstol=1e-13 gmin=1e-14"
"""Pulses are good to 0.1 ns, and it takes half the time of ten times finer charges."""
STEP_S, LONGEST_S = 1e-9, 5e-8


@dataclass(frozen=True)
class Outcome:
    """What came of a program: `pulses` (operations, cols) s; `columns` (operations, cols, 2) V at the end of the pulses
    in, positive side first; `courses` by net, (points,)."""

    program: Program
    pulses: Array
    columns: Array
    courses: Mapping[str, Array]

    def charge(self, from_s: float, to_s: float) -> Array:
        """Charge that all lines gave between two moments of each operation, (operations,) C; none is given back."""
        time = self.courses["time"]
        found = np.zeros(len(self.program.pulses))
        for name, current in self.courses.items():
            if name.startswith("v_") and name != f"v_{VSS}#branch":
                total = np.concatenate([[0.0], np.cumsum(np.diff(time) * _means(np.maximum(-current, 0.0)))])
                starts = self.program.starts()
                found += np.interp(starts + to_s, time, total) - np.interp(starts + from_s, time, total)
        return found


def run_tile(dut: Dut, program: Program, codes: Ints) -> Outcome:
    """The transient with weights of `codes` (rows, cols)."""
    return run_written(dut, program, [codes])[0]


def run_written(dut: Dut, program: Program, written: Sequence[Ints]) -> list[Outcome]:
    """The same for several sets of weights. Bulk resistances are left out: they carry what junctions leak, no more."""
    moving, vdd = without_memory(dut.transient or dut), program.settings.vdd
    held = (f"v_{name} {node} 0 {level!r}" for name, node, level in held_bits(moving, written[0], vdd))
    bench = [FAST, SHUNT, *program.sources(), *held, *columns_before(program, moving.inner), *_saved(moving, program)]
    found = []
    with circuit(moving.deck(*bench, bulk=False)) as loaded:
        for codes in written:
            for name, _, level in held_bits(moving, codes, vdd):
                loaded.set(f"v_{name}", level)
            courses = loaded.run(f"tran {STEP_S!r} {program.end_s!r} 0 {LONGEST_S!r}")
            found.append(_outcome(moving, program, courses))
    return found


def _outcome(dut: Dut, program: Program, found: Mapping[str, Array]) -> Outcome:
    pulses = np.stack([lengths(found, program, f"out{j}") for j in range(program.spec.cols)], axis=1)
    return Outcome(program, pulses, _columns(dut, found, program), found)


def columns_before(program: Program, inner: Callable[[str], str]) -> Iterator[str]:
    """The columns at the end of the operation before the first; `inner` names their nets."""
    for j in range(program.spec.cols):
        for side, below_v in (("colp", 0.0), ("coln", BEFORE_V)):
            yield f".ic v({inner(f'{side}{j}')})={program.settings.v_res - below_v!r}"


def _saved(dut: Dut, program: Program) -> Iterator[str]:
    names = [line.split()[0] for line in program.sources() if line.startswith("v_")]
    yield ".save " + " ".join(f"{name}#branch" for name in names)
    for j in range(program.spec.cols):
        yield f".save v(out{j}) " + " ".join(f"v({dut.inner(f'{side}{j}')})" for side in ("colp", "coln"))


def lengths(found: Mapping[str, Array], program: Program, net: str) -> Array:
    """How long an output is high in each operation, (operations,) s."""
    time, above = found["time"], share_above(found[net], program.settings.vdd / 2)
    total = np.concatenate([[0.0], np.cumsum(np.diff(time) * above)])
    starts = program.starts()
    return np.interp(starts + program.cycle_s, time, total) - np.interp(starts + program.ramp_s - GAP_S, time, total)


def share_above(v: Array, level: float) -> Array:
    """Of each step of time, the share in which a line through its ends is above a level, (points - 1,)."""
    low, high = np.minimum(v[:-1], v[1:]), np.maximum(v[:-1], v[1:])
    return np.clip((high - level) / np.maximum(high - low, 1e-12), 0.0, 1.0)


def _columns(dut: Dut, found: Mapping[str, Array], program: Program) -> Array:
    at = program.starts() + program.wake_s
    sides = [
        [np.interp(at, found["time"], found[dut.inner(f"{side}{j}")]) for side in ("colp", "coln")]
        for j in range(program.spec.cols)
    ]
    return np.moveaxis(np.array(sides), -1, 0)


def _means(values: Array) -> Array:
    return (values[1:] + values[:-1]) / 2
