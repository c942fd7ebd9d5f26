"""The .lvsdb beside a report: klayout reads it back with both netlists, the layers and the cross reference."""

import klayout.db as kdb
import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.files.application import run_tool
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.install import find_tool

SCRIPT = """
lvs = RBA::LayoutVsSchematic::new
lvs.read($database)
pairs = []
lvs.xref.each_circuit_pair { |pair| pairs << pair.status.to_s }
puts "devices #{lvs.netlist.circuit_by_name('top').each_device.to_a.size} pairs #{pairs.join(' ')}"
"""


def database(tmp_path, width):
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.tap(1500)
    run_lvs(hand.source(), subckt("d g s b", f"Xm d g s b {NFET} w={width} l=0.15 nf=1"), "top", tmp_path)
    return tmp_path / "lvs.lvsdb"


@pytest.mark.parametrize(("width", "status"), [(1, "Match"), (2, "NoMatch")])
def test_it_is_read_back(tmp_path, width, status):
    lvs = kdb.LayoutVsSchematic()
    lvs.read(str(database(tmp_path, width)))
    assert [str(pair.status()).split(" ")[0] for pair in lvs.xref().each_circuit_pair()] == [status]
    assert {"li1", "poly_wire", "nwell"} <= set(lvs.layer_names())
    (device,) = lvs.netlist().circuit_by_name("top").each_device()
    assert (device.parameter("W"), device.parameter("L")) == (1, 0.15)
    assert device.parameter("AS") == 0, "the number of fingers is no area"
    net = lvs.netlist().circuit_by_name("top").net_by_name("d")
    (li1,) = (index for index in lvs.layer_indexes() if lvs.layer_name(index) == "li1")
    assert not lvs.polygons_of_net(net, li1, True).is_empty()


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(("width", "status"), [(1, "Match"), (2, "NoMatch")])
def test_the_application_opens_it(tmp_path, width, status):
    script = tmp_path / "open.rb"
    script.write_text(SCRIPT)
    argv = [str(find_tool("klayout").path), "-zz", "-r", str(script), "-rd", f"database={database(tmp_path, width)}"]
    run = run_tool(argv, tmp_path, 60)
    assert run.returncode == 0, run.stderr
    assert "devices 1 pairs " in run.stdout
    assert run.stdout.split("pairs ")[1].split(" ")[0].strip() == status
