"""What LVS does not know, in the layout or the netlist, is named, and the rest is compared all the same."""

import json

import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.cli.main import main
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer, Marker

NMOS = f"Xm d g s b {NFET} w=1 l=0.15"


def nmos(strange=0):
    """A transistor, and so many more without a wire under the mark of a memory."""
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.tap(1500)
    for k in range(strange):
        x = 5000 + 2000 * k
        hand.box(Layer.DIFF, x, 0, x + 730, 1000)
        hand.box(Layer.NSDM, x - 125, -125, x + 855, 1125)
        hand.box(Layer.POLY, x + 290, -130, x + 440, 1130)
        hand.box(Marker.SONOS, x, 0, x + 730, 1000)
    return hand


def compared(hand, tmp_path, *lines, engine="fast"):
    return run_lvs(hand.source(), subckt("d g s b", *lines), "top", tmp_path, (engine,)).engines[engine]


def test_a_device_of_the_layout_is_named_and_the_rest_compared(tmp_path):
    done = compared(nmos(strange=1), tmp_path, NMOS)
    assert done.state == "mismatch"
    assert done.unknown == ("memory transistor at (5.365, 0.5): a device that LVS does not know",)
    assert done.differences == done.unknown
    assert "; the rest matches; see " in done.summary()
    assert compared(nmos(), tmp_path, NMOS).state == "match"


def test_differences_of_the_rest_stand_apart(tmp_path):
    done = compared(nmos(strange=1), tmp_path, NMOS.replace("w=1", "w=2"))
    rest = [line for line in done.differences if line not in done.unknown]
    assert len(rest) == 1 and "w 1 in layout, 2 in schematic" in rest[0]
    assert "does not know; in the rest: " in done.summary()
    assert done.to_json()["unknown"] == list(done.unknown)


def test_devices_of_one_kind_are_one_line(tmp_path):
    (line,) = compared(nmos(strange=6), tmp_path, NMOS).differences
    places = "(7.365, 0.5), (9.365, 0.5), (11.365, 0.5) and elsewhere"
    assert line == f"memory transistor at (5.365, 0.5): a device that LVS does not know; 5 more, at {places}"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Xq s d b sky130_fd_pr__ind_05_220", "SKY130_FD_PR__IND_05_220 is neither a subcircuit nor a device"),
        ("Qq s d b sky130_fd_pr__pnp_20v0", "QQ: SKY130_FD_PR__PNP_20V0 is not a SKY130 device that LVS knows"),
        ("Dq s b sky130_fd_pr__photodiode", "DQ: SKY130_FD_PR__PHOTODIODE is not a SKY130 device that LVS knows"),
    ],
)
def test_a_model_of_the_netlist_is_named_with_its_line_and_the_rest_compared(line, why, tmp_path):
    done = compared(nmos(), tmp_path, NMOS, line)
    assert done.state == "mismatch"
    place = f"{tmp_path / 'lvs_reference.spice'}, line 3"
    assert done.differences == done.unknown == (f"{place}: {why}: left out",)
    wrong = compared(nmos(), tmp_path, NMOS.replace("l=0.15", "l=0.2"), line)
    assert "l 0.15 in layout, 0.2 in schematic" in wrong.differences[1]


def test_calls_of_one_name_are_one_line(tmp_path):
    calls = [f"Xq{k} s d sky130_fd_pr__ind_05_220" for k in range(3)]
    (line,) = compared(nmos(), tmp_path, NMOS, *calls).differences
    assert line.endswith(
        "line 3: SKY130_FD_PR__IND_05_220 is neither a subcircuit nor a device: left out; 2 more of them"
    )


def test_a_netlist_of_nothing_else_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"line 2: SKY130_FD_PR__IND_05_220 is neither a subcircuit nor a device"):
        compared(nmos(), tmp_path, "Xq s d b sky130_fd_pr__ind_05_220")


def test_netgen_is_not_run_with_a_model_that_is_not_known(tmp_path):
    done = compared(nmos(), tmp_path, NMOS, "Xq s d b sky130_fd_pr__ind_05_220", engine="netgen")
    assert (done.state, done.clean) == ("not run", False)
    assert "SKY130_FD_PR__IND_05_220 is neither" in done.reason


def test_a_cell_that_the_netlist_only_calls_is_left_out_of_the_layout_too(tmp_path):
    hand = nmos()
    child = Hand("sky130_fd_pr__ind_05_220", hand.layout)
    child.transistor()
    hand.place(child, 10_000, 0)
    call = "Xq s d b sky130_fd_pr__ind_05_220"
    done = compared(hand, tmp_path, NMOS, call)
    assert [line for line in done.differences if line not in done.unknown and "floats" not in line] == []
    other = compared(hand, tmp_path, NMOS, call.replace("ind_05", "ind_03"))
    assert any("only in the layout" in line for line in other.differences)


def test_the_command_says_so_and_ends_with_1(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    gds, netlist = nmos(strange=1).source().write(tmp_path / "top.gds"), tmp_path / "top.spice"
    netlist.write_text(subckt("d g s b", NMOS))
    with pytest.raises(SystemExit) as ended:
        main(["lvs", str(gds), "--netlist", str(netlist), "--json"])
    assert ended.value.code == 1
    assert len(json.loads(capfd.readouterr().out)["engines"]["fast"]["unknown"]) == 1
