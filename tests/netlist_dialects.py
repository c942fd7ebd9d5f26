"""Netlists as tools and people write them, each of a layout that a test draws, and each with a broken twin.

Verdicts are reasoned by hand from the circuit. `netgen` is what netgen 1.5.323 with the PDK's setup said of the same
files, read as they are, against the drawn devices on X lines: "mismatch" where it takes the dialect otherwise, "-"
where it gives up. Of every twin it said mismatch, or gave up.
"""

from dataclasses import dataclass, field

from hand_drawn import NFET

DEVICE = f"Xm d g s b {NFET} w=1 l=0.15"
OPEN_PDKS = "/usr/local/share/pdk/sky130A"
WIDTH, LENGTH = ("w=1 ", "w=2 "), ("l=0.15", "l=0.18")


@dataclass(frozen=True)
class Dialect:
    """A netlist of the layout `drawn` and the change that breaks it; `note`: what a note must say.

    `drain`: how the layout's drain is named; `more`: further files by name, of which `given` go to `--netlist` as well.
    """

    name: str
    text: str
    broken: tuple[str, str]
    netgen: str
    drawn: str = "nmos"
    drain: str = "d"
    note: str = ""
    more: dict[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    encoding: str = "utf-8"

    def files(self, broken):
        """Text by file name, as it stands or with the one change."""
        texts = {"top.spice": self.text, **self.more}
        changed = {name: text.replace(*self.broken) for name, text in texts.items()}
        assert changed != texts, "a change that changes nothing"
        return changed if broken else texts


def subckt(name, *lines, ports="d g s b", end=".ends"):
    return "\n".join([f".subckt {name} {ports}", *lines, end, ""])


def top(*lines, **options):
    return subckt("top", *lines, **options)


def leaf(device=DEVICE, ports="d g s b"):
    return subckt("leaf", device, ports=ports)


PLAIN = (
    Dialect("plain", top(DEVICE), ("Xm d g s", "Xm g d s"), "match"),
    Dialect("lines of DOS", top(DEVICE).replace("\n", "\r\n"), WIDTH, "match"),
    Dialect("tabs", top(DEVICE.replace(" ", "\t")), ("w=1\t", "w=2\t"), "match"),
    Dialect("byte order mark", "\ufeff" + top(DEVICE), LENGTH, "-"),
    Dialect("Latin-1 comment", "* Größe in µm\n" + top(DEVICE), WIDTH, "match", encoding="latin-1"),
    Dialect(
        "continued, comments between", top(f"Xm d g\n* a\n+ s b\n\n*b\n+ {NFET} w=1\n+ l=0.15"), LENGTH, "mismatch"
    ),
    Dialect("blank lines and blanks", top("", f"  {DEVICE}   ", ""), WIDTH, "match"),
    Dialect("semicolon", top(f"{DEVICE};one finger"), WIDTH, "mismatch"),
    Dialect("dollar and blank", top(f"{DEVICE} $ w=9"), WIDTH, "mismatch"),
    Dialect("dollar and a word", top(f"{DEVICE} $1.68, 0.84"), WIDTH, "match"),
    Dialect("a line of dollar", top("$ drawn by hand", DEVICE), WIDTH, "match"),
    Dialect("the name at .ends", top(DEVICE, end=".ends top"), WIDTH, "match"),
    Dialect("upper case", top(DEVICE).upper(), ("L=0.15", "L=0.18"), "mismatch"),
    Dialect("a title like a device", "My transistor, version 3\n" + top(DEVICE), WIDTH, "match"),
    Dialect("text after .end", top(DEVICE) + ".end\nand so on: a (b\n.subckt top d\n", WIDTH, "mismatch"),
    Dialect("transistor as M line", top(f"M1 d g s b {NFET} w=1 l=0.15"), ("M1 d g", "M1 g d"), "mismatch"),
    Dialect("m on a device", top(f"Xm d g s b {NFET} w=0.5 l=0.15 m=2"), ("m=2", "m=3"), "match", "two fingers"),
    Dialect("brought by Magic", top(f"{DEVICE} ad=0.29 pd=2.58", "**devattr s=1,2"), WIDTH, "match"),
)

CDL = (
    Dialect("call with a slash", leaf() + top("XI0 d g s b / leaf"), ("XI0 d g", "XI0 g d"), "match"),
    Dialect("short model name", top("M1 d g s b nfet_01v8 W=1 L=0.15"), ("01v8", "01v8_lvt"), "mismatch"),
    Dialect("short model name, X line", top("X1 d g s b nfet_01v8 W=1 L=0.15"), ("W=1", "W=1.1"), "mismatch"),
    Dialect(
        "a library's cell",
        ".SUBCKT top d g s b\n*.PININFO d:B g:I s:B b:B\nMMIN1 d g s b nfet_01v8 m=1 w=1 l=0.15 mult=1 sa=0.265\n"
        "+ sb=0.265 sd=0.28 topography=normal area=0.063 perim=1.14\n.ENDS top\n",
        ("MMIN1 d g s", "MMIN1 d g d"),
        "mismatch",
    ),
    Dialect("places", top(f"{DEVICE} $X=120 $Y=-40 $D=3"), WIDTH, "mismatch"),
    Dialect("*.BIPOLAR and others", "*.BIPOLAR\n*.RESI = 2000\n*.MEGA\n" + top(DEVICE), WIDTH, "match"),
    Dialect("*.GLOBAL", "*.GLOBAL b\n" + leaf(ports="d g s") + top("X1 d g s leaf"), ("L b", "L x"), "mismatch"),
    Dialect(".GLOBAL", ".GLOBAL b\n" + leaf(ports="d g s") + top("X1 d g s leaf"), ("L b", "L x"), "mismatch"),
    Dialect("pins by name", leaf() + top("XI0 / leaf $PINS b=b g=g d=d s=s"), ("g=g d=d", "g=d d=g"), "mismatch"),
    Dialect(
        "resistor: $SUB, $[model]",
        top("RR0 a b 3.6K $SUB=s $[res_high_po] $W=0.69 $L=4", ports="a b s"),
        ("$L=4", "$L=5"),
        "mismatch",
        "resistor",
    ),
    Dialect(
        "resistor: model, $SUB",
        top("RR0 a b res_high_po W=0.69 L=4 M=1 $SUB=s", ports="a b s"),
        ("M=1", "M=2"),
        "mismatch",
        "resistor",
    ),
    Dialect(
        "resistor: $.MODEL",
        top("RR0 a b $SUB=s $.MODEL=sky130_fd_pr__res_high_po w=0.69 l=4", ports="a b s"),
        ("$SUB=s", "$SUB=a"),
        "mismatch",
        "resistor",
    ),
    Dialect(
        "capacitor: value, $[model]",
        top("CC0 t b 8f $[cap_mim_m3_1] W=2 L=2", ports="t b"),
        ("W=2", "W=3"),
        "mismatch",
        "plate",
    ),
    Dialect(
        "capacitor as C line",
        top("C0 t b sky130_fd_pr__cap_mim_m3_1 w=2 l=2 m=1", ports="t b"),
        ("C0 t b", "C0 b t"),
        "mismatch",
        "plate",
    ),
    Dialect("blanks around =", top(f"Xm d g s b {NFET} w = 1 l= 0.15"), ("l= 0.15", "l= 0.16"), "mismatch"),
    Dialect("a value on the next line", top(f"Xm d g s b {NFET} w=\n+ 1 l\n+ =0.15"), ("+ 1 l", "+ 2 l"), "mismatch"),
)

NAMES = (
    Dialect("bus in brackets", top(DEVICE.replace(" d ", " d[3] "), ports="d[3] g s b"), WIDTH, "match", drain="d[3]"),
    Dialect("bus in angles", top(DEVICE.replace(" d ", " d<3> "), ports="d<3> g s b"), WIDTH, "match", drain="d<3>"),
    Dialect(
        "escaped bus", top(DEVICE.replace(" d ", r" d\[3\] "), ports="d[3] g s b"), WIDTH, "mismatch", drain="d[3]"
    ),
    Dialect("escaped name", top(DEVICE.replace(" d ", r" \d[3] "), ports=r"\d[3] g s b"), WIDTH, "match", drain="d[3]"),
    Dialect("comma", top(DEVICE.replace(" d ", " d,1 "), ports="d,1 g s b"), WIDTH, "mismatch", drain="d,1"),
    Dialect("exclamation mark", top(DEVICE.replace(" d ", " d! "), ports="d! g s b"), WIDTH, "mismatch", drain="d!"),
    Dialect("paths of instances", top(DEVICE.replace("Xm", "XI0/XI1/M1")), ("s b sky", "b b sky"), "match"),
)

VALUES = (
    Dialect("suffix in upper case", top(f"Xm d g s b {NFET} w=1000000U l=150000U"), ("150000U", "180000U"), "match"),
    Dialect("MEG, m", top(f"Xm d g s b {NFET} w=1e-6MEG l=150m"), ("150m", "180m"), "match"),
    Dialect("the library's scale", ".option scale=1e-6\n" + top(DEVICE.replace("0.15", "150000u")), WIDTH, "match"),
    Dialect("quotes", top(".param half=0.5", DEVICE.replace("w=1", "w='half*2'")), ("half*2", "half*3"), "match"),
    Dialect("braces", ".param half=0.5\n" + top(DEVICE.replace("w=1", "w={half*2}")), ("half=0.5", "half=1"), "match"),
    Dialect("double quotes", top(DEVICE.replace("w=1", 'w="0.5*2"')), ("0.5*2", "0.5*3"), "match"),
    Dialect(
        "params:",
        leaf(DEVICE.replace("w=1", "w=wide"), "d g s b params: wide=3") + top("X1 d g s b leaf PARAMS: wide=1"),
        ("wide=1", "wide=2"),
        "mismatch",
    ),
    Dialect(
        "parameter of a parameter",
        ".param a='b*2' c=7\n.param b=0.5\n" + top(DEVICE.replace("w=1", "w=a")),
        ("b=0.5", "b=1"),
        "mismatch",
    ),
    Dialect(
        "m on a call",
        leaf(DEVICE.replace("w=1", "w=0.5")) + top("X1 d g s b leaf m=2"),
        ("m=2", "m=1"),
        "match",
        "two fingers",
    ),
    Dialect(
        "m on a call, as a number with a point",
        leaf(DEVICE.replace("w=1", "w=0.5")) + top("X1 d g s b leaf m='2.0'"),
        ("m='2.0'", "m=1"),
        "match",
        "two fingers",
    ),
)

XSCHEM = (
    Dialect(
        "xschem, a subcircuit",
        f"** sch_path: /me/top.sch\n.subckt top d g s b\n*.PININFO d:B g:I s:B\nXM1 d g s b {NFET} L=0.15 W=1\n"
        "+ nf=1 ad='int((nf+1)/2) * W/nf * 0.29' nrd='0.29 / W' mult=1 m=1\n.ends\n.end\n",
        ("W=1\n", "W=2\n"),
        "match",
    ),
    Dialect(
        "xschem, the top commented out",
        f"** sch_path: /home/me/top.sch\n**.subckt top d g s b\n*.iopin d\n*.ipin g\n*.iopin s\n*.iopin b\n{DEVICE}\n"
        f"**** begin user architecture code\n.lib {OPEN_PDKS}/libs.tech/ngspice/sky130.lib.spice tt\n.save all\n"
        "**** end user architecture code\n**.ends\n.GLOBAL GND\n.end\n",
        WIDTH,
        "-",
        note="the commented-out **.subckt top is read as the top",
    ),
    Dialect(
        "xschem, older: a port a symbol",
        f"**.subckt top d g s s b b\n*.opin d\n{DEVICE}\n**.ends\n** flattened .save nodes\n.end\n",
        ("Xm d g s b", "Xm d g b s"),
        "-",
        note="commented-out",
    ),
)

TESTBENCH = (
    Dialect(
        "a testbench around",
        "* inverter\n.option scale=1e-6\n.param vdd=1.8 x='agauss(1,2,3)' unused=\n.global VDD\n.temp 27\n"
        "V1 VDD 0 'vdd'\nE1 q 0 VDD 0 2\nB2 q 0 V=V(a)\nX1 VDD q 0 0 top\n"
        ".ic v(q)=0\n.save all\n.tran 1n 1u\n.meas tran t when v(q)=1\n"
        f"{top(DEVICE)}.control\nrun\nplot v(q) $&x\n.endc\n.end\n",
        WIDTH,
        "match",
    ),
    Dialect(
        "a subcircuit that cannot be used and is not",
        ".subckt opamp a b\nQ1 a b b npn\nX1 a nothing\nX2 a b opamp\n.ends\n" + top(DEVICE),
        WIDTH,
        "match",
    ),
    Dialect(
        "models of the PDK by path",
        f".lib {OPEN_PDKS}/libs.tech/ngspice/sky130.lib.spice tt\n"
        ".include $PDK_ROOT/sky130A/libs.tech/combined/x.spice\n"
        f".lib skywater/libraries/sky130_fd_pr/latest/models/sky130.lib.spice tt\n{top(DEVICE)}",
        WIDTH,
        "match",
        note="sky130.lib.spice is taken as the models of",
    ),
    Dialect(
        "cells of the PDK by path",
        f'.include "{OPEN_PDKS}/libs.ref/sky130_fd_sc_hd/spice/sky130_fd_sc_hd.spice"\n'
        + top("x1 A VGND VNB VPB VPWR Y sky130_fd_sc_hd__inv_1", ports="A VGND VNB VPB VPWR Y"),
        ("hd__inv_1", "hd__inv_2"),
        "mismatch",
        "library",
        note="sky130_fd_sc_hd.spice is taken as the sky130_fd_sc_hd of",
    ),
    Dialect(
        "cells of the PDK without a word",
        top("X_0_ A VGND VNB VPB VPWR Y sky130_fd_sc_hd__inv_1", ports="A VGND VNB VPB VPWR Y"),
        ("X_0_ A VGND", "X_0_ VGND A"),
        "mismatch",
        "library",
        note="cells that no netlist defines are taken from",
    ),
)

FILES = (
    Dialect(
        "include beside it",
        '.include "leaf.spice"\n' + top("X1 d g s b leaf"),
        WIDTH,
        "match",
        more={"leaf.spice": leaf() + ".end\n"},
    ),
    Dialect(
        "section of a library",
        ".lib 'all.lib' wide\n" + top("X1 d g s b leaf"),
        ("all.lib' wide", "all.lib' narrow"),
        "mismatch",
        more={"all.lib": f".lib narrow\n{leaf(DEVICE.replace('w=1', 'w=3'))}.endl\n.lib wide\n{leaf()}.endl wide\n"},
    ),
    Dialect(
        "a second file",
        top("X1 d g s b leaf"),
        WIDTH,
        "match",
        more={"cells.spice": leaf() + ".end\n"},
        given=("cells.spice",),
    ),
    Dialect(
        "one subcircuit twice alike",
        leaf() + top("X1 d g s b leaf"),
        ("0.15", "0.18"),
        "match",
        more={"cells.spice": leaf().upper().replace(" ", "  ")},
        given=("cells.spice",),
    ),
)

TIES = (
    Dialect("no ohm", top(DEVICE.replace(" s ", " n#2 "), "R1 s n#2 0"), ("R1 s", "R1 d"), "match"),
    Dialect("no ohm by name", top(DEVICE.replace(" s ", " x1.n "), "R1 s x1.n R=0"), ("R1 s", "R1 d"), "mismatch"),
    Dialect(
        "a model called short",
        top(DEVICE.replace(" s ", " n "), "rI1 n s short"),
        ("n s short", "n d short"),
        "mismatch",
    ),
    Dialect("an ammeter", top(DEVICE.replace(" s ", " n "), "Vm n s dc 0"), ("Vm n s", "Vm n d"), "match"),
    Dialect("two ports on one wire", top(DEVICE, "R0 s b 0"), ("R0 s b 0", "R0 s g 0"), "mismatch", "tied"),
    Dialect(
        "a port with a comma, tied",
        top(DEVICE.replace(" s ", " s,1 "), "R0 s,1 b 0", ports="d g s,1 b"),
        ("R0 s,1 b 0", "R0 s,1 d 0"),
        "mismatch",
        "tied, comma",
    ),
    Dialect(
        "two ports tied below",
        subckt("strap", "R0 a b 0", ports="a b") + top(DEVICE, "X0 b s strap"),
        ("R0 a b 0", "* R0"),
        "mismatch",
        "tied",
    ),
)

DIALECTS = (*PLAIN, *CDL, *NAMES, *VALUES, *XSCHEM, *TESTBENCH, *FILES, *TIES)
