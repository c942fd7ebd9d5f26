"""netgen on what Magic extracts: read from text that Magic wrote of cells of ours, as CI has one that is too old.

Without a word beside it the text is by 8.3.677.
"""

import re

import pytest

from analoom.cells.model.registry import build
from analoom.flows.cli.check_tables import show_lvs
from analoom.flows.files.application import ToolRun
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs import magic as lvs_magic
from analoom.flows.lvs.check import lvs_cell, run_lvs
from analoom.flows.lvs.compare.counts import by_model, counts
from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.magic import SPICE, extracting_magic, port_problems, read_magic
from analoom.pdk.applications import MAGIC_EXTRACTS, FoundTool, version_key
from analoom.pdk.errors import ToolError
from analoom.pdk.install import magic_tech

PAIR = """\
* NGSPICE file created from matched_pair.ext - technology: sky130A

.subckt matched_pair g1 g2 s d1 d2 b
X0 s b s b sky130_fd_pr__nfet_01v8 ad=0.27 pd=2.54 as=0 ps=0 w=1 l=1
X1 s g2 d2 b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X2 d2 g2 s b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X3 s g1 d1 b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X4 s b s b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0 ps=0 w=1 l=1
X5 d1 g1 s b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X6 d1 g1 s b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X7 s g1 d1 b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X8 d2 g2 s b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X9 s g2 d2 b sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
.ends

"""
"""`build("matched_pair")`, whole."""

P_SOURCE = """\
.subckt matched_pair g1 g2 s d1 d2
X0 s s a_48_0# s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.03 ps=2.06 w=1 l=1
X1 s g2 d2 s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X2 d2 g2 s s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X3 s g1 d1 s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X4 s s s s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=1.72 ps=15.44 w=1 l=1
X5 d1 g1 s s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X6 d1 g1 s s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X7 s g1 d1 s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X8 d2 g2 s s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
X9 s g2 d2 s sky130_fd_pr__nfet_01v8 ad=0.145 pd=1.29 as=0.145 ps=1.29 w=1 l=1
.ends
"""
"""The same with p-implant over its first source: Magic finds the source on the substrate."""

ARRAY = """\
* NGSPICE file created from cap_array.ext - technology: sky130A

.subckt unit_cap top bottom
X0 top bottom sky130_fd_pr__cap_mim_m3_1 l=2 w=3
.ends

.subckt cap_array b0 b1
+ top
Xunit_cap_0 top b0 unit_cap
Xunit_cap_1 top b1 unit_cap
Xunit_cap_2 top b1 unit_cap
.ends
"""
"""In the form of a hierarchy of Magic's, cut short."""

CROSSBAR = """\
* NGSPICE file created from crossbar_rows2_cols2.ext - technology: sky130A

.subckt synapse_2t1c row wwl vss col wbl vc
X0 vc sn sky130_fd_pr__cap_mim_m3_1 l=1 w=1
X1 wbl wwl sn vss sky130_fd_pr__nfet_01v8 ad=0.1113 pd=1.37 as=0.1113 ps=1.37 w=0.42 l=0.15
X2 row sn col vss sky130_fd_pr__nfet_01v8 ad=0.1113 pd=1.37 as=0.1113 ps=1.37 w=0.42 l=0.5
.ends

.subckt synapse_2t1c_b2x2 wbl0 row1 col1 wwl1 vc1 col0 vss row0 wbl1 vc0 wwl0
Xsynapse_2t1c_0 row1 wwl1 vss col1 wbl1 vc1 synapse_2t1c
Xsynapse_2t1c_1 row1 wwl1 vss col0 wbl0 vc1 synapse_2t1c
Xsynapse_2t1c_3 row0 wwl0 vss col0 wbl0 vc0 synapse_2t1c
Xsynapse_2t1c_2 row0 wwl0 vss col1 wbl1 vc0 synapse_2t1c
.ends

.subckt crossbar_rows2_cols2 row0 row1 wwl0 wwl1 vss_uq0 col0 col1 wbl0 wbl1
Xsynapse_2t1c_b2x2_0 wbl0 row1 col1 wwl1 vss_uq0 col0 vss_uq0 row0 wbl1 vss_uq0 wwl0
+ synapse_2t1c_b2x2
.ends

"""
"""`build("crossbar", {"rows": 2, "cols": 2})`, whole, by Magic 8.3.584; 8.3.585 writes `vss` for `vss_uq0`."""


def read(text, top, tmp_path):
    path = tmp_path / SPICE
    path.write_text(text)
    return read_magic(path, top)


def test_transistors_nets_and_ports_are_read(tmp_path):
    netlist = read(PAIR, "matched_pair", tmp_path)
    assert (counts(netlist, "matched_pair").devices, counts(netlist, "matched_pair").pins) == (10, 6)
    (circuit,) = netlist.each_circuit()
    assert circuit.name == "matched_pair", "as written: netgen tells upper and lower case of cells apart"
    assert {pin.name().lower() for pin in circuit.each_pin()} == {"g1", "g2", "s", "d1", "d2", "b"}
    device = next(circuit.each_device())
    assert (device.parameter("W"), device.parameter("L")) == (1, 1)
    assert device.net_for_terminal("G").name == device.net_for_terminal("B").name == "b"
    assert len({net.cluster_id for net in circuit.each_net()}) == 6


def test_a_hierarchy_of_capacitors_is_read(tmp_path):
    netlist = read(ARRAY, "cap_array", tmp_path)
    assert by_model(netlist, "cap_array") == {"sky130_fd_pr__cap_mim_m3_1": 3}
    assert counts(netlist, "cap_array").pins == 3
    unit = next(c for c in netlist.each_circuit() if c.name == "unit_cap")
    (plate,) = unit.each_device()
    assert (plate.parameter("A"), plate.parameter("P")) == (6, 10)


def wanted(ports, tmp_path):
    """The pair's own circuit, under these ports."""
    path = tmp_path / "wanted.spice"
    path.write_text(PAIR.replace("g1 g2 s d1 d2 b\n", f"{ports}\n"))
    return read_magic(path, "matched_pair")


def test_ports_are_compared_both_ways(tmp_path):
    netlist, same = read(PAIR, "matched_pair", tmp_path), wanted("d1 g1 d2 g2 s b", tmp_path)
    other = wanted("d1 g1 d2 g2 s n", tmp_path)
    assert list(port_problems(netlist, "matched_pair", circuit_named(same, "matched_pair"))) == []
    assert list(port_problems(netlist, "matched_pair", circuit_named(other, "matched_pair"))) == [
        "pin n of the schematic is no port of magic's layout",
        "port b of magic's layout is no pin of the schematic",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PAIR.replace("nfet_01v8 ad=0.27", "special_nfet_latch ad=0.27"), "SPECIAL_NFET_LATCH"),
        (PAIR.replace(".subckt matched_pair", ".subckt other"), "no subcircuit matched_pair"),
        (PAIR.replace(".ends", ""), "has no .ends"),
    ],
)
def test_a_netlist_that_cannot_be_used_is_no_verdict(text, why, tmp_path):
    with pytest.raises(ToolError, match="magic extracted cannot be used") as refused:
        read(text, "matched_pair", tmp_path)
    assert why in str(refused.value)


def magic_is(monkeypatch, version, text="", log="", code=0):
    """Stands for a Magic of that version that writes `text`; what it was told to do comes back in the list."""
    told = []

    def run(argv, cwd, watch, steps):
        told.append((cwd / argv[-1]).read_text())
        if text:
            (cwd / SPICE).write_text(text)
        return ToolRun(code, log, "", 0.1, 1.0)

    monkeypatch.setattr(lvs_magic, "look_for", lambda name: version and FoundTool(name, "/bin/true", version))
    monkeypatch.setattr(lvs_magic, "run_tool", run)
    return told


def netgen(cell, tmp_path):
    return lvs_cell(cell, tmp_path, ("netgen",)).engines["netgen"]


@pytest.mark.tools
def test_netgen_judges_what_magic_extracted(tmp_path, monkeypatch):
    told = magic_is(monkeypatch, "8.3.677", PAIR)
    engine = netgen(build("matched_pair"), tmp_path)
    assert (engine.state, engine.layout, engine.layout.pins) == ("match", engine.schematic, 6)
    assert engine.to_json()["extraction"] == "magic 8.3.677" and "magic 8.3.677" in engine.summary()
    assert "extract unique all" in told[0], "or two wires of one name would pass for one"
    assert (tmp_path / SPICE).read_text() == PAIR


@pytest.mark.tools
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (P_SOURCE, "pin b of the schematic is no port of magic's layout"),
        (PAIR.replace(" b ", " SUB "), "port b of magic's layout leads nowhere"),
        (PAIR.replace("X1 s g2 d2", "X1 s g1 d2"), "Netlists do not match"),
        (PAIR.replace("w=1 l=1", "w=1.005 l=1"), "w 4.02 in layout, 4 in schematic"),
        (PAIR.replace("g1 g2 s d1 d2 b\n", "g1 g2 s d1 d2 b s_uq0\n"), "port s_uq0 of magic's layout is no pin"),
    ],
)
def test_it_contradicts_our_own_extraction_where_magic_does(text, said, tmp_path, monkeypatch):
    """The drawing is whole, and `fast` says so: what netgen says rests on Magic's netlist alone."""
    cell = build("matched_pair")
    magic_is(monkeypatch, "8.3.677", text)
    report = run_lvs(of_cell(cell), cell.spice(), cell.name, tmp_path, ("fast", "netgen"))
    assert report.engines["fast"].clean and not report.clean
    assert said in "; ".join(report.engines["netgen"].differences)


@pytest.mark.tools
@pytest.mark.parametrize("version", ["8.3.105", "8.3.411", "8.3.584", None])
def test_an_older_magic_is_not_asked_and_the_report_says_whose_netlist_it_was(version, tmp_path, monkeypatch, capsys):
    told = magic_is(monkeypatch, version, P_SOURCE)
    report = lvs_cell(build("matched_pair"), tmp_path, ("fast", "netgen"))
    assert report.clean and told == []
    engines = report.to_json()["engines"]
    assert engines["netgen"]["extraction"] == "analoom, not independent"
    assert "analoom, not independent" in report.summary()
    show_lvs(report.to_json())
    assert "not independent" in re.sub(r"\s+", " ", capsys.readouterr().out)


@pytest.mark.tools
def test_cells_without_a_device_are_left_to_our_extraction(tmp_path, monkeypatch):
    """Magic writes no circuit for them: an array of metal-finger capacitors would be empty."""
    told = magic_is(monkeypatch, "8.3.677", ARRAY)
    array = build("cap_array", {"weights": [1, 1], "unit": {"device": "mom"}})
    assert netgen(array, tmp_path).extraction == "analoom, not independent" and told == []


@pytest.mark.parametrize(
    ("log", "text", "code", "why"),
    [
        ("", "", 0, "magic extracted nothing: it ended with 0"),
        ("", PAIR, 139, "ended with 139"),
        ("Error while reading cell: Unknown layer/datatype in boundary, layer=10", PAIR, 0, "Unknown layer/datatype"),
        ("", PAIR.replace("X0 s b s b sky130_fd_pr__nfet_01v8", "X0 s b s b unheard_of"), 0, "UNHEARD_OF"),
    ],
)
@pytest.mark.tools
def test_a_magic_that_fails_is_not_run(log, text, code, why, tmp_path, monkeypatch):
    magic_is(monkeypatch, "8.3.677", text, log, code)
    engine = netgen(build("matched_pair"), tmp_path)
    assert engine.state == "not run" and why in engine.reason


@pytest.mark.tools
def test_a_whole_crossbar_does_not_match_as_magic_wrote_it_before_the_oldest_one_taken(tmp_path, monkeypatch):
    crossbar = build("crossbar", {"rows": 2, "cols": 2})
    magic_is(monkeypatch, "8.3.585", CROSSBAR)
    assert "port vss_uq0 of magic's layout is no pin of the schematic" in netgen(crossbar, tmp_path).differences
    magic_is(monkeypatch, "8.3.585", CROSSBAR.replace("vss_uq0", "vss"))
    assert netgen(crossbar, tmp_path).state == "match"


def test_the_oldest_magic_taken_is_one_that_the_tech_file_takes(monkeypatch):
    asked = re.search(r"^\s*requires\s+magic-(\S+)", magic_tech().read_text(), re.MULTILINE)[1]
    assert version_key(asked) <= version_key(MAGIC_EXTRACTS)
    magic_is(monkeypatch, "8.3.585")
    assert extracting_magic().version == "8.3.585"
