"""The netlist that xschem itself makes of a schematic, in a process without a window."""

from __future__ import annotations

import tempfile
from pathlib import Path

from analoom.flows.files.application import run_tool
from analoom.pdk.applications import FoundTool, Tool, look_for, version_key
from analoom.pdk.errors import ToolError

XSCHEM = Tool("xschem", ("xschem",), "3", "export --to xschem", ("--version",), r"XSCHEM V([\d.]+)", "xschem", "xschem")
"""Tried with 3.4.8. Up to 2.8.1, Debian 12's, xschem cannot read symbols of file_version 1.2, such as those of the
library, and leaves their devices out of the netlist without a word."""

TIMEOUT_S = 120
_MISSING = "IS MISSING"


def find_xschem() -> FoundTool:
    """xschem. Raises ToolError when it is absent or too old."""
    found = look_for(XSCHEM)
    if found is None:
        raise ToolError(f"xschem is not installed (wanted: {XSCHEM.wanted} or newer)", field="xschem")
    if version_key(found.version) < version_key(XSCHEM.wanted):
        raise ToolError(
            f"xschem {found.version} is too old: wanted {XSCHEM.wanted} or newer; it would leave out devices",
            field="xschem",
            remedy="build it from github.com/StefanSchippers/xschem",
        )
    return found


def netlist_by_xschem(tool: FoundTool, folder: Path, top: str, symbols: Path) -> str:
    """What xschem makes of the schematic `top` in `folder`. Raises ToolError for none and for a symbol amiss."""
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        (work / "xschemrc").write_text(_settings(folder.resolve(), symbols.resolve(), work))
        argv = [str(tool.path), "-x", "-q", "-r", "-n", "-s", "--rcfile", str(work / "xschemrc")]
        done = run_tool([*argv, str(folder.resolve() / f"{top}.sch")], work, TIMEOUT_S, {"HOME": place})
        made = work / f"{top}.spice"
        if not made.is_file():
            raise ToolError(f"xschem made no netlist: {(done.stderr or done.stdout).strip()[-300:]}", field="xschem")
        text = made.read_text()
    if _MISSING in text:
        raise ToolError(f"xschem did not find the symbol of {text.count(_MISSING)} instances", field="xschem")
    return text


def _settings(folder: Path, symbols: Path, work: Path) -> str:
    """Its start-up file: where symbols are and where the netlist goes, the top as a subcircuit."""
    places = "".join(f"append XSCHEM_LIBRARY_PATH {{:{place}}}\n" for place in (folder, symbols))
    return (
        f"set XSCHEM_LIBRARY_PATH ${{XSCHEM_SHAREDIR}}/xschem_library\n{places}"
        f"set netlist_dir {{{work}}}\nset top_is_subckt 1\nset lvs_netlist 1\n"
    )
