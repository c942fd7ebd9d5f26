"""Antenna ratios by the installed Magic's `antennacheck`: what ours must agree with.

Magic adds up, on each plane, what the wire and the contacts on it collect, each by its own ratio; a contact is as large
as the tile that Magic makes of it. `PLANES` names the planes by the wire on them.
"""

import re

from analoom.flows.files.application import NO_WATCH, run_tool
from analoom.pdk.install import find_tool, magic_tech
from analoom.pdk.layers import Layer

PLANES = {
    "active": Layer.POLY,
    "locali": Layer.LI1,
    "metal1": Layer.MET1,
    "metal2": Layer.MET2,
    "metal3": Layer.MET3,
    "metal4": Layer.MET4,
    "metal5": Layer.MET5,
}
SCRIPT = """\
crashbackups stop
drc off
gds read antenna.gds
load {{{top}}}
select top cell
extract do local
extract all
antennacheck debug
antennacheck
quit -noprompt
"""
FOUND = re.compile(r"detected at plane (\w+)\s+Effective antenna ratio ([\d.e+]+) > limit ([\d.e+]+)")


def magic_shares(source, folder):
    """By the wire of its plane: how many times too much a net there collects, the worst one; nothing where clean."""
    top = source.write_safe(folder / "antenna.gds")
    (folder / "antenna.tcl").write_text(SCRIPT.format(top=top))
    tech = re.sub(r"^\s*requires magic-.*$", "", magic_tech().read_text(errors="replace"), flags=re.MULTILINE)
    (folder / "antenna.tech").write_text(tech)
    argv = [str(find_tool("magic").path), "-dnull", "-noconsole", "-rcfile", "/dev/null", "-T", "antenna.tech"]
    run = run_tool([*argv, "antenna.tcl"], folder, NO_WATCH)
    said = run.stdout + run.stderr
    assert "antennacheck finished" in said, said[-2000:]
    shares = {}
    for plane, ratio, limit in FOUND.findall(said):
        layer, share = PLANES[plane], float(ratio) / float(limit)
        shares[layer] = max(share, shares.get(layer, 0))
    return shares
