"""The testbench of an array: two rows are written and read through its own drivers, and all others are watched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.array.block_tree import units_below
from analoom.generators.memory.block import bit_net
from analoom.generators.memory.latch_array import register_order
from analoom.generators.memory.spec import LatchArraySpec
from analoom.pdk.errors import InputError

from .program import Program, Window
from .settings import EDGE_S, QUICK, Settings
from .static import LEAK_GMIN_S
from .waves import given_j, reaches

Array = NDArray[np.float64]
Traces = Mapping[str, Array]


MOST_ROUNDING = 0.01
"""Largest current of a line of gates, by all that leaks, with which a leakage is told."""
HIDDEN = "leakage: not told, the operating point's rounding is more than a hundredth of it"


class ArraySettings(Settings):
    """Of an array."""


def measure(dut: Dut, settings: ArraySettings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Metrics of a write and a read of two rows, all bits 0 before; the glossary says what each is."""
    program = Program(spec_of(dut), settings)
    found = _run((dut.transient or dut), program)
    metrics = {
        "wrong_bits": Metric(float(sum(_wrong(found, program))), "bit"),
        "write_time": Metric(max(_write_s(found, program, write) for write in program.writes), "s"),
        "write_energy": Metric(_mean_j(found, program.writes), "J"),
        "read_time": Metric(max(_read_s(found, program, read) for read in program.reads), "s"),
        "read_energy": Metric(_mean_j(found, program.reads), "J"),
        "held_step": Metric(max(_held_steps(found, program)), "V"),
    }
    leak_a, notes = _leakage(dut, program), tuple[str, ...]()
    if leak_a is None:
        notes = (HIDDEN,)
    else:
        metrics["leakage"] = Metric(leak_a, "A")
    if program.spec.drivers:
        shifting = sum(given_j(found, *window) for window in program.shifts)
        metrics["shift_energy"] = Metric(shifting / (2 * program.spec.cols), "J")
    return Measured(metrics, _curves(found, program), notes=notes)


def spec_of(dut: Dut) -> LatchArraySpec:
    """The array's spec. Raises InputError for a cell that is none."""
    if not isinstance(dut.cell.spec, LatchArraySpec):
        raise InputError(f"{dut.name} is no array of latches", field="name", remedy="analoom sim latch_array")
    return dut.cell.spec


def _run(dut: Dut, program: Program) -> dict[str, Array]:
    step = program.settings.t_phase / 20
    bench = [*program.sources(), _at_start(_empty(dut, program)), *_saved(program), QUICK]
    with circuit(dut.deck(*bench, bulk=False)) as loaded:
        return loaded.run(f"tran {step / 10!r} {program.end_s!r} 0 {step!r}")


def _empty(dut: Dut, program: Program) -> dict[str, float]:
    """Levels (V) of nodes with every bit 0, in the latches and in the register, none of them between its states."""
    spec, v, levels = program.spec, program.settings.vdd, dict[str, float]()
    for _, leaf, nets in units_below(dut.cell, {port: port for port in dut.ports}):
        if leaf.kind == "latch":
            levels |= {_name(dut, nets["q"]): 0.0, _name(dut, nets["qb"]): v}
    for k, col in enumerate(register_order(spec) if spec.drivers else (), 1):
        levels["dout" if k == spec.cols else dut.inner(f"c{k}")] = 0.0
        levels |= {dut.inner(f"column{col}.{net}"): v * high for net, high in (("m", 0), ("mb", 1), ("s", 1))}
    return levels


def _at_start(levels: Mapping[str, float]) -> str:
    return ".ic " + " ".join(f"v({net})={level!r}" for net, level in levels.items())


def _name(dut: Dut, net: str) -> str:
    return net if net in dut.ports else dut.inner(net)


def _saved(program: Program) -> Iterator[str]:
    """The bits, the bit lines, and voltage and current of every source."""
    spec = program.spec
    for col in range(spec.cols):
        yield f".save bl{col} blb{col} " + " ".join(bit_net("q", row, col) for row in range(spec.rows))
    for line in program.sources():
        if line.startswith("v_"):
            name, net, *_ = line.split()
            yield f".save {net} {name}#branch"


def _bits(program: Program, window: Window) -> Iterator[tuple[int, str, int]]:
    """(column, net of the bit, what it is to be) of a row."""
    for col, bit in enumerate(window.bits):
        yield col, bit_net("q", window.row, col), bit


def _wrong(found: Traces, program: Program) -> Iterator[bool]:
    """Whether a bit is not what it should be after its write, at the end, or by its read."""
    t, half = found["time"], program.settings.vdd / 2
    for write in program.writes:
        for _, net, bit in _bits(program, write):
            yield (np.interp(write.end_s, t, found[net]) > half) != bool(bit)
    for read in program.reads:
        for col, net, bit in _bits(program, read):
            apart = np.interp(read.off_s, t, found[f"bl{col}"] - found[f"blb{col}"])
            yield (apart > 0) != bool(bit) or (found[net][-1] > half) != bool(bit)


def _write_s(found: Traces, program: Program, write: Window) -> float:
    """From the middle of the address' rise until the slowest bit is written."""
    part = _until(found, write.end_s)
    at, half = write.on_s + EDGE_S / 2, program.settings.vdd / 2
    return max(reaches(part, net, half, at, rising=bool(bit)) for _, net, bit in _bits(program, write))


def _read_s(found: Traces, program: Program, read: Window) -> float:
    """From the middle of the address' rise until the slowest bit line is down by half."""
    part = _until(found, read.off_s)
    lines = [f"{'blb' if bit else 'bl'}{col}" for col, _, bit in _bits(program, read)]
    at, half = read.on_s + EDGE_S / 2, program.settings.vdd / 2
    return max(reaches(part, line, half, at, rising=False) for line in lines)


def _until(found: Traces, end_s: float) -> dict[str, Array]:
    early = found["time"] <= end_s
    return {name: values[early] for name, values in found.items()}


def _mean_j(found: Traces, windows: list[Window]) -> float:
    """Energy of a window, precharge after it included, nothing recovered."""
    after = windows[0].end_s - windows[0].off_s
    return sum(given_j(found, w.start_s, w.end_s + after / 2) for w in windows) / len(windows)


def _held_steps(found: Traces, program: Program) -> Iterator[float]:
    """The most that each bit leaves its rail while its own row is not chosen."""
    spec, t = program.spec, found["time"]
    for row in range(spec.rows):
        still = np.ones_like(t, dtype=bool)
        for window in (*program.writes, *program.reads):
            if window.row == row:
                still &= (t < window.on_s) | (t > window.end_s)
        for col in range(spec.cols):
            high = found[bit_net("q", row, col)][still]
            yield float(np.minimum(np.abs(high), np.abs(program.settings.vdd - high)).max())


def _leakage(dut: Dut, program: Program) -> float | None:
    """The current that all sources together give before anything is written; None where its rounding hides it.

    It is that of the circuit without its wires, on whose resistance it drops nanovolts. The low nodes are held low,
    where they are to a nanovolt: left to itself the solution may lie between the states. What it says of lines that
    lead to gates alone is rounding.
    """
    if dut.view == "post":
        dut = make_dut(dut.cell, "schematic", dut.corner, dut.temp_degc)
    levels = _empty(dut, program)
    held = [f"v_held{k} {net} 0 0" for k, net in enumerate(net for net, level in levels.items() if level == 0)]
    lines = [*program.sources(), *held, _at_start(levels).replace(".ic", ".nodeset")]
    with circuit(dut.deck(*lines, f".option gmin={LEAK_GMIN_S!r} abstol=1e-18", bulk=False)) as loaded:
        op = {name: i for name, i in loaded.op().items() if name.endswith("#branch")}
    total = sum(max(0.0, -current) for current in op.values())
    rounding = max(abs(i) for name, i in op.items() if name.startswith(("v_ck", "v_we", "v_pcb", "v_a", "v_wl")))
    return total if rounding < MOST_ROUNDING * total else None


def _curves(found: Traces, program: Program) -> dict[str, Curve]:
    first, last = program.rows
    nets = (bit_net("q", first, 0), bit_net("q", last, 0), "bl0")
    return {net: Curve(found["time"], found[net], "t (s)", f"{net} (V)") for net in dict.fromkeys(nets)}
