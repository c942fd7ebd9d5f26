"""Extraction of crossbars of growing size: seconds, peak memory, elements, beside Magic's own where it is new enough.

`python tests/benchmarks/pex_bench.py [SECONDS]`: how long Magic may take for one size (120 by default); once it took
longer, larger sizes are not tried. Writes `out/bench/pex.json`.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from magic_extract import extract_with_magic

SIZES = ((16, 16), (32, 32), (64, 64), (128, 128), (256, 256), (512, 512), (512, 2048))
WAYS = ("c", "rc", "rc reduced")
MAGIC_LIMIT_S = 120.0
HEADS = ("array", "by", "seconds", "CPU s", "peak MB", "capacitors", "resistors", "netlist MB")


def extract_once(rows: int, cols: int, way: str) -> dict[str, float]:
    """One extraction with its netlist written; elements are those of the whole array."""
    from analoom.cells.model.registry import build
    from analoom.flows.files.layout_source import of_cell
    from analoom.flows.pex.extract import extract
    from analoom.flows.pex.resistance.rc_result import RcOptions

    source = of_cell(build("crossbar", {"rows": rows, "cols": cols}))
    options = RcOptions(min_c_f=1e-18, up_to_hz=1e10) if way == "rc reduced" else None
    with tempfile.TemporaryDirectory() as folder:
        started, cpu = time.perf_counter(), time.process_time()
        found = extract(source, way.split()[0], "typical", Path(folder), options)
        seconds, size = time.perf_counter() - started, found.netlist.stat().st_size
    return {
        "seconds": round(seconds, 3),
        "cpu_seconds": round(time.process_time() - cpu, 3),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "capacitors": found.capacitors,
        "resistors": found.resistors,
        "netlist_mb": round(size / 1e6, 2),
    }


def in_own_process(rows: int, cols: int, way: str) -> dict[str, float]:
    """So that peaks of memory do not mix."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(extract_once, rows, cols, way).result()


def magic(limit_s: float) -> dict[str, dict[str, Any]]:
    """Magic's extraction by size, until one is not done within `limit_s`."""
    found: dict[str, dict[str, Any]] = {}
    stopped = ""
    for rows, cols in SIZES:
        name = f"{rows}x{cols}"
        found[name] = {"not_run": stopped} if stopped else extract_with_magic(rows, cols, limit_s)
        if "not_run" in found[name]:
            stopped = found[name]["not_run"]
        say(name, "magic", found[name])
    return found


def say(name: str, way: str, row: Mapping[str, Any]) -> None:
    """One line of the table."""
    if "not_run" in row:
        print(f"{name:>10} {way:>12}  not run: {row['not_run']}")
        return
    values = [
        row["seconds"],
        row.get("cpu_seconds", "-"),
        row["peak_mb"],
        row.get("capacitors", row.get("capacitor_lines", "-")),
    ]
    values += [row.get("resistors", "-"), row.get("netlist_mb", "-")]
    print(f"{name:>10} {way:>12} " + " ".join(f"{value!s:>12}" for value in values))


def main() -> None:
    """The table on stdout, and the same as JSON."""
    limit_s = float(sys.argv[1]) if len(sys.argv) > 1 else MAGIC_LIMIT_S
    print(f"{HEADS[0]:>10} {HEADS[1]:>12} " + " ".join(f"{head:>12}" for head in HEADS[2:]))
    results: dict[str, Any] = {}
    for rows, cols in SIZES:
        for way in WAYS:
            results[f"{rows}x{cols} {way}"] = row = in_own_process(rows, cols, way)
            say(f"{rows}x{cols}", way, row)
    results["magic"] = magic(limit_s)
    folder = Path("out/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pex.json").write_text(json.dumps(results, indent=2) + "\n")
    print(folder / "pex.json")


if __name__ == "__main__":
    main()
