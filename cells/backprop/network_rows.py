"""Rows of transistors of what a network that trains itself is made of: the chains that are drawn."""

from __future__ import annotations

from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.rows.chains import Chain, Row, Rows
from analoom.cells.rows.placed import up
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.synapse.storage_cap import PITCH_NM, TAB_VIA_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import MET3, VIA2

from .bump import bump_chain, mirror_chain
from .diff_sigmoid import load_chain
from .gilbert import pairs
from .network_circuits import ERROR_PORTS, NEURON_PORTS, SYNAPSE_PORTS, back_ports
from .network_sizes import (
    BACK_LOAD_UM,
    E_LOAD_UM,
    G_LOAD_UM,
    GATE_UM,
    BackpropBackSpec,
    BackpropNeuronSpec,
    BackpropSizes,
)

SUPPLIES = (VDD, VSS)
LEFT_OF_CAP_NM = 1820
"""From the left edge to the capacitor: between them lies the stack to its top plate, off it by capm.11m."""
GROUND = (1, 7)
"""Row and track at the left edge on which a capacitor's top plate comes down to vss."""
LINE_NM = VIA2.above.short_nm
"""Width of a line of met3 that its vias may stand on."""
INPUT, WEIGHT = ("xp", "xn"), "w"
SHARED = tuple(port for port in SYNAPSE_PORTS if port not in (*INPUT, WEIGHT, *SUPPLIES))
"""What the synapses of a neuron have in common: it runs through them from edge to edge."""


def synapse_rows(spec: BackpropSizes) -> Rows:
    """The forward cell below the update cell, its mirror above."""
    w, l_nm, w_u, l_u = (to_nm(name, getattr(spec, name)) for name in ("w", "l", "w_update", "l_update"))
    forward = pairs(w, l_nm, ("xp", "xn"), ("w", "wr"), ("op", "on"), ("f_tail", "f_a", "f_b"))
    update = pairs(w_u, l_u, ("xp", "xn"), ("ep", "en"), ("uw", "um"), ("u_tail", "u_a", "u_b"))
    mirror = _mirror(spec, (("um", VDD, "uw"), ("um", "um")))
    gate = _chain(("uw", "w"), ("learn",), GATE_UM)
    tails = (_tail(spec, ("f_tail",)), forward), (_mirror(spec, ((VSS, "u_tail"), ("pd",))), update, gate)
    lines, high = input_x(spec), to_nm("l_cap", spec.l_cap) + PITCH_NM
    reach = dict(zip((*INPUT, WEIGHT), (*lines, weight_x(spec)), strict=True))
    wide = lines[-1] + LINE_NM // 2 + MET3.space_nm
    return Rows(
        n=tails,
        p=((mirror,),),
        ports=SHARED,
        across=SHARED,
        reach=reach,
        least_height_nm=high,
        least_width_nm=wide,
        kept=((*GROUND, 0, LEFT_OF_CAP_NM // 2),),
        straight=True,
    )


def input_x(spec: BackpropSizes) -> tuple[int, int]:
    """Middles of the lines of met3 on which the input runs through a column of synapses, right of the capacitor."""
    capm_right = LEFT_OF_CAP_NM + to_nm("w_cap", spec.w_cap)
    first = up(capm_right + rules.CAPM_TO_OTHER_PLATE.value_nm + LINE_NM // 2 + CUT_GRID_NM)
    return first, up(first + LINE_NM + MET3.space_nm)


def weight_x(spec: BackpropSizes) -> int:
    """Middle of the via2 below a capacitor's bottom plate, right of its top plate."""
    return snap_up(LEFT_OF_CAP_NM + to_nm("w_cap", spec.w_cap) + TAB_VIA_NM, CUT_GRID_NM)


def neuron_rows(spec: BackpropNeuronSpec) -> Rows:
    """All n-types in a row; above them the load of the summed currents, then that of the sigmoid and the mirror."""
    return Rows(n=(neuron_chains(spec),), p=neuron_load_rows(spec), ports=_leaving(NEURON_PORTS))


def neuron_chains(spec: BackpropNeuronSpec) -> Row:
    """A neuron's n-types: pair, tails, bump, and the diode of its updates' tails."""
    w, l_nm = to_nm("w", spec.w), to_nm("l", spec.l)
    pair = Chain(("yp", "s_tail", "yn"), ("np", "nn"), w, l_nm)
    tails = Chain(("s_tail", VSS, "b_tail"), ("bias", "teach"), to_nm("w_tail", spec.w_tail), _tail_l(spec))
    bump = bump_chain(spec.bump, ("np", "nn"), ("b_tail", "b_mid", "b_ser"))
    return pair, tails, bump, _mirror(spec, ((VSS, "pd"), ("pd",)))


def neuron_load_rows(spec: BackpropNeuronSpec) -> tuple[Row, Row]:
    """A neuron's p-types: the load of the summed currents, and the bump's mirror beside that of the sigmoid."""
    loads = _chain(("np", VDD, "nn"), ("np", "nn"), spec.load_um)
    return (loads,), (mirror_chain(spec.bump, "b_mid", "pd"), load_chain(spec.sigmoid))


def error_rows(spec: BackpropSizes) -> Rows:
    """Both copies of the crossed pairs side by side, their loads above."""
    n = (*error_chains(spec, "e"), *error_chains(spec, "g"))
    long = _chain(("ep", VDD, "en"), ("ep", "en"), E_LOAD_UM)
    return Rows(n=(n,), p=((long,), *error_load_rows("g")), ports=_leaving(ERROR_PORTS))


def error_chains(spec: BackpropSizes, e: str) -> Row:
    """The crossed pairs of one copy with their tails."""
    regions, tails = (f"{e}n", f"{e}_tail_n", f"{e}p", f"{e}_tail_t", f"{e}n"), (f"{e}_tail_n", VSS, f"{e}_tail_t")
    pairs = Chain(regions, ("nn", "np", "tp", "tn"), to_nm("w_error", spec.w_error), to_nm("l_error", spec.l_error))
    w_tail, l_tail = (to_nm(name, value) for name, value in zip(("w_tail", "l_tail"), spec.error_tail, strict=True))
    return pairs, Chain(tails, ("bias",) * 2, w_tail, l_tail)


def error_load_rows(e: str) -> tuple[Row, ...]:
    """The loads of one copy: long diodes above each other, or wide ones side by side."""
    if e == "e":
        return tuple((_chain((VDD, net), (net,), E_LOAD_UM),) for net in ("ep", "en"))
    return ((_chain((VDD, "gp", VDD, "gn", VDD), ("gp", "gp", "gn", "gn"), (G_LOAD_UM[0] / 2, G_LOAD_UM[1])),),)


def back_rows(spec: BackpropBackSpec) -> Rows:
    """A row for each output's forward cell, and the load in two rows above."""
    n = tuple(back_chains(spec, j) for j in range(spec.outputs))
    return Rows(n=n, p=back_load_rows(spec.outputs), ports=_leaving(back_ports(spec.outputs)))


def back_chains(spec: BackpropSizes, j: int) -> Row:
    """The forward cell of an output: its tail, its pairs."""
    x, w, inner = (f"g{j}p", f"g{j}n"), (f"w{j}", "wr"), (f"k{j}_tail", f"k{j}_a", f"k{j}_b")
    return _tail(spec, (f"k{j}_tail",)), pairs(to_nm("w", spec.w), to_nm("l", spec.l), x, w, ("en", "ep"), inner)


def back_load_rows(outputs: int) -> tuple[Row, ...]:
    """The load of what comes back from some outputs, a row a side."""
    size = (round(BACK_LOAD_UM[0] * outputs, 3), BACK_LOAD_UM[1])
    return tuple((_chain((VDD, net), (net,), size),) for net in ("ep", "en"))


def bias_rows(spec: BackpropSizes) -> Rows:
    """Both diodes about vss."""
    size = (spec.w_tail, spec.l_tail)
    return Rows(n=((_chain(("bias", VSS, "teach"), ("bias", "teach"), size),),), p=(), ports=("bias", "teach"))


def _leaving(ports: tuple[str, ...]) -> tuple[str, ...]:
    """Ports that get a track: all but supplies."""
    return tuple(port for port in ports if port not in SUPPLIES)


def _chain(regions: tuple[str, ...], gates: tuple[str, ...], size_um: tuple[float, float]) -> Chain:
    return Chain(regions, gates, to_nm("w", size_um[0]), to_nm("l", size_um[1]))


def _tail(spec: BackpropSizes, nets: tuple[str]) -> Chain:
    return Chain((VSS, nets[0]), ("bias",), to_nm("w_tail", spec.w_tail), _tail_l(spec))


def _tail_l(spec: BackpropSizes) -> int:
    return to_nm("l_tail", spec.l_tail)


def _mirror(spec: BackpropSizes, nets: tuple[tuple[str, ...], tuple[str, ...]]) -> Chain:
    return Chain(*nets, to_nm("w_mirror", spec.w_mirror), to_nm("l_mirror", spec.l_mirror))
