"""Two matched pairs routed in gdsfactory, then checked: `python tests/examples/gdsfactory_pair.py FOLDER`."""

import sys
from pathlib import Path

import gdsfactory as gf

from analoom.flows.drc import run_drc
from analoom.flows.files.layout_source import of_file
from analoom.flows.gdsfactory import circuit_of, draw_pins, pdk
from analoom.flows.lvs import lvs_file

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/gdsfactory_pair")
folder.mkdir(parents=True, exist_ok=True)
pdk().activate()

chip = gf.Component("two_pairs")
pair = gf.get_component("matched_pair", w=4)
left, right = chip.add_ref(pair, name="left"), chip.add_ref(pair, name="right")
right.move((25, 3))

bars = ["g1", "g2", "s", "d1", "d2"]
gf.routing.route_bundle_electrical(
    chip,
    [left.ports[f"{bar}_right"] for bar in bars],
    [right.ports[bar] for bar in bars],
    cross_section="metal_routing",
    separation=0.5,
)
for pin, metal, down in (("b", "met1", 2), ("s_2", "met3", 3)):
    ends = [[side.ports[f"{pin}_bottom"]] for side in (left, right)]
    gf.routing.route_bundle_electrical(chip, *ends, cross_section=metal, start_straight_length=down)
for pin in (*bars, "b"):
    chip.add_port(pin, port=left.ports[pin])
draw_pins(chip)

meant = [(f"left,{pin}", f"right,{pin}") for pin in (*bars, "b")]
gds, netlist = folder / "two_pairs.gds", folder / "two_pairs.spice"
chip.write_gds(gds)
netlist.write_text(circuit_of(chip, meant).spice())
print(run_drc(of_file(gds, None), ("fast",), folder).summary())
print(lvs_file(gds, netlist, None, folder).summary())
