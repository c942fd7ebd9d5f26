"""A shuttle participant has a layout and a netlist checked by every engine, and sees that each check bites.

python tests/examples/shuttle.py [FOLDER [CHIP.gds CHIP.spice]]

Without files of one's own it takes those of a multiply-accumulate unit.
"""

import sys
from pathlib import Path

import klayout.db as kdb

from analoom import build, build_files
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_file
from analoom.flows.lvs.check import lvs_file
from analoom.pdk.layers import Layer

work = Path(sys.argv[1] if len(sys.argv) > 1 else "out/examples/shuttle")
if len(sys.argv) > 3:
    gds, netlist = Path(sys.argv[2]), Path(sys.argv[3])
else:
    files = build_files(build("charge_mac", inputs=1, bits=2, outputs=1), work / "mac").files
    gds, netlist = files["gds"], files["spice"]


def checked(file: Path, folder: Path) -> None:
    """Prints what each engine says of a layout file."""
    drc = run_drc(of_file(file), ["all"], folder)
    for name, engine in drc.engines.items():
        said = engine.reason or f"{engine.rules_run} rules run, {sum(engine.violations.values())} findings"
        print(f"  drc {name:10} {engine.state:10} {said}")
    lvs = lvs_file(file, netlist, None, folder, ["all"])
    for name, engine in lvs.engines.items():
        print(f"  lvs {name:10} {engine.state:10} {'; '.join(engine.differences[:1])}")


print(f"{gds}:")
checked(gds, work / "as_drawn")

layout = kdb.Layout()
layout.read(str(gds))
top = layout.top_cell()
sliver = kdb.Box(0, 0, 50, 50).moved(top.bbox().right + 1000, 0)  # nm: 0.05 um of met1, which DRC has to see
top.shapes(layout.layer(*Layer.MET1.value)).insert(sliver)
layout.clear_layer(layout.layer(*Layer.VIA.value))  # met1 and met2 no longer meet, which LVS has to see
broken = work / "broken.gds"
layout.write(str(broken))
print(f"{broken}, a sliver of met1 added and every via taken out:")
checked(broken, work / "broken")
