"""The parts of a translinear multiplier: which registered cells, on which nets, in which rows.

Form gate_pmos: two p diodes (n-well on their source) from the shifted supply `vs1` into `ip` and `in`, each with I1
drawn from it, drive the gates of a p pair whose tail carries 2 I2. Form nmos: two n devices with a common gate `vg` and
sources `ip` and `in`, each with I1 drawn from it; the sources drive the gates of an n pair with a tail of 2 I2. Either
way the ratio of the currents in the first pair is that in the second, so i_out = (I2/I1) i_in. I2 comes from the bias
DAC: half a unit always and half a unit for each step of the code, half units being two units in series. Source:
JNW_SV_SKY130A, circuits JNWSW_CM, JNW_SV and JNW_SV_TL (C. Wulff, TFE4188).
"""

from __future__ import annotations

from collections.abc import Mapping

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Cell
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring.rows import Part, PartRow, Side

from .spec import FINGERS, TranslinearSpec

INPUTS, OUTPUTS = ("ip", "in"), ("op", "on")
HALVES = ("half", "h0")
"""Nets inside the two half units: the one that is always on, and that of bit 0."""


def rows_of(spec: TranslinearSpec) -> list[PartRow]:
    """The rows from the bottom up: bias mirror and DAC, output mirrors, output pair, input pair."""
    switches, tops = _switches(spec), _tops(spec)
    half = len(switches) // 2
    core = _gate_pmos(spec) if spec.form == "gate_pmos" else _nmos(spec)
    loads, second, first, feed, shift = core
    return [
        PartRow(_bias(spec)),
        PartRow(loads, tuple(switches[:half]), tuple(switches[half:])),
        PartRow(second, (tops[0],), (feed,)),
        PartRow(first, (tops[1],), (shift,)),
    ]


def source_of(spec: TranslinearSpec, part: str, device: str) -> str:
    """What a transistor belongs to when errors are told by source: "loop", "mirrors" or "dac"."""
    if part in ("input", "output", "shift"):
        return "loop"
    sinks = 2 if spec.form == "gate_pmos" else 3
    is_leg = part == "bias" and int(device.removeprefix("m")) > sinks
    return "dac" if is_leg or part.startswith(("sw", "top")) else "mirrors"


def bit_leg(k: int) -> str:
    """The net between a bit's switch and its leg."""
    return f"leg{k}"


def _bias(spec: TranslinearSpec) -> Part:
    """Units of the reference, the sinks of the input pair, and the DAC's legs, in one common-centroid row."""
    sinks = [*INPUTS, *(["vg"] if spec.form == "nmos" else [])]
    legs = dict.fromkeys((*sinks, *HALVES), 1) | {bit_leg(k): 2 ** (k - 1) for k in range(1, spec.bits)}
    cell = _mirror("nfet_01v8", spec.w_unit, spec.l_unit, (1, *legs.values()))
    nets = {f"out{k}": net for k, net in enumerate(legs, 1)}
    right = ("in", "out2", *(port for port, net in nets.items() if net.startswith("leg")))
    left = ("b", "s", *(port for port in nets if port not in right))
    return Part("bias", cell, {"in": "ib", **nets, "s": "vss", "b": "vss"}, left, right)


def _tops(spec: TranslinearSpec) -> list[Part]:
    """The upper unit of each half leg."""
    cell = mosfet(MosfetSpec(w=spec.w_unit, l=spec.l_unit, nf=FINGERS))
    nets = {"g": "ib", "b": "vss"}
    legs = zip(HALVES, ("leg", bit_leg(0)), strict=True)
    return [Part(f"top_{s}", cell, {**nets, "s": s, "d": d}, ("b", "g"), ("s", "d")) for s, d in legs]


def _switches(spec: TranslinearSpec) -> list[Part]:
    """One above each leg, on the summing net; that of the constant half unit is always on."""
    cell = mosfet(MosfetSpec(w=spec.w_switch, l=spec.l_switch, nf=FINGERS))
    legs = [("sw", "leg", "vdd"), *((f"sw{k}", bit_leg(k), f"c{k}") for k in range(spec.bits))]
    return [Part(n, cell, {"d": "dac", "g": g, "s": s, "b": "vss"}, ("b", "s"), ("g", "d")) for n, s, g in legs]


def _gate_pmos(spec: TranslinearSpec) -> tuple[Part, Part, Part, Part, Part]:
    shift = mosfet(MosfetSpec(device="pfet_01v8", w=spec.w_switch, l=spec.l_switch, nf=FINGERS))
    pair = _pair(spec, "pfet_01v8")
    loads = _mirror("nfet_01v8", spec.w_out, spec.l_out, (1, 1, 1))
    feed = _mirror("pfet_01v8", spec.w_out, spec.l_out, (1, 2, 1))
    supply = {"s": "vdd", "b": "vdd"}
    first = {"d1": "ip", "g1": "ip", "d2": "in", "g2": "in", "s": "vs1", "b": "vs1"}
    second = _SECOND | {"b": "vdd"}
    load_nets = {"in": "copy", "out1": "op", "out2": "on", "s": "vss", "b": "vss"}
    return (
        Part("loads", loads, load_nets, ("b", "s", "out1"), ("in", "out2")),
        Part("output", pair, second, ("b", "g1", "d1"), ("s", "g2", "d2")),
        Part("input", pair, first, ("b", "s", "g1", "d1"), ("g2", "d2")),
        Part("feed", feed, {"in": "dac", "out1": "tail", "out2": "copy", **supply}, ("b", "s", "out1"), ("out2", "in")),
        Part("shift", shift, {"d": "vs1", "g": "vs1", **supply}, ("b", "s"), ("g", "d")),
    )


def _nmos(spec: TranslinearSpec) -> tuple[Part, Part, Part, Part, Part]:
    loads = _mirror("pfet_01v8", spec.w_out, spec.l_out, (1, 1, 1, 1))
    feed = _mirror("nfet_01v8", spec.w_out, spec.l_out, (1, 2))
    load_nets = {"in": "dac", "out1": "op", "out2": "on", "out3": "copy", "s": "vdd", "b": "vdd"}
    first, second, shift = _tied(spec) if spec.body == "source" else _grounded(spec)
    return (
        Part("loads", loads, load_nets, ("b", "s", "out1"), ("in", "out2", "out3")),
        second,
        first,
        Part("feed", feed, {"in": "copy", "out1": "tail", "s": "vss", "b": "vss"}, ("b", "s", "out1"), ("in",)),
        shift,
    )


def _grounded(spec: TranslinearSpec) -> tuple[Part, Part, Part]:
    """Input pair, output pair and level shift of form nmos. The input pair's drains are the cell's common source."""
    pair, shift = _pair(spec, "nfet_01v8"), mosfet(MosfetSpec(w=spec.w, l=spec.l, nf=spec.nf))
    first = {"d1": "ip", "g1": "vg", "d2": "in", "g2": "vg", "s": "vdd", "b": "vss"}
    return (
        Part("input", pair, first, ("b", "g1", "d1"), ("s", "g2", "d2")),
        Part("output", pair, _SECOND | {"b": "vss"}, ("b", "g1", "d1"), ("s", "g2", "d2")),
        Part("shift", shift, {"d": "vdd", "g": "vdd", "s": "vg", "b": "vss"}, ("b", "s"), ("g", "d")),
    )


def _tied(spec: TranslinearSpec) -> tuple[Part, Part, Part]:
    """The same with each body on its source: the input pair in islands, the others in p-wells of their own."""
    shift = mosfet(MosfetSpec(w=spec.w, l=spec.l, nf=spec.nf, well="isolated"))
    first = {"d1": "vdd", "g1": "vg", "s1": "ip", "d2": "vdd", "g2": "vg", "s2": "in", "nw": "vdd"}
    second, third = _SECOND | {"b": "tail", "nw": "vdd"}, {"d": "vdd", "g": "vdd", "s": "vg", "b": "vg", "nw": "vdd"}
    return (
        Part("input", _pair(spec, "nfet_01v8", "islands"), first, ("nw", "d1", "g1", "s1"), ("d2", "g2", "s2")),
        Part("output", _pair(spec, "nfet_01v8", "isolated"), second, ("nw", "b", "g1", "d1"), ("s", "g2", "d2")),
        Part("shift", shift, third, ("nw", "b", "s"), ("g", "d")),
    )


_SECOND = {"d1": "op", "g1": "ip", "d2": "on", "g2": "in", "s": "tail"}
"""The output pair but for its body."""


def _pair(spec: TranslinearSpec, device: str, well: str = "common") -> Cell:
    return matched_pair(
        MatchedPairSpec.parse({"device": device, "w": spec.w, "l": spec.l, "nf": spec.nf, "well": well})
    )


def _mirror(device: str, w_um: float, l_um: float, ratios: tuple[int, ...]) -> Cell:
    return current_mirror(CurrentMirrorSpec.parse({"device": device, "w": w_um, "l": l_um, "ratios": ratios}))


def net_ends(spec: TranslinearSpec) -> Mapping[str, Side]:
    """The side to which each port's track runs."""
    left: tuple[str, ...] = ("vss", "ib", "ip", "op", *(f"c{k}" for k in range(0, spec.bits, 2)))
    right: tuple[str, ...] = ("vdd", "in", "on", *(f"c{k}" for k in range(1, spec.bits, 2)))
    ends: dict[str, Side] = dict.fromkeys(left, "left")
    return ends | dict.fromkeys(right, "right")
