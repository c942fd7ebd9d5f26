"""A layout's netlist as Magic extracts it: an opinion independent of ours, for other comparers."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import klayout.db as kdb

from analoom.flows.files.application import ToolRun, Watch, run_tool
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.magic_log import unread
from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.reference.netlist import read_reference
from analoom.flows.lvs.reference.ties import tied_names
from analoom.pdk.applications import MAGIC_EXTRACTS, FoundTool, look_for, version_key
from analoom.pdk.errors import InputError, ToolError
from analoom.pdk.install import magic_tech

SPICE = "lvs_magic.spice"
STEPS = r"^((?:Reading|Extracting) .*)$"
SCRIPT = """\
crashbackups stop
drc off
gds read lvs_magic.gds
load {{{top}}}
select top cell
extract no all
extract unique all
extract all
ext2spice lvs
ext2spice -o {spice}
quit -noprompt
"""
"""Without parasitics. Wires of one name that do not meet are named apart, or an open net would pass for whole."""


def extracting_magic() -> FoundTool | None:
    """A Magic on this machine that is new enough for its netlist to be compared; None where there is none."""
    found = look_for("magic")
    return found if found and version_key(found.version) >= version_key(MAGIC_EXTRACTS) else None


def extract_by_magic(source: LayoutSource, magic: FoundTool, workdir: Path, watch: Watch) -> tuple[kdb.Netlist, str]:
    """Extracts `source`: the netlist and the name of its top circuit. Writes Magic's text into `workdir`.

    Raises ToolError when Magic gives none, or one with devices that LVS does not know.
    """
    with tempfile.TemporaryDirectory(prefix=".magic-", dir=workdir) as name:
        folder = Path(name)
        top = source.write_safe(folder / "lvs_magic.gds")
        (folder / "lvs_magic.tcl").write_text(SCRIPT.format(top=top, spice=SPICE))
        tech = str(magic_tech().resolve())
        argv = [str(magic.path), "-dnull", "-noconsole", "-rcfile", "/dev/null", "-T", tech, "lvs_magic.tcl"]
        run = run_tool(argv, folder, watch, steps=STEPS)
        text = _said(run, folder / SPICE)
    (workdir / SPICE).write_text(text)
    return read_magic(workdir / SPICE, top), top


def read_magic(path: Path, top: str) -> kdb.Netlist:
    """The netlist in what `ext2spice lvs` wrote, its circuits named as there and its nets in lower case.

    Raises ToolError for a text without `top` or with devices that LVS does not know.
    """
    try:
        netlist = read_reference(path, top)
    except InputError as error:
        raise ToolError(f"the netlist that magic extracted cannot be used: {error}", field="magic") from None
    written = {name.upper(): name for name in re.findall(r"^\.subckt\s+(\S+)", path.read_text(), re.MULTILINE)}
    for circuit in netlist.each_circuit():
        circuit.name = written[circuit.name.upper()]
        for number, net in enumerate(circuit.each_net(), 1):
            net.name = net.name.lower()
            net.cluster_id = number  # as in an extracted netlist, where each net has one of its own
    return netlist


def port_problems(netlist: kdb.Netlist, top: str, wanted: kdb.Circuit) -> Iterator[str]:
    """Ports that only one side has, or that something is on in one alone: netgen calls both a match."""
    drawn = circuit_named(netlist, top)
    have = _loaded(drawn)
    want = {drawn_name(name, have) for name in _loaded(wanted)}
    yield from (f"pin {name} of the schematic is no port of magic's layout" for name in sorted(want - have.keys()))
    yield from (f"port {name} of magic's layout is no pin of the schematic" for name in sorted(have.keys() - want))
    yield from unloaded(drawn, wanted, "magic's layout")


def unloaded(drawn: kdb.Circuit, wanted: kdb.Circuit, layout: str = "the layout") -> Iterator[str]:
    """Ports that something is on in `layout` or the schematic alone."""
    have = _loaded(drawn)
    want = {drawn_name(name, have): loaded for name, loaded in _loaded(wanted).items()}
    for name in sorted(have.keys() & want.keys()):
        if want[name] != have[name]:
            yield f"port {name} of {'the schematic' if have[name] else layout} leads nowhere"


def drawn_name(pin: str, drawn: Collection[str]) -> str:
    """Magic gives a wire with the labels of several ports one name."""
    names = tied_names(pin)
    return next((name for name in names if name in drawn), names[0])


def _loaded(circuit: kdb.Circuit) -> dict[str, bool]:
    """Whether a device or an instance is on each port."""
    nets = ((pin.name().lower(), circuit.net_for_pin(pin.id())) for pin in circuit.each_pin())
    return {name: net is not None and net.terminal_count() + net.subcircuit_pin_count() > 0 for name, net in nets}


def _said(run: ToolRun, path: Path) -> str:
    """The text Magic wrote. Raises ToolError saying why there is none."""
    missed = unread(run.stdout + run.stderr)
    if run.returncode != 0 or missed or not path.is_file():
        why = f"says: {missed}" if missed else f"ended with {run.returncode}"
        raise ToolError(f"magic extracted nothing: it {why}", field="magic", remedy="analoom doctor")
    return path.read_text()
