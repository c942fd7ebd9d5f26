"""Times Magic's own extraction of a crossbar, beside ours: `extract all`, then `ext2spice` of every capacitance."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from analoom.cells.model.registry import build
from analoom.flows.files.application import run_tool
from analoom.flows.files.layout_source import of_cell
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.install import find_tool, magic_tech

OLDEST = (8, 3, 411)
SCRIPT = """drc off
gds read cell.gds
load {top}
select top cell
extract do local
extract all
ext2spice lvs
ext2spice cthresh 0
ext2spice -o cell.spice
quit -noprompt
"""


def extract_with_magic(rows: int, cols: int, limit_s: float) -> dict[str, Any]:
    """Seconds, peak MB and capacitors written; `not_run` with the reason when there is no Magic new enough."""
    try:
        tool, tech = find_tool("magic"), magic_tech()
        version = run_tool([str(tool.path), "--version"], Path.cwd(), 30.0).stdout.strip()
        if tuple(int(n) for n in re.findall(r"\d+", version)[:3]) < OLDEST:
            return {"not_run": f"magic {version} is older than {'.'.join(map(str, OLDEST))}"}
        with tempfile.TemporaryDirectory() as folder:
            return {
                "version": version,
                **_extracted(rows, cols, Path(folder), str(tool.path), str(tech.resolve()), limit_s),
            }
    except (ToolError, InputError) as error:
        return {"not_run": str(error)}


def _extracted(rows: int, cols: int, folder: Path, magic: str, tech: str, limit_s: float) -> dict[str, Any]:
    source = of_cell(build("crossbar", {"rows": rows, "cols": cols}))
    top = source.write_safe(folder / "cell.gds")
    (folder / "run.tcl").write_text(SCRIPT.format(top=top))
    argv = [magic, "-dnull", "-noconsole", "-rcfile", "/dev/null", "-T", tech, "run.tcl"]
    run = run_tool(argv, folder, limit_s)
    netlist = folder / "cell.spice"
    if run.returncode or not netlist.is_file():
        return {"not_run": f"magic ended with {run.returncode}: {(run.stderr or run.stdout).strip()[-200:]}"}
    count = len(re.findall(r"^C\d", netlist.read_text(), re.MULTILINE))
    return {"seconds": round(run.seconds, 3), "peak_mb": round(run.peak_mb, 1), "capacitor_lines": count}
