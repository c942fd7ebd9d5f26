"""Times the flows on crossbars of growing size and writes `out/bench/bench.json`: seconds and peak memory of each."""

from __future__ import annotations

import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

SIZES = ((16, 16), (64, 64), (256, 256), (512, 2048), (1024, 2048))


def _measured(work: Callable[[Path], Any]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        work(Path(folder))
        seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 3), "peak_mb": round(peak_mb, 1)}


def build_crossbar(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.registry import build

    return _measured(lambda folder: build("crossbar", {"rows": rows, "cols": cols}).write(folder / "c.oas"))


def check_drc(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.registry import build
    from analoom.flows.drc import drc_cell

    cell = build("crossbar", {"rows": rows, "cols": cols})
    return _measured(lambda folder: drc_cell(cell, folder).require_clean())


def check_lvs(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.registry import build
    from analoom.flows.lvs import lvs_cell

    cell = build("crossbar", {"rows": rows, "cols": cols})
    return _measured(lambda folder: lvs_cell(cell, folder).require_clean())


BENCHES = {
    "build": (build_crossbar, SIZES),
    "drc": (check_drc, SIZES),
    "lvs": (check_lvs, SIZES),
}


def main() -> None:
    """Runs each measurement in a process of its own, so that peaks do not mix."""
    results: dict[str, Any] = {"python": platform.python_version(), "machine": platform.platform()}
    for name, (bench, sizes) in BENCHES.items():
        for rows, cols in sizes:
            with ProcessPoolExecutor(1) as pool:
                results[f"{name} {rows}x{cols}"] = pool.submit(bench, rows, cols).result()
            print(f"{name} {rows}x{cols}: {results[f'{name} {rows}x{cols}']}", file=sys.stderr)
    folder = Path("out/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(results, indent=2) + "\n")
    print(folder / "bench.json")


if __name__ == "__main__":
    main()
