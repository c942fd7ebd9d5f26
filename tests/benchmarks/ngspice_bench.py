"""What ngspice costs here: subcircuits against flat lines, memory over 1,000 runs by either way, a raw file of 100 MB.

    python tests/benchmarks/ngspice_bench.py [flat] [growth] [raw]

All three by default; one JSON line a figure, also in `out/bench/ngspice.jsonl`. Memory is the resident set now, not its
peak; stray files are those new in the working and the temporary folder afterwards.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import BACKEND_VARIABLE, BACKENDS, circuit, deck
from analoom.flows.simulator.raw_file import read_raw
from analoom.flows.systems.synapse.read_map import quiet_line_sources
from analoom.generators.crossbar.matrix import CrossbarMap, crossbar_map
from analoom.pdk.corners import corner

Figures = dict[str, object]
RUNS = {"library": (1, 100, 1000), "application": (1, 100, 1000)}
RAW_MB, LADDER = 100, 1000


def flat() -> Iterator[Figures]:
    """A crossbar of ideal lines, weights held: operating point, and 20 ns after the inputs rise (to 16 x 16)."""
    for n in (8, 16, 32):
        cell = build("crossbar", {"rows": n, "cols": n, "synapse": "synapse_2t1c"})
        dut, array = make_dut(cell, "schematic", corner("tt"), 27.0), crossbar_map(cell)
        forms: dict[str, Callable[[], str]] = {
            "subcircuits": lambda dut=dut: with_variants(dut.text),
            "flat": lambda dut=dut, cell=cell: (
                f"{flat_parameters(sizes_of(cell.circuit))}\n{with_flat_lines(dut.text)}"
            ),
            "flat, no bulk": lambda dut=dut, cell=cell: (
                f"{flat_parameters(sizes_of(cell.circuit))}\n{with_flat_lines(dut.text, bulk=False)}"
            ),
        }
        runs = {name: _timed(dut, array, form(), transient=n <= 16) for name, form in forms.items()}
        reference = runs["subcircuits"][0]
        for name, (currents, seconds) in runs.items():
            off = float(np.abs(currents / reference - 1).max())
            yield {"flat": f"{n}x{n}", "form": name, **seconds, "largest_relative_difference": off}


def _timed(dut: Dut, array: CrossbarMap, cell: str, transient: bool) -> tuple[np.ndarray, dict[str, float]]:
    text = deck("bench", f'.include "{dut.library}"', cell, dut.instance(), *_bench(dut, array))
    start = time.perf_counter()
    with circuit(text) as loaded:
        marks = [start, time.perf_counter()]
        op = loaded.op()
        marks.append(time.perf_counter())
        if transient:
            loaded.run("tran 0.1n 20n")
            marks.append(time.perf_counter())
    seconds = dict(zip(("load_s", "op_s", "tran_s"), np.round(np.diff(marks), 4).tolist(), strict=False))
    return np.array([op[f"v_col{j}#branch"] for j in range(array.shape[1])]), seconds


def _bench(dut: Dut, array: CrossbarMap) -> list[str]:
    rows, cols = array.shape
    stored = np.random.default_rng(1).uniform(0.7, 1.0, array.shape)
    lines = quiet_line_sources(dut, array.reading)
    lines += [f"v_row{i} row{i} 0 dc 0.05 pulse(0 0.05 1n 1n 1n 1 2)" for i in range(rows)]
    lines += [f"vw_{i}_{j} {dut.inner(array.nodes[i, j])} 0 {stored[i, j]}" for i, j in np.ndindex(rows, cols)]
    return lines + [f".save v_col{j}#branch" for j in range(cols)]


def growth() -> Iterator[Figures]:
    """One process, circuits of a synapse with its models loaded, swept and freed."""
    dut = make_dut(build("synapse_2t1c", {}), "schematic", corner("tt"), 27.0)
    text = dut.deck(*(f"v_{p} {p} 0 {0.05 if p == 'row' else 0}" for p in dut.ports), "vw xdut.sn 0 0.9")
    for backend in BACKENDS:
        os.environ[BACKEND_VARIABLE] = backend
        with tempfile.TemporaryDirectory() as here:
            yield from _growth(text, backend, Path(here))
    del os.environ[BACKEND_VARIABLE]


def _growth(text: str, backend: str, here: Path) -> Iterator[Figures]:
    before, usual = os.getcwd(), tempfile.tempdir
    os.chdir(here)
    (here / "temporary").mkdir()
    tempfile.tempdir = str(here / "temporary")
    started, done = time.perf_counter(), 0
    for runs in RUNS[backend]:
        while done < runs:
            with circuit(text) as loaded:
                loaded.run("dc vw 0.7 1 0.01")
            done += 1
        stray = len([path for path in here.rglob("*") if path != here / "temporary"])
        ms = round(1000 * (time.perf_counter() - started) / runs, 2)
        yield {"growth": backend, "runs": runs, "rss_mb": _rss_mb(), "stray_files": stray, "ms_a_run": ms}
    os.chdir(before)
    tempfile.tempdir = usual


def _rss_mb() -> float:
    """Resident memory now where the system tells it, else the largest so far."""
    status = Path("/proc/self/statm")
    if status.exists():
        return round(int(status.read_text().split()[1]) * resource.getpagesize() / 2**20, 2)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


def raw() -> Iterator[Figures]:
    """A ladder of 1,000 nodes, written by ngspice itself."""
    points = RAW_MB * 10**6 // (8 * (LADDER + 3))
    parts = [f"r{k} n{k} n{k + 1} 1k\nc{k} n{k + 1} 0 1f" for k in range(LADDER)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ladder.raw"
        with circuit(deck("ladder", "v1 n0 0 sin(0 1 1meg)", *parts, ".option interp")) as loaded:
            loaded.run(f"tran 1n {points}n 0 1n")
            loaded.command("set filetype=binary")
            loaded.command(f"write {path}")
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            plot = read_raw(path)
            seconds.append(round(time.perf_counter() - started, 4))
        megabytes = round(path.stat().st_size / 1e6, 1)
        yield {"raw_mb": megabytes, "vectors_points": plot.values.shape, "read_s": seconds}


def main() -> None:
    parts = {"flat": flat, "growth": growth, "raw": raw}
    out = Path("out/bench").resolve()
    out.mkdir(parents=True, exist_ok=True)
    with (out / "ngspice.jsonl").open("a") as stream:
        for name in sys.argv[1:] or parts:
            for figures in parts[name]():
                line = json.dumps(figures)
                print(line, flush=True)
                stream.write(line + "\n")


if __name__ == "__main__":
    main()
