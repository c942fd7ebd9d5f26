"""What LVS calls equal is what ngspice gives equal currents to: m, nf, mult, parallel and series devices, every family.

The judge is ngspice with the installed models at tt: no verdict stands in this file.
"""

import klayout.db as kdb
import pytest

from analoom.flows.lvs.compare.compare import combine
from analoom.flows.lvs.compare.sizes import set_exact
from analoom.flows.lvs.devices.units import FINGERS
from analoom.flows.lvs.reference.netlist import read_reference
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.install import models_dir

PR = "sky130_fd_pr__"
SAME = 1e-6
"""Relative; of the pairs that LVS tells apart the closest (xhigh_po, two bodies or one as long) differs by 1.7e-5."""

ALIKE = {"pfet_01v8_hvt: two fingers, and two": 2.5e-3, "res_xhigh_po: ends changed over": 1e-3}
"""Where the models say otherwise of one drawing: bins by total width, a voltage on the substrate. Relative."""


def mos(model, sizes, nets="d g 0 0"):
    return f"{nets} {PR}{model} {sizes}"


def _mos_pairs(model, l_um):
    one = mos(model, f"w=1 l={l_um} nf=1")
    upper, lower = mos(model, f"w=1 l={l_um} nf=1", "d g i 0"), mos(model, f"w=1 l={l_um} nf=1", "i g 0 0")
    yield "two, and m=2", [one, one], [f"{one} m=2"]
    yield "m=2, and with mult said too", [f"{one} m=2"], [f"{one} m=2 mult=2"]
    yield "mult alone, and m=2", [f"{one} mult=2"], [f"{one} m=2"]
    yield "mult alone, and one", [f"{one} mult=2"], [one]
    yield "two fingers, and two", [mos(model, f"w=2 l={l_um} nf=2")], [one, one]
    yield "two fingers, and one as wide", [mos(model, f"w=2 l={l_um} nf=2")], [mos(model, f"w=2 l={l_um} nf=1")]
    wide = [mos(model, f"w=4 l={l_um}")]
    yield "fingers not said, and one", wide, [mos(model, f"w=4 l={l_um} nf=1")]
    yield "fingers not said, and four", wide, [mos(model, f"w=4 l={l_um} nf=4")]
    yield "source and drain changed over", [one], [mos(model, f"w=1 l={l_um} nf=1", "0 g d 0")]
    yield "in series, and one as long", [upper, lower], [mos(model, f"w=1 l={2 * l_um} nf=1")]
    strips = [upper, lower, upper.replace(" i ", " j "), lower.replace("i g", "j g")]
    yield "two strips, and a stack of two fingers", strips, [f"{upper} m=2", f"{lower} m=2"]


def _poly_pairs(model, nets):
    body, upper, lower = (f"{n} {PR}{model} w=0.69 l=4" for n in (f"d {nets}", f"d i{nets[1:]}", f"i {nets}"))
    yield "two, and m=2", [body, body], [f"{body} m=2"]
    yield "mult alone, and m=2", [f"{body} mult=2"] if nets != "0" else [body], [f"{body} m=2"]
    yield "two, and one twice as wide", [body, body], [body.replace("w=0.69", "w=1.38")]
    yield "in series, and one as long", [upper, lower], [body.replace("l=4", "l=8")]
    yield "ends changed over", [body], [body.replace("d 0", "0 d", 1)]


def _fixed_pairs(model):
    yield "named by width, and with w", [f"d 0 0 {PR}{model}_0p69 l=4"], [f"d 0 0 {PR}{model} w=0.69 l=4"]
    yield "named by other widths", [f"d 0 0 {PR}{model}_0p69 l=4"], [f"d 0 0 {PR}{model}_1p41 l=4"]


def _cap_pairs(model):
    plate = f"d 0 {PR}{model} w=2 l=2"
    yield "two, and m=2", [plate, plate], [f"{plate} m=2"]
    yield "two, and one twice as long", [plate, plate], [f"d 0 {PR}{model} w=2 l=4"]
    yield "w and l changed over", [f"d 0 {PR}{model} w=2 l=3"], [f"d 0 {PR}{model} w=3 l=2"]
    yield "mult alone, and one", [f"{plate} mult=2"], [plate]


FAMILIES = {
    **{name: _mos_pairs(name, 1) for name in ("nfet_01v8", "nfet_01v8_lvt", "nfet_g5v0d10v5", "nfet_05v0_nvt")},
    **{name: _mos_pairs(name, 1) for name in ("pfet_01v8", "pfet_01v8_lvt", "pfet_01v8_hvt", "pfet_g5v0d10v5")},
    "res_high_po": [*_poly_pairs("res_high_po", "0 0"), *_fixed_pairs("res_high_po")],
    "res_xhigh_po": [*_poly_pairs("res_xhigh_po", "0 0"), *_fixed_pairs("res_xhigh_po")],
    "res_generic_po": _poly_pairs("res_generic_po", "0"),
    "cap_mim_m3_1": _cap_pairs("cap_mim_m3_1"),
    "cap_mim_m3_2": _cap_pairs("cap_mim_m3_2"),
}
PAIRS = {f"{family}: {what}": sides for family, pairs in FAMILIES.items() for what, *sides in pairs}


def named(lines, tag):
    """Instance names for device lines, their inner nets apart."""
    words = [[f"{w}{tag}" if w in ("i", "j") else w for w in line.split()] for line in lines]
    return [f"x{tag}_{n} {' '.join(line)}" for n, line in enumerate(words)]


@pytest.fixture(scope="module")
def currents():
    """|I| into net d by pair and side: dc, of a capacitor at 1 MHz (A)."""
    lines, sources = [], {}
    for n, (pair, sides) in enumerate(PAIRS.items()):
        v = -1.2 if "pfet" in pair else 1.2
        for side, devices in zip("ab", sides, strict=True):
            tag = f"{n}{side}"
            lines += [f"vd{tag} d{tag} 0 dc {v} ac 1", f"vg{tag} g{tag} 0 {v}"]
            own = {"d": f"d{tag}", "g": f"g{tag}"}
            lines += [" ".join(own.get(w, w) for w in line.split()) for line in named(devices, tag)]
            sources[pair, side] = f"vd{tag}#branch"
    with circuit(deck("pairs", f".lib {models_dir() / 'sky130.lib.spice'} tt", *lines)) as loaded:
        op, ac = loaded.run("op"), loaded.run("ac lin 1 1e6 1e6")
    return {key: abs((ac if "cap" in key[0] else op)[name]).item() for key, name in sources.items()}


def lvs_equal(tmp_path, sides):
    """Whether klayout's comparer, set as LVS sets it, calls the two netlists equal."""
    netlists = []
    for side, lines in zip("ab", sides, strict=True):
        path = tmp_path / f"{side}.spice"
        path.write_text("\n".join([".subckt top d g 0", *named(lines, ""), ".ends", ""]))
        netlists.append(read_reference(path, "top"))
        set_exact(netlists[-1])
        combine(netlists[-1])
    return kdb.NetlistComparer().compare(*netlists) and fingers(netlists[0]) == fingers(netlists[1])


def fingers(netlist):
    """Of the transistors left after combining; one where the line does not say."""
    devices = [d for c in netlist.each_circuit() for d in c.each_device()]
    return sorted(d.parameter(FINGERS) for d in devices if d.device_class().has_parameter(FINGERS))


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("pair", PAIRS)
def test_equal_currents_and_nothing_else_are_equal(tmp_path, currents, pair):
    one, other = currents[pair, "a"], currents[pair, "b"]
    assert one > 0
    assert lvs_equal(tmp_path, PAIRS[pair]) == (abs(one / other - 1) < ALIKE.get(pair, SAME)), (one, other)
