"""The reference netlist reader: what it takes, and what it refuses with file and line."""

import pytest
from hand_drawn import MIM, NFET

from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.devices.units import FINGERS
from analoom.flows.lvs.reference import lines as lvs_netlist_lines
from analoom.flows.lvs.reference.netlist import read_reference
from analoom.pdk.errors import InputError


def read(text, tmp_path, top="top"):
    path = tmp_path / "ref.spice"
    path.write_text(text)
    return read_reference(path, top)


def sizes(circuit, *names):
    """The given parameters of every device that has them."""
    devices = [d for d in circuit.each_device() if d.device_class().has_parameter(names[0])]
    return [tuple(device.parameter(n) for n in names) for device in devices]


def test_x_and_m_lines_in_um(tmp_path):
    text = f""".SUBCKT Top D g s b
* w is the width of all fingers, m and mult say the same once more
Xa d g s b {NFET} w=4.2 l=0.15 nf=2 m=2 mult=2 ad=1
+ as=1
Mb D G S B {NFET} W=4 L=0.15
Xc d s {MIM} w=2 l=3 m=2 mf=2
.ends
"""
    netlist = read(text, tmp_path)
    circuit = circuit_named(netlist, "top")
    assert sizes(circuit, "W", "L") == [pytest.approx((8.4, 0.15)), pytest.approx((4, 0.15))]
    assert sizes(circuit, FINGERS) == [(4,), (1,)], "one finger where the line says none"
    assert sizes(circuit, "A", "P") == [(12, 20)]
    assert [pin.name() for pin in circuit.each_pin()] == ["D", "G", "S", "B"]


def test_parameters_and_subcircuits(tmp_path):
    text = f""".subckt unit d g s width=2
Xm d g s s {NFET} w='width*2' l=0.5
.ends
.subckt top d g s
.param long=1
X1 d g s unit
X2 d s g unit width=3
Xm d g s s {NFET} w=1 l='long/2'
.ends
"""
    netlist = read(text, tmp_path)
    units = sorted(sizes(c, "W", "L") for c in netlist.each_circuit() if c.name.startswith("UNIT"))
    assert units == [[(4, 0.5)], [(6, 0.5)]]
    assert sizes(circuit_named(netlist, "top"), "W", "L") == [(1, 0.5)]


@pytest.mark.parametrize(
    "line, said",
    [
        (f"Xa d g s {NFET} w=1 l=0.15", "line 2: XA: SKY130_FD_PR__NFET_01V8 has 4 terminals, 3 nets are given"),
        (f"Xa d g s b {NFET} w=1", "line 2: XA: l must be a number, in um, above 0"),
        (f"Xa d g s b {NFET} w=0 l=1", "line 2: XA: w must be a number, in um, above 0"),
        (f"Xa d g s b {NFET} w=-1 l=1", "line 2: XA: w must be a number"),
        (f"Xa d g s b {NFET} w=4u l=1", "line 2: XA: w = 4e-06 is in um, as the PDK scales sizes by 1e-6: write w=4"),
        (f"Xa d g s b {NFET} w=4u l=1u", "line 2: XA: w = 4e-06 is in um"),
        (
            f"Xa d g s b {NFET} w=4 l=150n nf=1",
            "line 2: XA: l = 1.5e-07 is in um, as the PDK scales sizes by",
        ),
        (f"Ma d g s b {NFET} W=4E-6 L=1", "line 2: MA: w = 4e-06 is in um"),
        (f"Xa d g {MIM} w=2u l=2u", "line 2: XA: w = 2e-06 is in um"),
        (f"Xa d g s b {NFET} w=1 l=1 m=0", "line 2: XA: m = 0 must be a whole number"),
        ("Xa d g s b nfet_03v3 w=1 l=1", "line 2: NFET_03V3 is neither a subcircuit nor a device"),
        ("Xa d g s b missing", "line 2: MISSING is neither a subcircuit nor a device"),
        ("C1 d g 1f", "line 2: C1: no model is not a SKY130 device"),
        ("R1 d g 1k", "line 2: R1: no model is not a SKY130 device"),
        (f"Xa d g s b {NFET} w=", "line 2: w has no value"),
        (f"Xa d g s b {NFET} w= l=1", "line 2: w has no value"),
        ("V1 d g 1", "line 2: 'V1 d g 1' is no device LVS knows"),
        ("# a comment of another tool", "line 2: '# a comment of another tool' is no device LVS knows"),
        (f"Xa d g s b {NFET} w=2+ l=1", "line 2: w = 2+ is no value"),
        (f"Xa d g s b {NFET} w='(2' l=1", "line 2: w = '(2' is no value"),
        ("X1 d g s b top", "line 2: TOP holds itself: TOP > TOP"),
        (f"Xa d g s b {NFET} w=1e400 l=1", "line 2: XA: w must be a number"),
        (f"Xa d g s b {NFET} w='0/0' l=1", "line 2: XA: w must be a number"),
        (f"Xa d g s b {NFET} w=1 l=1 m=2 mult=3", "line 2: XA: m = 2, mult = 3 contradict each other"),
        (f"Xa d g s b {NFET} w=1 l=1\nxA d g s b {NFET} w=1 l=1", "line 3: XA is there twice"),
        (".subckt inner a", "line 2: a .subckt inside another"),
        (".include ref.spice", "line 2: ref.spice includes itself"),
        (".include nowhere.spice", "line 2: no such file to include: nowhere.spice"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line, said, tmp_path):
    with pytest.raises(InputError) as raised:
        read(f".subckt top d g s b\n{line}\n.ends\n", tmp_path)
    assert f"{tmp_path / 'ref.spice'}, {said}" in raised.value.message
    assert raised.value.field == "netlist"


def test_a_top_that_is_not_there_names_those_that_are(tmp_path):
    with pytest.raises(InputError, match="no subcircuit other; it has TOP"):
        read(f".subckt top d\nXa d d d d {NFET} w=1 l=1\n.ends\n", tmp_path, top="other")


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such netlist"):
        read_reference(tmp_path / "none.spice", "top")


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "layout.gds"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match="not a text file"):
        read_reference(path, "top")


def devices(netlist, top="top"):
    """Number of devices of the flattened circuit."""
    netlist.flatten()
    return sum(1 for _ in circuit_named(netlist, top).each_device())


def test_parameters_of_the_file_are_known_in_its_subcircuits(tmp_path):
    text = f""".param wide=3
.param long='wide/2'
.subckt unit d g wide=7
Xm d g g g {NFET} w=wide l=long
.ends
.subckt top d g
X1 d g unit
Xm d g g g {NFET} w=wide l=long
.ends
"""
    netlist = read(text, tmp_path)
    assert sorted(size for c in netlist.each_circuit() for size in sizes(c, "W", "L")) == [(3, 1.5), (7, 1.5)]


def test_m_of_a_call_is_that_many_calls_unless_the_subcircuit_takes_m(tmp_path):
    text = """.subckt unit d g {0}
Xm d g g g {1} w=1 l=1
.ends
.subckt top d g
X1 d g unit m=3
.ends
"""
    assert devices(read(text.format("", NFET), tmp_path)) == 3
    assert devices(read(text.format("m=1", NFET), tmp_path)) == 1


def test_includes_are_opened_and_their_lines_named(tmp_path):
    (tmp_path / "unit.spice").write_text(f".subckt unit d g\nXm d g g g {NFET} w=1 l=1\n.ends\n")
    text = '.include "unit.spice"\n.subckt top d g\nX1 d g unit\n.ends\n'
    assert devices(read(text, tmp_path)) == 1
    (tmp_path / "unit.spice").write_text(f".subckt unit d g\nXm d g g g {NFET} w=1\n.ends\n")
    with pytest.raises(InputError, match=r"unit\.spice, line 2: XM: l must be a number"):
        read(text, tmp_path)


def test_simulation_lines_are_no_part_of_the_circuit(tmp_path):
    text = "a title\n.lib /usr/pdk/sky130A/libs.tech/ngspice/sky130.lib.spice tt\n"
    text += f".subckt top d g\nXm d g g g {NFET} w=1 l=1 ; wide\n.ends\n"
    text += ".control\nrun\n.endc\n.end\n"
    assert devices(read(text, tmp_path)) == 1


def test_resistors_of_any_spelling(tmp_path):
    text = """.subckt top a b s
Xa a b s sky130_fd_pr__res_high_po_0p69 l=4 mult=2 m=2
Xb a b s sky130_fd_pr__res_xhigh_po w=0.35 l=7
R1 a b sky130_fd_pr__res_generic_po w=0.48 l=4.8
.ends
"""
    netlist = read(text, tmp_path)
    circuit = circuit_named(netlist, "top")
    found = [
        (d.device_class().name, pytest.approx(d.parameter("W")), pytest.approx(d.parameter("L")))
        for d in circuit.each_device()
    ]
    assert found == [
        ("SKY130_FD_PR__RES_HIGH_PO", 1.38, 4),
        ("SKY130_FD_PR__RES_XHIGH_PO", 0.35, 7),
        ("SKY130_FD_PR__RES_GENERIC_PO", 0.48, 4.8),
    ]


def test_a_file_over_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lvs_netlist_lines, "LARGEST_BYTES", 10)
    with pytest.raises(InputError, match="larger than"):
        read(".subckt top d\n.ends\n", tmp_path)
