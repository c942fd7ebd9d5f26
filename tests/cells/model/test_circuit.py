"""The circuit's SPICE text, read back by ngspice and by klayout's own reader, neither of which is ours."""

import re
import shutil
import subprocess

import klayout.db as kdb
import pytest

from analoom.cells.model.circuit import Cap, Circuit, Mos, SubInstance
from analoom.pdk.devices import MIM_M3, MOS

NFET = MOS["nfet_01v8"]
STUBS = f"""
.subckt {NFET.model} d g s b w=1 l=1 nf=1 m=1 mult=1 ad=0 as=0 pd=0 ps=0 nrd=0 nrs=0
Rw d s '1000*w'
.ends
.subckt {MIM_M3.model} c0 c1 w=1 l=1 m=1 mf=1
Ca c0 c1 '1e-12*w*l'
.ends
"""


def pair():
    """Two transistors and a plate, with ports d, g, s."""
    nets = {"d": "d", "g": "g", "s": "s", "b": "s"}
    devices = (
        Mos("a", NFET, 4.005, 0.15, nets, nf=2),
        Mos("b", NFET, 1234.565, 0.5, nets),
        Cap("c", MIM_M3, 2, 3.5, {"top": "g", "bottom": "s"}, m=2),
    )
    return Circuit("pair", ("d", "g", "s"), devices)


def row(count=40):
    """`count` pairs on their own drains: a port list that has to be folded."""
    ports = (*(f"drain{n}" for n in range(count)), "g", "s")
    below = pair()
    instances = tuple(SubInstance(f"p{n}", below, {"d": f"drain{n}", "g": "g", "s": "s"}) for n in range(count))
    return Circuit("row", ports, (), instances)


def ngspice_listing(circuit, tmp_path):
    """ngspice's expanded deck of one instance of `circuit`."""
    deck = tmp_path / "deck.spice"
    ports = " ".join(f"n{n}" for n in range(len(circuit.ports)))
    call = "\n+ ".join(["Xtop", *ports.split(), circuit.name])
    control = ".control\nlisting expand\n.endc"
    deck.write_text(f"* listing\n{STUBS}\n{circuit.spice()}\n{call}\nV1 n0 0 1\n{control}\n.end\n")
    run = subprocess.run(["ngspice", "-b", deck.name], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    return run.stdout + run.stderr


@pytest.mark.tools
def test_ngspice_finds_every_device(tmp_path):
    assert shutil.which("ngspice")
    listing = ngspice_listing(row(), tmp_path)
    resistors = re.findall(r"^\s*\d+\s*:\s*r\.xtop\.xp\d+\.x[ab]\.rw (\S+) (\S+) ", listing, re.MULTILINE)
    capacitors = re.findall(r"^\s*\d+\s*:\s*c\.xtop\.xp\d+\.xc\.ca ", listing, re.MULTILINE)
    assert (len(resistors), len(capacitors)) == (80, 40)
    assert {drain for drain, _ in resistors} == {f"n{n}" for n in range(40)}
    assert {source for _, source in resistors} == {"n41"}
    assert row().device_count() == 120


def test_klayout_reads_the_same_hierarchy(tmp_path):
    path = tmp_path / "row.spice"
    path.write_text(row().spice())
    netlist = kdb.Netlist()
    netlist.read(str(path), kdb.NetlistSpiceReader())
    top = netlist.circuit_by_name("ROW")
    assert [pin.name().lower() for pin in top.each_pin()] == list(row().ports)
    assert sum(1 for _ in top.each_subcircuit()) == 40
    below = netlist.circuit_by_name("PAIR")
    assert [pin.name() for pin in below.each_pin()] == ["D", "G", "S"]


def test_no_line_is_longer_than_ngspice_likes():
    text = row().spice()
    assert "\n+ " in text
    ports = next(line for line in text.splitlines() if line.startswith(".subckt row"))
    assert len(ports) <= 120


def test_sizes_keep_the_nanometre():
    text = pair().spice()
    assert "w=4.005 l=0.15 nf=2 m=1 mult=1" in text
    assert "w=1234.565 l=0.5" in text
    assert f"Xc g s {MIM_M3.model} w=2 l=3.5 m=2 mf=2" in text


@pytest.mark.parametrize(
    "nf, drains, sources",
    # int((nf + 1) / 2) and int((nf + 2) / 2), as in the ad and as formulas of the xschem_sky130 fet symbols
    [(1, 1, 1), (2, 1, 2), (3, 2, 2), (4, 2, 3), (5, 3, 3)],
)
def test_junctions_count_the_diffusions_of_the_fingers(nf, drains, sources):
    line = Mos("a", NFET, 2.0 * nf, 0.5, dict.fromkeys("dgsb", "n"), nf=nf).spice()
    given = {k: float(v) for k, v in re.findall(r"(\w+)=([\d.e+-]+)", line)}
    assert given["ad"] == pytest.approx(drains * 2.0 * 0.29)
    assert given["as"] == pytest.approx(sources * 2.0 * 0.29)
    assert given["pd"] == pytest.approx(2 * drains * (2.0 + 0.29))
    assert given["ps"] == pytest.approx(2 * sources * (2.0 + 0.29))


def test_circuits_below_are_written_once_and_first():
    text = Circuit("top", row().ports, (), (SubInstance("r", row(), {p: p for p in row().ports}),)).spice()
    assert re.findall(r"^\.subckt (\w+)", text, re.MULTILINE) == ["pair", "row", "top"]
