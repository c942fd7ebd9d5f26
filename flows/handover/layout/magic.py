"""A cell as Magic's own files, one `.mag` a cell, made by Magic from the GDS and read back by it.

Magic keeps no masks but what it paints: implants, marks of thresholds and oxide, and npc it makes anew when it writes
GDS. So the layers that it paints are to come back as they were drawn, and the whole has to be the circuit still.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.drc.signoff.magic import usable_tech
from analoom.flows.files.application import run_tool
from analoom.flows.files.layout_source import of_cell, of_file
from analoom.flows.files.magic_log import unread
from analoom.flows.files.outputs import make_folder, write_whole
from analoom.flows.handover.record import Check, Receiver, Written, failed, passed
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.applications import FoundTool
from analoom.pdk.errors import ToolError
from analoom.pdk.install import find_tool, magic_tech

from .masks import MADE_ANEW, regions_of, unlike

TIMEOUT_S = 600
_STAMP = re.compile(r"^timestamp \d+$", re.M)
_GIVEN, _BACK = "given.gds", "back.gds"
_START = "crashbackups stop\ndrc off\n"
_KEEP = "gds read {gds}\nload {top}\nselect top cell\nport makeall\nwriteall force {cells}\nquit -noprompt\n"
_RETURN = "load {top}\nselect top cell\nexpand\ngds write {gds}\nquit -noprompt\n"


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Has Magic write the files. Raises ToolError where there is no Magic."""
    tool = find_tool("magic")
    place = make_folder(folder / "mag")
    step(f"magic {tool.version}")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        cell.write(work / _GIVEN)
        cells = " ".join(cells_of(work / _GIVEN))
        _run(tool, work, _START + _KEEP.format(gds=_GIVEN, top=cell.name, cells=cells))
        kept = sorted(work.glob("*.mag"))
        if cell.name not in {path.stem for path in kept}:
            raise ToolError(f"magic wrote no {cell.name}.mag", field="magic")
        for path in kept:
            write_whole(place / path.name, _STAMP.sub("timestamp 1", path.read_text()))
    files = {path.name.replace(".", "_"): path for path in sorted(place.glob("*.mag"))}
    return Written(files, checks_of(cell, place, tool, step))


def checks_of(cell: Cell, place: Path, tool: FoundTool, step: Callable[[str], None]) -> dict[str, Check]:
    """What Magic makes of the files in `place`, compared with what was drawn, layer by layer and as a circuit."""
    step("reading back")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for path in place.glob("*.mag"):
            (work / path.name).write_text(path.read_text())
        _run(tool, work, _START + _RETURN.format(top=cell.name, gds=_BACK))
        if not (work / _BACK).is_file():
            return {"xor": failed(f"magic {tool.version} wrote no GDS of the files")}
        made = of_file(work / _BACK, cell.name)
        drawn, back = regions_of(of_cell(cell)), regions_of(made)
        report = run_lvs(made, cell.spice(), cell.circuit.name, work)
    told = report.engines["fast"].summary()
    lvs = passed(told) if report.clean else failed(told)
    return {"xor": compared(drawn, back, tool.version), "lvs": lvs}


def compared(drawn: Mapping[str, kdb.Region], back: Mapping[str, kdb.Region], version: str) -> Check:
    """The XOR of each layer; those that Magic makes anew may differ, and are told."""
    differ = unlike(drawn, back)
    anew = {one.name for one in MADE_ANEW}
    wrong = [f"{layer} by {area:.6g} um2" for layer, area in differ.items() if layer not in anew]
    if wrong:
        return failed(f"read back by magic {version}: {', '.join(wrong)} are not as drawn")
    same = sum(not drawn[layer].is_empty() and layer not in differ for layer in drawn)
    other = "".join(f"; {layer} made anew by magic, {differ[layer]:.6g} um2 otherwise" for layer in differ)
    return passed(f"read back by magic {version}: {same} layers as drawn{other}")


def cells_of(gds: Path) -> list[str]:
    """The names of the cells in a file."""
    layout = kdb.Layout()
    layout.read(str(gds))
    return sorted(cell.name for cell in layout.each_cell())


def _run(tool: FoundTool, work: Path, script: str) -> None:
    """Raises ToolError when Magic ends with an error or says that it did not read everything."""
    used, _ = usable_tech(magic_tech(), tool, work)
    (work / "handover.tcl").write_text(script)
    argv = [str(tool.path), "-dnull", "-noconsole", "-rcfile", "/dev/null", "-T", str(used.resolve()), "handover.tcl"]
    done = run_tool(argv, work, TIMEOUT_S)
    missed = unread(done.stdout + done.stderr)
    if done.returncode or missed:
        raise ToolError(f"magic {tool.version}: {missed or f'ended with {done.returncode}'}", field="magic")


RECEIVER = Receiver("magic", "Magic's own files, one .mag a cell, written by the Magic that is installed", write)
