"""The amplifier of a hidden column: gives the column's voltage inverted, and takes back what that output is loaded by.

The output that is not inverted needs no transistor: a gain of one forwards and its current back is a wire, so the rows
of a second layer that move with the column are the column. The inverted one is a differential difference amplifier:
two pairs whose currents add make rest - in = out - rest. Its output stage, a p and an n transistor with one gate, is
there twice, once on the output and once on the column: what the output sources is sourced into the column as well.

Source of the difference amplifier: E. Saeckinger, W. Guggenbuehl, "A versatile building block: the CMOS differential
difference amplifier", IEEE JSSC 22(2), 1987; of copied output stages: A. Sedra, K. Smith, "A second-generation current
conveyor and its applications", IEEE Trans. Circuit Theory 17(1), 1970.
"""

from __future__ import annotations

from dataclasses import replace

from analoom.cells.backprop.drawn import Channels
from analoom.cells.backprop.sizes import current, length, nmos, pmos, width
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec, draw_pin, ruled_length
from analoom.cells.model.circuit import Cap, Circuit, Device
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.via_stack import cut_box, draw_stack
from analoom.cells.rows.chains import Chain, Rows
from analoom.cells.rows.draw import draw_rows
from analoom.cells.rows.plan import RowsPlan, Track
from analoom.cells.rows.taps import require_taps
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM
from analoom.cells.synapse.storage_cap import PITCH_NM, TAB_VIA_NM, draw_storage_cap
from analoom.pdk import rules
from analoom.pdk.devices import MIM_M3
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import MET3, VIA2, VIA3

PORTS = ("in", "rest", "outn", "bias", VDD, VSS)
GATE = "y"
"""The gates of the output stage and of its copy."""
STACK_NM = 360
"""Width of the met3 between the gates' track and the capacitor's top plate."""
STACK_TO_CAP_NM = 1565
"""From the middle of that stack to the top plate: capm.11m, with the bottom plate between."""


class ColumnAmplifierSpec(Spec):
    """Both pairs have one size, and both tails; the output stage is as large as its copy."""

    w: LengthUm = width(1.0, "each transistor of both pairs")
    l: LengthUm = length(4.0, "each transistor of both pairs")  # noqa: E741
    w_tail: LengthUm = width(0.42, "each tail")
    l_tail: LengthUm = length(6.0, "each tail")
    w_load: LengthUm = width(1.0, "both transistors of the mirror that loads the pairs")
    l_load: LengthUm = length(6.0, "both transistors of the mirror that loads the pairs")
    w_n: LengthUm = width(1.0, "the n-types of output stage and copy")
    l_n: LengthUm = length(6.0, "the n-types of output stage and copy")
    w_p: LengthUm = width(2.0, "the p-types of output stage and copy")
    l_p: LengthUm = length(6.0, "the p-types of output stage and copy")
    w_cap: LengthUm = ruled_length(20.0, rules.CAPM_WIDTH, 30.0, "width of the capacitor from output to gates, on met3")
    l_cap: LengthUm = ruled_length(6.0, rules.CAPM_WIDTH, 30.0, "height of that capacitor")
    i_tail: float = current(100e-9, "current of each tail that the cell is meant for")


@register(
    ColumnAmplifierSpec,
    system="trained_crossbar",
    kind="column_amplifier",
    examples=[{"w_n": 2.0, "l_n": 4.0, "w_p": 4.0, "l_p": 4.0, "w_cap": 10.0}],
)
def column_amplifier(spec: ColumnAmplifierSpec) -> Cell:
    """The inverted output of a hidden column: `outn` is as far below `rest` as `in` is above, and back again.

    Pins: `in` the column, which is also the output that is not inverted, and into which flows what `outn` sources;
    `rest`; `outn`; `bias` the gate of the tails; `vdd`, `vss`.
    """
    name, rows = cell_name("column_amplifier", spec), amplifier_rows(spec)
    plan, drawing = RowsPlan(rows), Drawing(name)
    require_taps(spec, plan.from_taps_nm)
    drawn = draw_rows(drawing, plan)
    _capacitor(drawing, plan, spec)
    pins = {pin.name: draw_pin(drawing, pin) for pin in drawn.pins}
    fabric = Fabric((plan.width, plan.height), rails_nm={VSS: AXIS_NM, VDD: plan.top})
    circuit = Circuit(name, PORTS, amplifier_devices(spec))
    ordered, matched = tuple(pins[port] for port in PORTS), groups(drawn.channels)
    return Cell(name, "column_amplifier", spec, drawing.cell, circuit, ordered, match_groups=matched, fabric=fabric)


def amplifier_devices(spec: ColumnAmplifierSpec) -> tuple[Device, ...]:
    """Twelve transistors and the capacitor."""
    tail, pair, load = (spec.w_tail, spec.l_tail), (spec.w, spec.l), (spec.w_load, spec.l_load)
    return (
        nmos("tail_in", ("ta", "bias", VSS), *tail),
        nmos("tail_out", ("tb", "bias", VSS), *tail),
        nmos("pair_in", ("x", "in", "ta"), *pair),
        nmos("pair_in_rest", (GATE, "rest", "ta"), *pair),
        nmos("pair_out", ("x", "outn", "tb"), *pair),
        nmos("pair_out_rest", (GATE, "rest", "tb"), *pair),
        pmos("load_x", ("x", "x", VDD), *load),
        pmos("load_y", (GATE, "x", VDD), *load),
        pmos("out_p", ("outn", GATE, VDD), spec.w_p, spec.l_p),
        pmos("copy_p", ("in", GATE, VDD), spec.w_p, spec.l_p),
        nmos("out_n", ("outn", GATE, VSS), spec.w_n, spec.l_n),
        nmos("copy_n", ("in", GATE, VSS), spec.w_n, spec.l_n),
        Cap("c", MIM_M3, spec.w_cap, spec.l_cap, {"top": GATE, "bottom": "outn"}),
    )


def amplifier_rows(spec: ColumnAmplifierSpec) -> Rows:
    """Tails and n-types of the output below the pairs, the p-types above."""
    size = {part: (to_nm(w, getattr(spec, w)), to_nm(length, getattr(spec, length))) for part, w, length in _SIZES}
    tails = Chain(("ta", VSS, "tb"), ("bias", "bias"), *size["tail"])
    sinks = Chain(("in", VSS, "outn"), (GATE, GATE), *size["n"])
    pairs = Chain(("x", "ta", GATE, "tb", "x"), ("in", "rest", "rest", "outn"), *size["pair"])
    loads = Chain(("x", VDD, GATE), ("x", "x"), *size["load"])
    sources = Chain(("outn", VDD, "in"), (GATE, GATE), *size["p"])
    bare = Rows(((tails, sinks), (pairs,)), ((loads, sources),), PORTS[:-2], across=("rest", "bias"))
    via_x = _via_x(RowsPlan(bare), spec)
    return replace(
        bare,
        reach={"outn": via_x + VIA2.below.long_nm // 2},
        right=("outn",),
        least_height_nm=to_nm("l_cap", spec.l_cap) + PITCH_NM,
        least_width_nm=via_x + VIA2.size_nm + MET3.space_nm,
    )


_SIZES = (
    ("pair", "w", "l"),
    ("tail", "w_tail", "l_tail"),
    ("load", "w_load", "l_load"),
    ("n", "w_n", "l_n"),
    ("p", "w_p", "l_p"),
)


def _cap_left(plan: RowsPlan) -> int:
    """The left edge of the top plate, right of the stack on the column that joins the gates."""
    return snap_up(plan.links[GATE] + STACK_TO_CAP_NM, CUT_GRID_NM)


def _via_x(plan: RowsPlan, spec: ColumnAmplifierSpec) -> int:
    """The middle of the via of the bottom plate."""
    return snap_up(_cap_left(plan) + to_nm("w_cap", spec.w_cap) + TAB_VIA_NM, CUT_GRID_NM)


def _capacitor(drawing: Drawing, plan: RowsPlan, spec: ColumnAmplifierSpec) -> None:
    """The bottom plate on the lowest track of `outn`, the top plate on the middle one of the gates."""
    w, h = to_nm("w_cap", spec.w_cap), to_nm("l_cap", spec.l_cap)
    left, bottom = _cap_left(plan), (AXIS_NM + plan.top - h) // 2 // CUT_GRID_NM * CUT_GRID_NM
    out, gates = _track(plan, "outn", 0), _track(plan, GATE, 1)
    x, via_x = plan.links[GATE], _via_x(plan, spec)
    met4 = drawing.add(Layer.MET4, draw_storage_cap(drawing, Box(left, bottom, left + w, bottom + h), via_x, out.y))
    drawing.add(Layer.VIA2, cut_box(VIA2.size, via_x, out.y))
    draw_stack(drawing, x, gates.y, Layer.MET2, Layer.MET4, "h")
    side, half = VIA3.above.short_nm // 2, snap_up(MET3.area_nm2 / STACK_NM, 2 * CUT_GRID_NM) // 2
    y = min(max(gates.y, met4.bottom + side), met4.top - side)
    drawing.box(Layer.MET4, x - side, min(y, gates.y) - side, x + side, max(y, gates.y) + side)
    drawing.box(Layer.MET4, x - side, y - side, met4.left + 2 * side, y + side)
    drawing.box(Layer.MET3, x - STACK_NM // 2, gates.y - half, x - STACK_NM // 2 + STACK_NM, gates.y + half)


def _track(plan: RowsPlan, net: str, row: int) -> Track:
    track = plan.track_of(net, row)
    assert track is not None, "the chains of that row have the net on two contacts"
    return track


def groups(channels: Channels) -> tuple[MatchGroup, ...]:
    """Tails, pairs, load, and either half of the output stage with its copy, by the chains' order."""
    ((tail_in, tail_out), (copy_n, out_n)), ((pair_in, in_rest, out_rest, pair_out),), (load, sources) = channels
    return (
        MatchGroup("tail", {"tail_in": [tail_in], "tail_out": [tail_out]}),
        MatchGroup("pair_in", {"pair_in": [pair_in], "pair_in_rest": [in_rest]}),
        MatchGroup("pair_out", {"pair_out": [pair_out], "pair_out_rest": [out_rest]}),
        MatchGroup("load", {"load_x": [load[0]], "load_y": [load[1]]}),
        MatchGroup("out_n", {"out_n": [out_n], "copy_n": [copy_n]}),
        MatchGroup("out_p", {"out_p": [sources[0]], "copy_p": [sources[1]]}),
    )
