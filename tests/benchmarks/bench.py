"""Times the flows on crossbars of growing size and writes `out/bench/bench.json`: seconds and peak memory of each.

The rule checks of the KLayout application and of Magic run beside ours, size after size until one takes longer than
`--peers-seconds`. `--only build,drc` measures just these.
"""

from __future__ import annotations

import argparse
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

from signoff_peers import peer_check

SIZES = ((16, 16), (32, 32), (64, 64), (128, 128), (256, 512), (512, 2048), (1024, 2048))


def _measured(work: Callable[[Path], Any]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        work(Path(folder))
        seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 3), "peak_mb": round(peak_mb, 1)}


def build_crossbar(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.model.registry import build

    return _measured(lambda folder: build("crossbar", {"rows": rows, "cols": cols}).write(folder / "c.oas"))


def check_drc(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.model.registry import build
    from analoom.flows.drc.check import drc_cell

    cell = build("crossbar", {"rows": rows, "cols": cols})
    return _measured(lambda folder: drc_cell(cell, folder).require_clean())


def check_antenna(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.model.registry import build
    from analoom.flows.drc.check import drc_cell

    cell = build("crossbar", {"rows": rows, "cols": cols})
    return _measured(lambda folder: drc_cell(cell, folder, ("antenna",)).require_clean())


def check_lvs(rows: int, cols: int) -> dict[str, float]:
    from analoom.cells.model.registry import build
    from analoom.flows.lvs.check import lvs_cell

    cell = build("crossbar", {"rows": rows, "cols": cols})
    return _measured(lambda folder: lvs_cell(cell, folder).require_clean())


BENCHES = {
    "build": (build_crossbar, SIZES),
    "drc": (check_drc, SIZES),
    "antenna": (check_antenna, SIZES),
    "lvs": (check_lvs, SIZES),
}


PEERS = {"drc by klayout application": "klayout", "drc by magic": "magic"}


def main() -> None:
    """Runs each measurement in a process of its own, so that peaks do not mix."""
    asked = _asked()
    results: dict[str, Any] = {"python": platform.python_version(), "machine": platform.platform()}
    for name, (bench, sizes) in BENCHES.items():
        for rows, cols in sizes if name in asked.only else ():
            _note(results, f"{name} {rows}x{cols}", _alone(bench, rows, cols))
    for name, engine in PEERS.items():
        for rows, cols in SIZES if name in asked.only else ():
            _note(results, f"{name} {rows}x{cols}", _alone(peer_check, engine, rows, cols, asked.peers_seconds))
            if "not_run" in results[f"{name} {rows}x{cols}"]:
                break
    folder = Path("out/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(results, indent=2) + "\n")
    print(_table(results), folder / "bench.json", sep="\n")


def _asked() -> argparse.Namespace:
    names = [*BENCHES, *PEERS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers-seconds", type=float, default=20.0, help="time limit of a rule check by others")
    parser.add_argument("--only", default=",".join(names), help=f"commas between: {', '.join(names)}")
    asked = parser.parse_args()
    asked.only = asked.only.split(",")
    unknown = set(asked.only) - set(names)
    if unknown:
        parser.error(f"no measurement called {', '.join(sorted(unknown))}")
    return asked


def _alone(bench: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(bench, *arguments).result()


def _note(results: dict[str, Any], name: str, measured: dict[str, Any]) -> None:
    results[name] = measured
    print(f"{name}: {measured}", file=sys.stderr)


def _table(results: dict[str, Any]) -> str:
    """A row for each measurement, a column for each size: seconds and MB."""
    found = {name.rpartition(" ")[::2]: value for name, value in results.items() if isinstance(value, dict)}
    rows = list(dict.fromkeys(name for name, _ in found))
    sizes = sorted({size for _, size in found}, key=lambda size: [int(n) for n in size.split("x")])
    lines = [["s / MB", *sizes], *([name, *(_cell(found.get((name, size))) for size in sizes)] for name in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) for line in lines)


def _cell(measured: dict[str, Any] | None) -> str:
    if measured is None:
        return ""
    return "not run" if "not_run" in measured else f"{measured['seconds']:.2f} / {measured['peak_mb']:.0f}"


if __name__ == "__main__":
    main()
