"""Rows of transistors of a network's parts that lie side by side between common rails, their tracks meeting.

A track that goes on into the next part has its row and number here, the same in every part that it meets; `kept` are
those that only pass, which are drawn over the parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analoom.cells.rows.chains import Row, Rows
from analoom.cells.rows.placed import up
from analoom.cells.rows.plan import RowsPlan
from analoom.cells.strip.gates import VDD
from analoom.cells.strip.sizes import AXIS_NM
from analoom.pdk import rules
from analoom.pdk.units import to_nm
from analoom.pdk.wire_levels import MET3, VIA2

from .network_rows import (
    INPUT,
    LEFT_OF_CAP_NM,
    LINE_NM,
    SHARED,
    WEIGHT,
    back_chains,
    back_load_rows,
    bias_rows,
    error_chains,
    error_load_rows,
    neuron_chains,
    neuron_load_rows,
    synapse_rows,
)
from .network_sizes import BackpropNeuronSpec, BackpropSizes

Line = tuple[int, int]
LINES: Mapping[str, Line] = {
    "bias": (0, 0),
    "on": (0, 1),
    "op": (0, 2),
    "wr": (0, 3),
    "xp": (0, 4),
    "xn": (0, 5),
    "en": (1, 0),
    "ep": (1, 1),
    "learn": (1, 2),
    "pd": (1, 3),
    "oen": (1, 4),
    "oep": (1, 5),
    "w": (1, 6),
    "gn": (1, 7),
    "gp": (1, 8),
    "ogn": (1, 0),
    "ogp": (1, 1),
    "tp": (0, 6),
    "tn": (0, 7),
    "teach": (0, 6),
    "oteach": (0, 8),
}
"""Row and number of each track that meets another part's: `xp`, `xn` the input of an output's synapse, which is what a
hidden neuron puts out; `oen`, `oep` an output's error; in the row of an output `ogn`, `ogp` its copy for the way back
and `oteach` the gate of bumps; the others by the ports of the synapse."""
COLUMN_NETS = ("gn", "gp", "on", "op", "pd", "oen", "oep")
"""What runs up and down through the back multipliers of an output, from the left."""
STACKED = 3
"""Of so many outputs the load of what they send back lies in two rows: of more, as wide as these are, in one."""
PITCH_NM = up(LINE_NM + MET3.space_nm) - AXIS_NM
"""From line to line of met3."""
EDGE_NM = up(MET3.space_nm + LINE_NM) - AXIS_NM
"""From the edge of a part to the middle of a line of met3 that keeps off what stands on the rail beside."""
WELL_OFF_NM = 400
"""How much farther chains of neurons and errors lie off their edges than others: for implants, and wells beside."""
IMPLANTS_NM = 2 * rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.IMPLANT_SPACE.value_nm
"""From diffusion to the edge of a part beside which another implant may begin, at most as far out as that."""
WELL_FROM_N_NM = rules.NWELL_ENCLOSES_NTAP.value_nm + rules.NDIFF_TO_NWELL.value_nm
"""From n-diffusion to the edge of a part beside which an n-well may stick out of the next."""

OFF_PLATE_NM = max(rules.CAPM_TO_OTHER_PLATE.value_nm, MET3.wide_space_nm + 500)
"""From a capacitor's top plate to the edge of its part, right of the via beside it."""


def places(*nets: str, **named: str) -> dict[str, Line]:
    """The tracks of nets of these names, or called otherwise in the part than in the list."""
    return {net: LINES[net] for net in nets} | {net: LINES[name] for net, name in named.items()}


def kept(left: int, right: int, *names: str) -> tuple[tuple[int, int, int, int], ...]:
    """Tracks that only pass from one x to another."""
    return tuple((*LINES[name], left, right) for name in names)


def hidden_synapse(spec: BackpropSizes) -> Rows:
    """The synapse whose input runs up and down through a column."""
    rows = replace(synapse_rows(spec), lines=places(*SHARED))
    end = RowsPlan(rows).chains_end + WELL_FROM_N_NM
    return replace(rows, least_width_nm=max(end, rows.least_width_nm))


def output_synapse(spec: BackpropSizes, last: bool) -> Rows:
    """The synapse whose input comes from the left, as does what it has in common with its column; the input goes on to
    the right but in the last column."""
    rows = synapse_rows(spec)
    across, left = (*INPUT, "bias", "wr", "learn"), ("op", "on", "ep", "en", "pd", WEIGHT)
    lines = places(*INPUT, "bias", "wr", "learn", "op", "on", "pd", WEIGHT, ep="oep", en="oen")
    plate = LEFT_OF_CAP_NM + to_nm("w_cap", spec.w_cap) + OFF_PLATE_NM
    of = replace(
        rows,
        ports=(*across, *left),
        across=(),
        left=(*across, *left),
        right=() if last else across,
        reach={WEIGHT: rows.reach[WEIGHT]},
        lines=lines,
        least_width_nm=plate,
        alone=True,
    )
    return of if last else replace(of, kept=(*of.kept, *kept(0, RowsPlan(of).width, "en", "ep")))


def back_part(spec: BackpropSizes, last: bool) -> Rows:
    """The back multiplier of a weight, left of that weight's synapse: its tail below its pairs. What it brings back
    goes on to the right but for the last output."""
    tail, pairs = back_chains(spec, 0)
    rows = Rows(
        n=((tail,), (pairs,)),
        p=(),
        ports=("bias", "wr", "ep", "en", "w0", "g0p", "g0n"),
        across=("bias", "wr"),
        left=("ep", "en"),
        right=("w0",) if last else ("w0", "ep", "en"),
        lines=places("bias", "wr", "ep", "en", w0="w", g0n="gn", g0p="gp"),
        inset_nm=0 if last else WELL_OFF_NM,
        alone=True,
        straight=True,
    )
    free = replace(rows, reach={"g0n": 0, "g0p": 0}, least_width_nm=RowsPlan(rows).chains_end + IMPLANTS_NM)
    width = max(RowsPlan(free).width, 2 * EDGE_NM + (len(COLUMN_NETS) - 1) * PITCH_NM)
    x = column_x(width)
    past = VIA2.below.long_nm // 2
    passing = [(*LINES[net], x[net] - past, width) for net in COLUMN_NETS[2:]]
    passing += kept(0, width, *INPUT, "learn")
    return replace(rows, least_width_nm=width, reach={"g0n": x["gn"], "g0p": x["gp"]}, kept=tuple(passing))


def column_x(width: int) -> dict[str, int]:
    """Middles of the lines of an output's column in a back part of that width."""
    first = up(width - EDGE_NM - (len(COLUMN_NETS) - 1) * PITCH_NM)
    return {net: first + k * PITCH_NM for k, net in enumerate(COLUMN_NETS)}


GLOBAL_NETS = ("vss", "vdd", "bias", "teach", "wr", "learn")
"""What runs up and down through the hidden neurons, from their left."""


def global_x(left: int = 0) -> dict[str, int]:
    """Middles of these lines right of `left`."""
    return {net: up(left + EDGE_NM) + k * PITCH_NM for k, net in enumerate(GLOBAL_NETS)}


def hidden_neuron(spec: BackpropNeuronSpec, outputs: int, globals_to_right: int) -> Rows:
    """A hidden neuron with the load of what comes back to it; the lines of `GLOBAL_NETS` begin so far from its right
    edge (nm), and it is no narrower."""
    rows = Rows(
        n=(neuron_chains(spec),),
        p=(*reversed(neuron_load_rows(spec)), *_back_loads(outputs)),
        ports=("np", "nn", "yp", "yn", "pd", "bias", "teach", "ep", "en"),
        across=("bias", "ep", "en"),
        left=("np", "nn", "pd"),
        right=("yp", "yn"),
        reach={"teach": 0},
        lines=places("bias", "teach", "ep", "en", "pd", np="op", nn="on", yp="xp", yn="xn"),
        inset_nm=WELL_OFF_NM,
        alone=True,
        straight=True,
        least_width_nm=globals_to_right,
    )
    teach = global_x(RowsPlan(rows).width - globals_to_right)["teach"]
    return _passed(replace(rows, reach={"teach": teach}), "wr", "learn")


def _back_loads(outputs: int) -> tuple[Row, ...]:
    """The load of what comes back: a row a side, or of more outputs than `STACKED`, wider ones, side by side."""
    rows = back_load_rows(outputs)
    if outputs <= STACKED:
        return rows
    one = rows[0][0]
    return ((replace(one, regions=("ep", VDD, "en"), gates=("ep", "en")),),)


def output_neuron(spec: BackpropNeuronSpec) -> Rows:
    """An output's neuron, left of its error amplifier, of whose copy for the way back it has the load."""
    rows = Rows(
        n=(neuron_chains(spec),),
        p=(*error_load_rows("g"), *reversed(neuron_load_rows(spec))),
        ports=("np", "nn", "yp", "yn", "pd", "bias", "teach", "gp", "gn"),
        left=("yp", "yn"),
        right=("np", "nn", "pd", "bias", "teach", "gp", "gn"),
        lines=places("bias", "pd", np="op", nn="on", gp="ogp", gn="ogn", teach="oteach"),
        inset_nm=WELL_OFF_NM,
        alone=True,
        straight=True,
    )
    return _passed(rows, "tp", "tn", *INPUT)


def error_half(spec: BackpropSizes, e: str) -> Rows:
    """One of an error amplifier's copies, `e` for the output's own updates or `g` for the way back, this without its
    load: its tails above its pairs."""
    pairs, tails = error_chains(spec, e)
    across = ("bias", "np", "nn", "tp", "tn")
    own = places(ep="oep", en="oen") if e == "e" else places(gp="ogp", gn="ogn")
    rows = Rows(
        n=((pairs,), (tails,)),
        p=error_load_rows(e) if e == "e" else (),
        ports=(*across, *own),
        across=across if e == "e" else (*across, *own),
        right=tuple(own),
        lines=places("bias", "tp", "tn", np="op", nn="on") | own,
        inset_nm=WELL_OFF_NM,
        alone=True,
        straight=True,
    )
    return _passed(rows, *INPUT, "pd", *(("oteach", "ogn", "ogp") if e == "e" else ("wr", "learn", "oep", "oen")))


def biases(spec: BackpropSizes) -> Rows:
    """The diodes of bias and teach, between the copies of the first error amplifier."""
    rows = replace(bias_rows(spec), across=("bias",), left=("teach",), lines=places("bias", teach="oteach"), alone=True)
    return replace(rows, least_width_nm=2 * EDGE_NM + (len(GLOBAL_NETS) - 1) * PITCH_NM)


def _passed(rows: Rows, *names: str) -> Rows:
    """With tracks from edge to edge left free."""
    return replace(rows, kept=kept(0, RowsPlan(rows).width, *names))
