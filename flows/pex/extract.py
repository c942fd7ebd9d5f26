"""Parasitic extraction: the capacitances of a layout's nets to the substrate and to each other.

Source of the coefficients: the foundry's width and spacing tables (`analoom.pdk.wires`). Plates overlap exactly, with
what lies between taken out; edges couple to the nearest wire of their level by the table of their width and spacing,
and to the one beyond it; their fringe goes to what is seen below and above, and to wires of other levels beside that.
Slanted edges count with their own length and distances, whatever their angle.

Known errors, against field solutions of the SkyWater metal stack (`tests/benchmarks/capacitance.py` prints them all):
wires alone and in pairs at twice the least spacing and more within 8 % on li1 to met2, within 13 % on met3 and met4;
tight spacings below those solutions by the tables' own process correction (met1 at 0.14 um: 26 %); crossings and what
they leave to the ground within 10 %; MIM plates alone to substrate within 4 %, under met4 within 15 %; plates of an
array within 5 % along their sides and across their corners from twice the least spacing.

Least wires of neighbouring levels (li1 to met5) that run along each other, coincident or up to 1 um shifted: totals
within 14 %, coupling within 27 %, ground within 25 %; poly under li1 up to 34 %; two levels apart the coupling may be
half of what it should. Unequal gaps: within 13 %; a wire beside one eight times as wide: ground 18 % high. A narrow
wire under a wide one: within 23 %; over a wide one its coupling is up to 22 % high, and what it has around that wire's
edges to the ground, a seventh of its total, up to 71 % low. Of wires drawn at random (2 to 6 on up to three levels),
half of the totals are within 4 %, 95 % within 12 %; half of the couplings and grounds of a tenth of a net's total and
more within 8 %, but 95 % only within 51 % and 35 %: worst are those of a tenth of the total between wires two levels
apart or several um apart. Short wires that cross and end near each other: totals likewise, half of the couplings within
20 %; a wire's end couples to the side of another by a quarter of what it should. Coupling on a level stops at the
second wire, and at what is told by `capacitance.edges.beyond_most_um`. `parasitics.left_out` says what has no
capacitance at all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import plain_name, write_whole
from analoom.flows.files.peak_memory import peak_mb
from analoom.flows.pex.capacitance.pairs import Pairs
from analoom.flows.pex.capacitance.windows import extract_pairs
from analoom.flows.pex.parasitics.left_out import most_left_out
from analoom.flows.pex.parasitics.netlist import pex_text, ports_of
from analoom.flows.pex.parasitics.record import NetC, Parasitics
from analoom.flows.pex.resistance.rc_result import RcOptions, RcResult
from analoom.flows.pex.shapes.geometry import Shapes
from analoom.flows.pex.shapes.names import NO_GROUND, net_names, notes_on_names, other_names
from analoom.flows.pex.shapes.read import shapes_of
from analoom.flows.pex.shapes.resistor_body import ResistorBody, resistor_bodies
from analoom.pdk.errors import InputError, unknown
from analoom.pdk.wires import wire_tables

MODES = ("c", "rc")

LARGEST_FLAT = 1024
"""Crossbars of more synapses are written by tile classes."""

LARGEST_WHOLE = 128
"""Crossbars of more synapses are extracted by tile classes; up to LARGEST_FLAT those are spread out to every net."""

SPREAD_OUT = "extracted by tile classes, then spread out"


def extract(
    source: LayoutSource,
    mode: str = "c",
    corner: str = "typical",
    workdir: Path = Path("."),
    options: RcOptions | None = None,
) -> Parasitics:
    """Extracts a layout at a wire corner and writes `<name>_pex.spice` to `workdir` (`_pex_slow` at that corner).

    Mode "c": capacitances between nets. Mode "rc": resistances too, distributed, and a SPEF file beside the SPICE one;
    `options` reduce that network.
    Raises InputError for an unknown mode or corner, for shorted labels of a cell drawn here and for a layout without
    conductors.
    """
    started = time.perf_counter()
    if mode not in MODES:
        raise unknown("extraction mode", mode, MODES, "mode", "--mode ")
    if options is not None and mode != "rc":
        raise InputError("thresholds and reduction need resistances", field="mode", remedy="--mode rc")
    if by_tiles(source):
        from analoom.flows.pex.crossbar.by_tiles import extract_by_tiles

        return extract_by_tiles(source, mode, corner, workdir, options, started)
    if mode == "rc":
        return _distributed(source, corner, workdir, options, started)
    found = _spread_out(source, corner) if _tiled(source) else _flat(source, corner)
    nets = _nets(found.caps, found.names, found.ground)
    ports = ports_of(source, [*nets, *found.other_names])
    suffix = "" if corner == "typical" else f"_{corner}"
    name = plain_name(source.name)
    text = pex_text(name, corner, ports, nets, found.ground, found.other_names)
    path = write_whole(workdir / f"{name}_pex{suffix}.spice", text)
    return Parasitics(
        source.name,
        mode,
        corner,
        ports,
        found.ground,
        nets,
        path,
        len(found.caps),
        time.perf_counter() - started,
        peak_mb(),
        notes=source.notes + found.notes,
        other_names=found.other_names,
        bodies=found.bodies,
        left_out=_left_out(source, found.caps, found.ground),
    )


@dataclass(frozen=True)
class _Found:
    """F by pair of nets, every net, the substrate's name; notes, other names of nets, resistor bodies."""

    caps: dict[tuple[str, str], float]
    names: list[str]
    ground: str
    notes: tuple[str, ...]
    other_names: Mapping[str, str] = field(default_factory=dict)
    bodies: tuple[ResistorBody, ...] = ()


def _flat(source: LayoutSource, corner: str) -> _Found:
    shapes = shapes_of(source)
    names = net_names(source, shapes)
    caps = by_name(extract_pairs(source, shapes, wire_tables(corner)), names)
    notes = notes_on_names(source, shapes) + _notes(shapes)
    others, bodies = other_names(source, shapes, names), resistor_bodies(shapes, names)
    return _Found(caps, names, names[shapes.substrate], notes, others, bodies)


def _spread_out(source: LayoutSource, corner: str) -> _Found:
    from analoom.flows.pex.crossbar.by_tiles import pairs_by_tiles

    if source.cell is None:
        raise TypeError("only a cell drawn here has tile classes")
    caps, ground = pairs_by_tiles(source.cell, corner)
    return _Found(caps, sorted({net for pair in caps for net in pair}), ground, (SPREAD_OUT,))


def _tiled(source: LayoutSource) -> bool:
    return synapses(source) > LARGEST_WHOLE


def rc_options(min_c_f: float, min_r_ohm: float, up_to_hz: float | None) -> RcOptions | None:
    """The options of a reduction; None when none is asked for. Raises InputError for a negative value."""
    asked = min_c_f or min_r_ohm or up_to_hz is not None
    return RcOptions(min_c_f, min_r_ohm, up_to_hz) if asked else None


def by_tiles(source: LayoutSource) -> bool:
    """Whether a layout is an array extracted by tile classes: a crossbar of more than LARGEST_FLAT synapses."""
    return synapses(source) > LARGEST_FLAT


def synapses(source: LayoutSource) -> int:
    """How many synapses a crossbar drawn here has; 0 for other layouts."""
    return source.cell.weave.count if source.cell and source.cell.weave else 0


def _distributed(
    source: LayoutSource, corner: str, workdir: Path, options: RcOptions | None, started: float
) -> Parasitics:
    from analoom.flows.pex.parasitics.rc_netlist import rc_text, spef_text

    tiled, rc = _tiled(source), _network(source, corner, options)
    caps: dict[tuple[str, str], float] = {}
    for a, b, c_f in rc.graph.capacitors():
        low, high = sorted((rc.net_of[a], rc.net_of[b]))
        if low != high:
            caps[low, high] = caps.get((low, high), 0.0) + c_f
    ground = rc.net_of[0]
    nets = _nets(dict(sorted(caps.items())), [net for net in rc.main if net not in rc.other_names], ground)
    ports, name = ports_of(source, list(rc.main)), plain_name(source.name)
    stem = f"{name}_pex{'' if corner == 'typical' else f'_{corner}'}"
    path = write_whole(workdir / f"{stem}.spice", rc_text(name, corner, ports, rc))
    spef = write_whole(workdir / f"{stem}.spef", spef_text(name, corner, ports, rc, version("analoom")))
    notes = source.notes + ((SPREAD_OUT,) if tiled else ())
    notes += rc.notes + (() if options is None else (rc.reduction.words(),))
    return Parasitics(
        source.name,
        "rc",
        corner,
        ports,
        ground,
        nets,
        path,
        len(rc.graph.capacitors()),
        time.perf_counter() - started,
        peak_mb(),
        len(rc.graph.resistors()),
        notes,
        rc,
        spef,
        other_names=rc.other_names,
        bodies=rc.bodies,
        left_out=_left_out(source, caps, ground),
    )


def _network(source: LayoutSource, corner: str, options: RcOptions | None) -> RcResult:
    if source.cell and _tiled(source):
        from analoom.flows.pex.crossbar.rc_tiles import rc_by_tiles

        return rc_by_tiles(source.cell, corner, options)
    from analoom.flows.pex.resistance.extract import extract_rc

    return extract_rc(source, corner, options)


def _left_out(source: LayoutSource, caps: Mapping[tuple[str, str], float], ground: str) -> dict[str, float]:
    if _tiled(source):
        return {}
    ground_f = sum(c_f for pair, c_f in caps.items() if ground in pair)
    return most_left_out(source, sum(caps.values()) - ground_f, ground_f)


def by_name(pairs: Pairs, names: list[str]) -> dict[tuple[str, str], float]:
    """Capacitances (F) by pair of net names in alphabetical order; nets of one name are one."""
    caps: dict[tuple[str, str], float] = {}
    for a, b, c_f in zip(pairs.a.tolist(), pairs.b.tolist(), pairs.c_f.tolist(), strict=True):
        low, high = sorted((names[a], names[b]))
        if low != high:
            caps[low, high] = caps.get((low, high), 0.0) + c_f
    return dict(sorted(caps.items()))


def _nets(caps: Mapping[tuple[str, str], float], names: list[str], ground: str) -> dict[str, NetC]:
    substrate: dict[str, float] = {}
    coupling: dict[str, dict[str, float]] = {name: {} for name in sorted(set(names))}
    for (a, b), c_f in caps.items():
        if ground in (a, b):
            substrate[b if a == ground else a] = c_f
        else:
            coupling[a][b] = coupling[b][a] = c_f
    if ground == NO_GROUND:
        del coupling[ground]
    return {name: NetC(substrate.get(name, 0.0), to) for name, to in coupling.items()}


def _notes(shapes: Shapes) -> tuple[str, ...]:
    return ("slanted wires are cut into steps of 100 nm at most",) if shapes.slanted else ()
