"""Netlists nobody should be hurt by: refused with file and line, or read as ngspice would; nothing is run or opened."""

import pytest
from hand_drawn import NFET, Hand

from analoom.flows.cli.main import main
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.compare import compare as lvs_compare
from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.reference.netlist import read_reference
from analoom.pdk.errors import InputError

DEVICE = f"Xm d g g g {NFET} w=1 l=1"
GOOD = f".subckt top d g\n{DEVICE}\n.ends\n"


def read(text, tmp_path):
    path = tmp_path / "reference.spice"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_reference(path, "top")


def widths(netlist):
    return [device.parameter("W") for device in circuit_named(netlist, "top").each_device()]


def ports(netlist):
    return circuit_named(netlist, "top").pin_count()


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "\ufeffa title\n" + GOOD,
        GOOD.replace(" w=1", "\n+ w=1\n\n* between\n+"),
        GOOD + ".control\nshell touch hacked\nquit\n.endc\n",
        f".subckt top d g\n.control\nquit\n.endc\n{DEVICE}\n.ends top\n",
    ],
    ids=["crlf", "byte order mark", "and title", "continued", "control", "control inside"],
)
def test_one_transistor_however_it_is_written(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    assert widths(read(text, tmp_path)) == [1]
    assert not (tmp_path / "hacked").exists()


def test_a_circuit_may_have_no_ports_but_not_no_name(tmp_path):
    assert ports(read(GOOD + f".subckt alone\n{DEVICE}\n.ends\n", tmp_path)) == 2
    with pytest.raises(InputError, match=r"line 4: \.subckt without a name"):
        read(GOOD + ".subckt\n.ends\n", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "\0", "reference.spice: not a text file: it holds the control character 0"),
        (GOOD.encode("utf-16"), "reference.spice: not a text file"),
        (".sbckt top d g\n" + GOOD, r"reference.spice, line 1: .sbckt is no statement LVS knows"),
        (GOOD.replace(".ends", ".exec rm -r /\n.ends"), "line 3: .exec is no statement LVS knows"),
        (".control\nrun\n" + GOOD, "line 1: .control without .endc"),
        (GOOD + ".ends\n", "line 4: .ends without a .subckt"),
        (GOOD.replace(".ends", ".ends other"), "line 3: .ends other where TOP is open, from line 1"),
        (GOOD.replace(".ends", ""), "line 1: TOP has no .ends"),
        (GOOD.replace(DEVICE, "X1 d g absent"), "line 2: ABSENT is neither a subcircuit nor a device"),
        (GOOD.replace(DEVICE, "X1 d g top"), "line 2: TOP holds itself: TOP > TOP"),
        (GOOD.replace(" d g g g", " " + "d" * 3_000_000), "line 2: a word of more than 2048 characters"),
        (GOOD.replace(" l=1", " " * 3_000_000 + "= l=1"), "line 2: '=' where a name should stand|has no value"),
        (GOOD.replace(DEVICE, "m=2 l=2 .subckt"), "line 2: 'm=2': a statement begins with a name"),
        (GOOD.replace("Xm d", "Xm dé"), "line 2: the character 'é': names are plain ASCII"),
        (GOOD.replace("l=1", "wé=1"), "line 2: the character 'é': names are plain ASCII"),
        (
            GOOD.replace(DEVICE, "X1 d g unit v=2") + ".subckt unit a b w=1\n.ends\n",
            "line 2: v is no parameter of UNIT",
        ),
        ("a title\n+ goes on\n" + GOOD.replace(" l=1", ""), "line 4: XM: l must be a number"),
        ("+ w=1\n" + GOOD, "line 1: a continuation of nothing"),
        (GOOD.replace(" w=1", " \\\\\n w=1"), "line 3: 'w=1 l=1' is no device LVS knows"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read(text, tmp_path)


@pytest.mark.parametrize("name", ["../models.spice", "{folder}/models.spice", "sub/../../models.spice", "link.spice"])
def test_an_include_outside_the_folder_is_not_opened(tmp_path, name):
    (tmp_path / "models.spice").write_text("secret words\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.spice").symlink_to(tmp_path / "models.spice")
    with pytest.raises(InputError, match=r"line 1: .* lies outside") as refused:
        read(f'.include "{name.format(folder=tmp_path)}"\n{GOOD}', inside)
    assert "secret" not in refused.value.message


def test_files_that_include_each_other(tmp_path):
    (tmp_path / "one.spice").write_text(".include reference.spice\n")
    with pytest.raises(InputError, match=r"one\.spice, line 1: reference\.spice includes itself"):
        read(".include one.spice\n" + GOOD, tmp_path)


def test_ports_beyond_number_and_calls_beyond_depth_are_read(tmp_path):
    wide = ".subckt top d g" + "".join(f"\n+ p{n}" for n in range(20_000)) + f"\n{DEVICE}\n.ends\n"
    assert ports(read(wide, tmp_path)) == 20_002
    deep = "".join(f".subckt s{n} a\nX1 a s{n + 1}\n.ends\n" for n in range(500))
    deep += f".subckt s500 a\nXm a a a a {NFET} w=1 l=1\n.ends\n.subckt top a\nX1 a s0\n.ends\n"
    assert ports(read(deep, tmp_path)) == 1


def nmos():
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.tap(1500)
    return hand


def test_a_netlist_that_would_grow_beyond_memory_is_refused(tmp_path):
    """Ten calls of ten calls ...: a thousand million transistors in 1 kB."""
    calls = "".join(
        f".subckt s{n} a\n" + "".join(f"X{k} a s{n + 1}\n" for k in range(10)) + ".ends\n" for n in range(9)
    )
    bomb = calls + f".subckt s9 a\nXm a a a a {NFET} w=1 l=1\n.ends\n.subckt top d g s b\nX1 d s0\n.ends\n"
    with pytest.raises(InputError, match=f"1000000000 devices .* more than the {lvs_compare.MOST_FLATTENED} possible"):
        run_lvs(nmos().source(), bomb, "top", tmp_path)


def test_names_that_look_like_statements_are_names(tmp_path):
    reference = f".subckt top d g s b\nX.include d g s b {NFET} w=1 l=0.15\n.ends\n"
    assert run_lvs(nmos().source(), reference, "top", tmp_path).clean


def test_the_command_line_says_it_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    gds, netlist = nmos().source().write(tmp_path / "top.gds"), tmp_path / "bad.spice"
    netlist.write_text(GOOD.replace(".ends", ""))
    with pytest.raises(SystemExit) as ended:
        main(["lvs", str(gds), "--netlist", str(netlist)])
    assert ended.value.code == 2
    assert "bad.spice, line 1: TOP has no .ends" in capsys.readouterr().err


@pytest.mark.tools
def test_netgen_sees_what_is_included(tmp_path):
    (tmp_path / "unit.spice").write_text(f".subckt unit d g s b\nXm d g s b {NFET} w=1 l=0.15\n.ends\n")
    path = tmp_path / "reference.spice"
    path.write_text(".include unit.spice\n.subckt top d g s b\nX1 d g s b unit\n.ends\n")
    assert run_lvs(nmos().source(), path, "top", tmp_path / "out", ("netgen",)).clean
    (tmp_path / "unit.spice").write_text(f".subckt unit d g s b\nXm d g s b {NFET} w=2 l=0.15\n.ends\n")
    assert not run_lvs(nmos().source(), path, "top", tmp_path / "out", ("netgen",)).clean
