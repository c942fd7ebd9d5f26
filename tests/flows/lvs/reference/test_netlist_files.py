"""Which files of a netlist are opened, which subcircuits of them count, and what is said of the others."""

import json
from dataclasses import replace

import pytest
from hand_drawn import NFET, Hand, subckt

from analoom.flows.cli.main import main
from analoom.flows.lvs.check import lvs_file
from analoom.flows.lvs.reference import pdk_files
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.lvs.reference.netlist import read_reference, read_with_notes
from analoom.flows.many_files.check import LvsOfFile
from analoom.pdk.errors import InputError

DEVICE = f"Xm d g s b {NFET} w=1 l=0.15"
LEAF = subckt("d g s b", DEVICE, name="leaf")
TOP = subckt("d g s b", "X1 d g s b leaf")


@pytest.fixture
def layout(tmp_path):
    hand = Hand("drawn")
    hand.transistor()
    hand.names()
    hand.tap(1500)
    return hand.source().write(tmp_path / "drawn.gds")


def written(folder, **texts):
    folder.mkdir(exist_ok=True)
    return tuple(
        (folder / f"{name}.spice", (folder / f"{name}.spice").write_text(text))[0] for name, text in texts.items()
    )


def refused(netlists, said, top="top"):
    with pytest.raises(InputError, match=said) as raised:
        read_reference(netlists, top)
    return raised.value


def test_two_files_and_another_name(layout, tmp_path):
    files = written(tmp_path, top=TOP, cells=LEAF)
    assert lvs_file(layout, files, None, tmp_path / "out", circuit="TOP").clean
    assert not lvs_file(
        layout, written(tmp_path, top=TOP.replace("X1 d g", "X1 g d"), cells=LEAF), None, tmp_path, circuit="top"
    ).clean
    assert refused(files, "no subcircuit drawn; it has TOP, LEAF", top="drawn").remedy == "--circuit NAME"
    assert "--netlist" in refused(files[0], "line 2: LEAF is neither a subcircuit nor a device").remedy


def test_many_layouts_take_the_same_options(layout, tmp_path):
    written(tmp_path / "cells", leaf=LEAF)
    files = written(tmp_path / "design", top=f".include ../cells/leaf.spice\n{TOP}", more=LEAF)
    check = LvsOfFile(netlist=files, root=tmp_path / "out", circuit="top", allow_include=(tmp_path / "cells",))
    assert check(layout)["clean"]
    with pytest.raises(InputError, match="lies outside"):
        replace(check, allow_include=())(layout)
    with pytest.raises(InputError, match="no subcircuit drawn"):
        replace(check, circuit=None)(layout)


def test_one_subcircuit_in_two_ways_names_both_places(tmp_path):
    files = written(tmp_path, top=TOP + LEAF, cells="\n" + LEAF.replace("w=1", "w=2"))
    refused(files, r"cells\.spice, line 2: LEAF is defined otherwise than at .*top\.spice, line 4")
    other = subckt("a", f"Xm a a a a {NFET} w=1 l=1", name="unused")
    assert read_reference(written(tmp_path, top=TOP + LEAF + other, cells=LEAF + other.replace("w=1", "w=2")), "top")


def test_only_what_the_top_reaches_is_looked_at(tmp_path):
    unusable = subckt("a b", "J1 a b b npn", "Xa a é", "M1 a b", name="opamp")
    (path,) = written(tmp_path, top=TOP + LEAF + unusable)
    assert sorted(c.name for c in read_reference(path, "top").each_circuit()) == ["LEAF", "TOP"]
    refused(path, "line 8: 'J1 a b b npn' is no device LVS knows", top="opamp")
    refused(written(tmp_path, top=TOP + LEAF + ".subckt opamp a b\n"), "line 7: OPAMP has no .ends")


@pytest.mark.parametrize("line", [".sbckt opamp a", ".if (x)", ".connect a b"])
def test_a_testbench_may_not_say_what_is_not_known(line, tmp_path):
    refused(written(tmp_path, top=f"{line}\n{TOP}{LEAF}"), "line 1: .* is no statement LVS knows")


@pytest.mark.parametrize(
    "scale, good", [("1e-6", True), ("1u", True), ("1.0E-06", True), ("1", False), ("1e-9", False)]
)
def test_sizes_are_in_um_and_another_scale_is_refused(scale, good, tmp_path):
    files = written(tmp_path, top=f".option post scale={scale}\n{TOP}{LEAF}")
    if good:
        read_reference(files, "top")
    else:
        refused(files, f"line 1: scale={scale}: sizes are read in um")


def test_an_include_from_elsewhere_needs_a_word(tmp_path):
    written(tmp_path / "cells", leaf=LEAF)
    files = written(tmp_path / "design", top=f".include ../cells/leaf.spice\n{TOP}")
    said = refused(files, r"line 1: \.\./cells/leaf\.spice lies outside")
    assert said.remedy.startswith("--allow-include ")
    assert read_reference(Reference(files, (tmp_path / "cells",)), "top")
    refused(Reference(files, (tmp_path / "other",)), "lies outside")


def test_a_section_of_a_library(tmp_path):
    sections = f".lib wide\n{LEAF.replace('w=1', 'w=2')}.endl\n.lib narrow\n{LEAF}.endl narrow\n"
    for name, width in (("wide", 2), ("NARROW", 1)):
        files = written(tmp_path, top=f".lib all.spice {name}\n{TOP}", all=sections)[:1]
        (device,) = (d for c in read_reference(files, "top").each_circuit() for d in c.each_device())
        assert device.parameter("W") == width
    refused(written(tmp_path, top=f".lib all.spice long\n{TOP}", all=sections)[:1], "has no section long")


@pytest.mark.parametrize(
    "name",
    [
        "/usr/share/pdk/sky130A/libs.tech/ngspice/sky130.lib.spice",
        "$PDK_ROOT/sky130B/libs.tech/combined/continuous/models_fet.spice",
        "~/skywater-pdk/libraries/sky130_fd_pr/latest/models/corners/tt.spice",
        "$::SKYWATER_MODELS/sky130.lib.spice",
        "sky130.lib.spice",
    ],
)
def test_models_of_the_pdk_are_those_installed(name, tmp_path):
    files = written(tmp_path, top=f'.lib "{name}" tt\n{TOP}{LEAF}')
    (note,) = read_with_notes(files, "top")[1]
    assert f"line 1: {name} is taken as the models of the Python package sky130" in note
    mine = name.replace("sky130", "sky131").replace("libs.tech", "mine").replace("SKYWATER", "MY")
    refused(written(tmp_path, top=f'.lib "{mine}" tt\n{TOP}{LEAF}'), "line 1: .*(lies outside|no such file)")


def test_a_cell_library_is_the_installed_one_or_that_beside_the_netlist(tmp_path):
    name, cell = "sky130_fd_sc_hd", "sky130_fd_sc_hd__inv_1"
    top = subckt("A VGND VNB VPB VPWR Y", f"X1 A VGND VNB VPB VPWR Y {cell}")
    files = written(tmp_path, top=f".include /pdk/libs.ref/{name}/spice/{name}.spice\n{top}")
    netlist, (note,) = read_with_notes(files, "top")
    assert sum(1 for c in netlist.each_circuit() for _ in c.each_device()) == 2
    assert f"is taken as the {name} of the Python package sky130" in note
    own = subckt("A VGND VNB VPB VPWR Y", f"Xm A VGND VNB VPB {NFET} w=1 l=1", name=cell)
    files = written(tmp_path, top=f".include {name}.spice\n{top}", **{name: own})[:1]
    netlist, notes = read_with_notes(files, "top")
    assert sum(1 for c in netlist.each_circuit() for _ in c.each_device()) == 1
    assert notes == ()


def test_a_cell_library_of_a_pdk_in_pdk_root_comes_first(tmp_path, monkeypatch):
    magic, spice = tmp_path / "sky130A/libs.tech/magic", tmp_path / "sky130A/libs.ref/sky130_fd_sc_hvl/spice"
    for folder in (magic, spice):
        folder.mkdir(parents=True)
    (magic / "sky130A.tech").touch()
    cell = "sky130_fd_sc_hvl__inv_1"
    files = written(tmp_path / "design", top=subckt("d g s b", f"X1 d g s b {cell}"))
    refused(files, f"{cell.upper()} is neither a subcircuit nor a device")
    written(spice, sky130_fd_sc_hvl=subckt("d g s b", DEVICE, name=cell))
    monkeypatch.setenv("PDK_ROOT", str(tmp_path))
    assert read_with_notes(files, "top")[1] == (
        f"sky130_fd_sc_hvl: cells that no netlist defines are taken from the PDK in {tmp_path}",
    )


def test_a_library_that_is_not_installed_says_so(tmp_path):
    files = written(tmp_path, top=f".include /pdk/sky130_fd_sc_ls.spice\n{TOP}{LEAF}")
    assert pdk_files.installed_cells("sky130_fd_sc_ls") is None
    assert "--allow-include" in refused(files, "line 1: .*: sky130_fd_sc_ls is not installed here").remedy


def test_a_commented_top_is_read_only_where_it_is_the_only_one(tmp_path):
    top = f"**.subckt top d g s b\n{DEVICE}\n**.ends\n"
    assert "read as the top" in read_with_notes(written(tmp_path, top=top), "top")[1][0]
    said = refused(written(tmp_path, top=top + top), r"line 4: TOP is commented out, there and at .*, line 1")
    assert "Top level is a .subckt" in said.remedy
    netlist, notes = read_with_notes(written(tmp_path, top=top + subckt("d", f"Xm d d d d {NFET} w=3 l=1")), "top")
    assert [d.parameter("W") for c in netlist.each_circuit() for d in c.each_device()] == [3]
    assert notes == ()
    refused(written(tmp_path, top=top), r"no subcircuit other; it has TOP \(commented out\)", top="other")
    assert (
        "Top level is a .subckt" in refused(written(tmp_path, top=f"* flat\n{DEVICE}\n"), "a device outside any").remedy
    )


def test_a_net_with_the_name_of_a_parameter(tmp_path):
    """klayout would take the net for the value of the parameter."""
    outer = read_reference(
        written(tmp_path, top=f".param b=0.15\n{subckt('d g s b', DEVICE.replace('0.15', 'b'))}"), "top"
    )
    (device,) = (d for c in outer.each_circuit() for d in c.each_device())
    assert (device.net_for_terminal("B").name, device.parameter("L")) == ("B", pytest.approx(0.15))
    inner = subckt("d g s b", ".param b=0.15", DEVICE.replace("0.15", "b"))
    refused(written(tmp_path, top=inner), "line 3: b is a net and a parameter of the same subcircuit")


def test_the_command_line(layout, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "cells", leaf=LEAF)
    (top,) = written(tmp_path / "design", top=f".include ../cells/leaf.spice\n.lib /pdk/sky130.lib.spice tt\n{TOP}")
    arguments = ["lvs", str(layout), "--netlist", str(top), "--circuit", "top", "--json"]
    assert ended(arguments, capfd) == (2, "--allow-include")
    code, report = ended([*arguments, "--allow-include", "cells"], capfd)
    assert code == 0
    assert "sky130.lib.spice is taken as" in report["engines"]["fast"]["notes"][0]
    top.write_text(TOP.replace("X1 d g", "X1 g d"))
    more = ["--netlist", str(tmp_path / "cells/leaf.spice")]
    assert ended([*arguments, *more], capfd)[0] == 1
    assert ended(["lvs", "unit_cap", "--circuit", "top", "--json"], capfd) == (2, "--netlist")


def ended(arguments, capfd):
    """The exit code, and the report or the first word of the remedy."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    said = json.loads(capfd.readouterr().out)
    return raised.value.code, said["error"]["remedy"].split()[0] if "error" in said else said
