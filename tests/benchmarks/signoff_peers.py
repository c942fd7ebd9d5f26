"""Times the official rule checks, by the KLayout application and by Magic, on crossbars of growing size."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.files.application import Watch
from analoom.flows.files.layout_source import of_cell


def peer_check(engine: str, rows: int, cols: int, seconds: float) -> dict[str, Any]:
    """Seconds and peak MB of one official engine with a time limit, with its tool and how many rules ran.

    `not_run` instead, with the reason, when it gave no verdict in that time.
    """
    source = of_cell(build("crossbar", {"rows": rows, "cols": cols}))
    with tempfile.TemporaryDirectory() as folder:
        report = run_drc(source, (engine,), Path(folder), Watch(seconds)).engines[engine]
    if report.state == "not run":
        return {"not_run": report.reason}
    if not report.clean:
        raise SystemExit(f"{engine} finds {dict(report.violations)} in a {rows} x {cols} crossbar")
    measured = {"seconds": round(report.seconds, 3), "peak_mb": round(report.peak_mb, 1)}
    return {**measured, "tool": f"{report.tool} {report.version}", "rules": report.rules_run}
