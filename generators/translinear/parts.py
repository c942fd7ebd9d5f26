"""The parts of a translinear multiplier: which registered cells, on which nets, in which rows.

Form gate_pmos: two p diodes (n-well on their source) from the shifted supply `vs1` into `ip` and `in`, each with I1
drawn from it, drive the gates of a p pair whose tail carries 2 I2. Form nmos: two n devices with a common gate `vg` and
sources `ip` and `in`, each with I1 drawn from it; the sources drive the gates of an n pair with a tail of 2 I2. Either
way the ratio of the currents in the first pair is that in the second, so i_out = (I2/I1) i_in. I2 comes from the bias
DAC: half a unit always and half a unit for each step of the code, half units being two units in series. Source:
JNW_SV_SKY130A, circuits JNWSW_CM, JNW_SV and JNW_SV_TL (C. Wulff, TFE4188).
"""

from __future__ import annotations

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Cell
from analoom.generators.placing.arrange import Piece
from analoom.generators.placing.leaf import Leaf
from analoom.generators.transistors.current_mirror import CurrentMirrorSpec, current_mirror
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair
from analoom.generators.wiring.floorplan import Floorplan

from .spec import FINGERS, TranslinearSpec

INPUTS, OUTPUTS = ("ip", "in"), ("op", "on")
HALVES = ("half", "h0")
"""Nets inside the two half units: the one that is always on, and that of bit 0."""


def arranged(floor: Floorplan, spec: TranslinearSpec) -> Piece:
    """The rows from the bottom up: bias mirror and DAC's legs; mirrors and loop; the DAC's upper devices and shift."""
    loads, second, first, feed, shift = _gate_pmos(spec) if spec.form == "gate_pmos" else _nmos(spec)
    low, high = _tops(spec)
    rows = ([_bias(spec)], [loads, second, first, feed], [low, *_switches(spec), high, shift])
    return floor.grid([[floor.part(part.name, part.cell, part.nets) for part in row] for row in rows])


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


def _bias(spec: TranslinearSpec) -> Leaf:
    """Units of the reference, the sinks of the input pair, and the DAC's legs, in one common-centroid row."""
    sinks = [*INPUTS, *(["vg"] if spec.form == "nmos" else [])]
    legs = dict.fromkeys((*sinks, *HALVES), 1) | {bit_leg(k): 2 ** (k - 1) for k in range(1, spec.bits)}
    cell = _mirror("nfet_01v8", spec.w_unit, spec.l_unit, (1, *legs.values()))
    nets = {f"out{k}": net for k, net in enumerate(legs, 1)}
    return Leaf("bias", cell, {"in": "ib", **nets, "s": "vss", "b": "vss"})


def _tops(spec: TranslinearSpec) -> list[Leaf]:
    """The upper unit of each half leg."""
    cell = mosfet(MosfetSpec(w=spec.w_unit, l=spec.l_unit, nf=FINGERS))
    nets = {"g": "ib", "b": "vss"}
    legs = zip(HALVES, ("leg", bit_leg(0)), strict=True)
    return [Leaf(f"top_{s}", cell, {**nets, "s": s, "d": d}) for s, d in legs]


def _switches(spec: TranslinearSpec) -> list[Leaf]:
    """One above each leg, on the summing net; that of the constant half unit is always on."""
    cell = mosfet(MosfetSpec(w=spec.w_switch, l=spec.l_switch, nf=FINGERS))
    legs = [("sw", "leg", "vdd"), *((f"sw{k}", bit_leg(k), f"c{k}") for k in range(spec.bits))]
    return [Leaf(n, cell, {"d": "dac", "g": g, "s": s, "b": "vss"}) for n, s, g in legs]


def _gate_pmos(spec: TranslinearSpec) -> tuple[Leaf, Leaf, Leaf, Leaf, Leaf]:
    shift = mosfet(MosfetSpec(device="pfet_01v8", w=spec.w_switch, l=spec.l_switch, nf=FINGERS))
    pair = _pair(spec, "pfet_01v8")
    loads = _mirror("nfet_01v8", spec.w_out, spec.l_out, (1, 1, 1))
    feed = _mirror("pfet_01v8", spec.w_out, spec.l_out, (1, 2, 1))
    supply = {"s": "vdd", "b": "vdd"}
    first = {"d1": "ip", "g1": "ip", "d2": "in", "g2": "in", "s": "vs1", "b": "vs1"}
    second = _SECOND | {"b": "vdd"}
    load_nets = {"in": "copy", "out1": "op", "out2": "on", "s": "vss", "b": "vss"}
    return (
        Leaf("loads", loads, load_nets),
        Leaf("output", pair, second),
        Leaf("input", pair, first),
        Leaf("feed", feed, {"in": "dac", "out1": "tail", "out2": "copy", **supply}),
        Leaf("shift", shift, {"d": "vs1", "g": "vs1", **supply}),
    )


def _nmos(spec: TranslinearSpec) -> tuple[Leaf, Leaf, Leaf, Leaf, Leaf]:
    loads = _mirror("pfet_01v8", spec.w_out, spec.l_out, (1, 1, 1, 1))
    feed = _mirror("nfet_01v8", spec.w_out, spec.l_out, (1, 2))
    load_nets = {"in": "dac", "out1": "op", "out2": "on", "out3": "copy", "s": "vdd", "b": "vdd"}
    first, second, shift = _tied(spec) if spec.body == "source" else _grounded(spec)
    return (
        Leaf("loads", loads, load_nets),
        second,
        first,
        Leaf("feed", feed, {"in": "copy", "out1": "tail", "s": "vss", "b": "vss"}),
        shift,
    )


def _grounded(spec: TranslinearSpec) -> tuple[Leaf, Leaf, Leaf]:
    """Input pair, output pair and level shift of form nmos. The input pair's drains are the cell's common source."""
    pair, shift = _pair(spec, "nfet_01v8"), mosfet(MosfetSpec(w=spec.w, l=spec.l, nf=spec.nf))
    first = {"d1": "ip", "g1": "vg", "d2": "in", "g2": "vg", "s": "vdd", "b": "vss"}
    return (
        Leaf("input", pair, first),
        Leaf("output", pair, _SECOND | {"b": "vss"}),
        Leaf("shift", shift, {"d": "vdd", "g": "vdd", "s": "vg", "b": "vss"}),
    )


def _tied(spec: TranslinearSpec) -> tuple[Leaf, Leaf, Leaf]:
    """The same with each body on its source: the input pair in islands, the others in p-wells of their own."""
    shift = mosfet(MosfetSpec(w=spec.w, l=spec.l, nf=spec.nf, well="isolated"))
    first = {"d1": "vdd", "g1": "vg", "s1": "ip", "d2": "vdd", "g2": "vg", "s2": "in", "nw": "vdd"}
    second, third = _SECOND | {"b": "tail", "nw": "vdd"}, {"d": "vdd", "g": "vdd", "s": "vg", "b": "vg", "nw": "vdd"}
    return (
        Leaf("input", _pair(spec, "nfet_01v8", "islands"), first),
        Leaf("output", _pair(spec, "nfet_01v8", "isolated"), second),
        Leaf("shift", shift, third),
    )


_SECOND = {"d1": "op", "g1": "ip", "d2": "on", "g2": "in", "s": "tail"}
"""The output pair but for its body."""


def _pair(spec: TranslinearSpec, device: str, well: str = "common") -> Cell:
    return matched_pair(
        MatchedPairSpec.parse({"device": device, "w": spec.w, "l": spec.l, "nf": spec.nf, "well": well})
    )


def _mirror(device: str, w_um: float, l_um: float, ratios: tuple[int, ...]) -> Cell:
    return current_mirror(CurrentMirrorSpec.parse({"device": device, "w": w_um, "l": l_um, "ratios": ratios}))


def ports_of(spec: TranslinearSpec) -> dict[str, tuple[str, ...]]:
    """The ports by the side that they are reached from."""
    even, odd = (tuple(f"c{k}" for k in range(start, spec.bits, 2)) for start in (0, 1))
    return {"left": ("vss", "ib", "ip", "op", *even), "right": ("vdd", "in", "on", *odd)}
