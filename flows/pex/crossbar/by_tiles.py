"""The parasitics of a large crossbar, by tile classes: totals of every line and a hierarchical netlist."""

from __future__ import annotations

import time
from pathlib import Path

from analoom.cells.model.cell import Cell, weave_of
from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import whole_file
from analoom.flows.files.peak_memory import peak_mb
from analoom.flows.pex.parasitics.record import NetC, Parasitics
from analoom.flows.pex.resistance.rc_result import RcOptions

from .netlist import hier_text
from .rc_tiles import net_name, paths_of
from .reduce import reduce_classes
from .tile_classes import line_totals, tile_classes
from .unfold import whole

NOTE = "extracted by tile classes: couplings are summed by kind of net (col stands for every column)"


def pairs_by_tiles(cell: Cell, corner: str) -> tuple[dict[tuple[str, str], float], str]:
    """(F by pair of nets in alphabetical order, the substrate's name) of a crossbar, as extracted flat."""
    classes = tile_classes(cell, "c", corner)
    weave = weave_of(cell)
    spread = whole(classes, *weave.shape)
    paths, lines = paths_of(cell), weave.lines
    names = [net_name(node, lines, classes.ground, paths) for node in spread.nodes]
    caps: dict[tuple[str, str], float] = {}
    for a, b, c_f in spread.graph.capacitors():
        low, high = sorted((names[a], names[b]))
        if low != high:
            caps[low, high] = caps.get((low, high), 0.0) + c_f
    return dict(sorted(caps.items())), classes.ground


def extract_by_tiles(
    source: LayoutSource, mode: str, corner: str, workdir: Path, options: RcOptions | None, started: float
) -> Parasitics:
    """Extracts a crossbar drawn here; `nets` are its signal lines, with couplings to kinds of nets.

    `options` reduce the network of mode "rc" tile class by tile class.

    `capacitors` and `resistors` count those of the whole array; the netlist holds each class once.
    """
    cell = source.cell
    if cell is None:
        raise TypeError("only a cell drawn here has tile classes")
    weave = weave_of(cell)
    rows, cols = weave.shape
    classes = tile_classes(cell, mode, corner)
    ways = {port: "h" if way == "row" else "v" for port, way in weave.lines.items() if way != "array"}
    signals = {port: way for port, way in ways.items() if f"{port}0" in cell.circuit.ports}
    nets = {}
    for port, found in line_totals(classes, signals, rows, cols).items():
        for k, substrate_f in enumerate(found.substrate_f.tolist()):
            nets[f"{port}{k}"] = NetC(substrate_f, {to: float(c[k]) for to, c in found.coupling_f.items()})
    notes: tuple[str, ...] = (*source.notes, NOTE)
    if options is not None:
        classes, done = reduce_classes(classes, options, rows, cols)
        notes = (*notes, f"on the sample of tile classes: {done.words()}")
    lumped = weave.lines if mode == "c" else None
    text, (resistors, capacitors) = hier_text(classes, source.name, rows, cols, corner, lumped)
    suffix = "" if corner == "typical" else f"_{corner}"
    path = workdir / f"{source.name}_pex{suffix}.spice"
    with whole_file(path) as draft, draft.open("w") as file:
        file.writelines(text)
    ground = next((pin.name for pin in cell.pins if pin.use == "ground"), "0")
    return Parasitics(
        source.name,
        mode,
        corner,
        cell.circuit.ports,
        ground,
        nets,
        path,
        capacitors,
        time.perf_counter() - started,
        peak_mb(),
        resistors,
        notes,
    )
