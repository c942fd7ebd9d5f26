"""What the drawn wires add to the capacitors of a charge-domain multiplier's rows, from the extraction.

Small arrays are extracted as they are. Of larger ones two small ones with the same tile are, with 2 and 3 inputs: tiles
inside are like the middle one of three, and what a row has in all grows by the difference of the two for each input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from analoom.cells.strip.gates import VSS
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.parasitics.record import NetC
from analoom.generators.charge_mac.charge_mac import charge_mac
from analoom.generators.charge_mac.nets import SWITCH_CLOCKS
from analoom.generators.charge_mac.spec import ChargeMacSpec

from .lines import row_ohm

Values = NDArray[np.float64]
Nets = Mapping[str, NetC]

MOST_WHOLE = 3
"""Inputs up to which an array is extracted as it is."""
ROWS = 2
"""Rows extracted of an array: the first, and one that stands for all others."""

_MOVES = re.compile(r"\.(b\d+|xs|top)$")


@dataclass(frozen=True)
class RowWires:
    """Capacitances of a row's wires, F: of its sum to what rests, x, xb and xs (inputs,), and the plates b (inputs, k).

    `plate_rest` (inputs, k) is what else the plates see; `clocks` what the sum ("top") and the output see of the
    switches' lines, by node and line; `out` what else the output's wire has, but for the sum. Of what is driven,
    for its energy: `lines` (inputs, 2) x and xb in this row's share, `signs` (inputs,) xs, `switching` the four lines
    of the switches. `ohm`: what the lines add to the switches of a row in parallel (see `lines.row_ohm`).
    """

    rest: float
    x: Values
    xb: Values
    xs: Values
    plates: Values
    plate_rest: Values
    clocks: tuple[tuple[str, str, float], ...]
    out: float
    lines: Values
    signs: Values
    switching: float
    ohm: float = 0.0


def no_wires(spec: ChargeMacSpec) -> tuple[RowWires, ...]:
    """The rows of a schematic."""
    none, plates = np.zeros(spec.inputs), np.zeros((spec.inputs, spec.bits - 1))
    row = RowWires(0.0, none, none, none, plates, plates, (), 0.0, np.zeros((spec.inputs, 2)), none, 0.0)
    return (row,) * spec.outputs


def extracted_wires(spec: ChargeMacSpec, corner: str) -> tuple[RowWires, ...]:
    """The rows of the drawn array at a wire corner ("typical", "fast", "slow")."""
    ohm = row_ohm(spec, corner)
    return tuple(replace(row, ohm=ohm) for row in extracted_capacitances(spec, corner))


@cache
def extracted_capacitances(spec: ChargeMacSpec, corner: str) -> tuple[RowWires, ...]:
    """The same without the resistance of lines, which takes most of the time to find."""
    rows = min(spec.outputs, ROWS)
    small = {n: _nets(spec.model_copy(update={"inputs": n, "outputs": rows}), corner) for n in _sizes(spec.inputs)}
    found = [_row(small, spec, j) for j in range(rows)]
    return tuple(found[min(j, rows - 1)] for j in range(spec.outputs))


def _sizes(inputs: int) -> tuple[int, ...]:
    return (inputs,) if inputs <= MOST_WHOLE else (MOST_WHOLE - 1, MOST_WHOLE)


@cache
def _nets(spec: ChargeMacSpec, corner: str) -> Nets:
    with TemporaryDirectory(prefix="analoom-") as folder:
        return extract(of_cell(charge_mac(spec)), "c", corner, Path(folder)).nets


def _row(small: Mapping[int, Nets], spec: ChargeMacSpec, j: int) -> RowWires:
    largest = max(small)
    row = row_wires(small[largest], spec, j, largest)
    if spec.inputs == largest:
        return row
    less = row_wires(small[largest - 1], spec, j, largest - 1)
    middle = largest // 2
    order = [0, *[middle] * (spec.inputs - 2), largest - 1]
    tiles = {name: getattr(row, name)[order] for name in ("x", "xb", "xs", "plates", "plate_rest", "lines", "signs")}
    more = spec.inputs - largest
    return RowWires(
        rest=row.rest + more * (row.rest - less.rest),
        clocks=tuple(
            (at, net, c + more * (c - before))
            for (at, net, c), (*_, before) in zip(row.clocks, less.clocks, strict=True)
        ),
        out=row.out,
        switching=row.switching + more * (row.switching - less.switching),
        ohm=row.ohm,
        **tiles,
    )


def row_wires(nets: Nets, spec: ChargeMacSpec, j: int, inputs: int) -> RowWires:
    """The wires of row `j` in the extracted `nets` of an array of `inputs`."""
    top, tiles = nets[f"row{j}.top"], [f"row{j}.t{i}" for i in range(inputs)]
    plate_names = [[f"{tile}.b{k}" for k in range(spec.bits - 1)] for tile in tiles]
    to, out = top.coupling_f, nets[f"out{j}"]
    moving = [("top", net, to.get(net, 0.0)) for net in SWITCH_CLOCKS]
    beside = [("out", net, out.coupling_f.get(net, 0.0)) for net in SWITCH_CLOCKS]
    tile_parts = {
        "x": np.array([to.get(f"x{i}", 0.0) for i in range(inputs)]),
        "xb": np.array([to.get(f"xb{i}", 0.0) for i in range(inputs)]),
        "xs": np.array([to.get(f"{tile}.xs", 0.0) for tile in tiles]),
        "plates": np.array([[to.get(name, 0.0) for name in names] for names in plate_names]),
    }
    named = sum(c for *_, c in moving) + to.get(f"out{j}", 0.0) + sum(float(part.sum()) for part in tile_parts.values())
    seen = np.array([[nets[name].total_f - to.get(name, 0.0) for name in names] for names in plate_names])
    lines = [[_share(nets, f"{net}{i}") for net in ("x", "xb")] for i in range(inputs)]
    return RowWires(
        rest=top.total_f - named,
        **tile_parts,
        plate_rest=seen,
        clocks=(*moving, *beside, ("top", "out", to.get(f"out{j}", 0.0))),
        out=out.total_f - to.get(f"out{j}", 0.0) - sum(c for *_, c in beside),
        lines=np.array(lines),
        signs=np.array([_taken(nets[f"{tile}.xs"]) for tile in tiles]),
        switching=sum(_share(nets, net) for net in SWITCH_CLOCKS),
        ohm=0.0,
    )


def _share(nets: Nets, line: str) -> float:
    """A row's share of what a line through all rows makes be taken up by a volt up and down, F."""
    rows = sum(1 for net in nets if net.startswith("row") and net.endswith(".top"))
    return _taken(nets[line]) / rows


def _taken(net: NetC) -> float:
    """What is taken up as a net goes a volt up and back, F: by itself, then by lines beside it but the ground.

    Of the latches' nodes half hang on the supply; plates, xs and the sum move themselves, or float.
    """
    beside = {other: c_f for other, c_f in net.coupling_f.items() if other != VSS}
    lines = sum(c_f for other, c_f in beside.items() if "." not in other)
    latches = sum(c_f for other, c_f in beside.items() if "." in other and not _MOVES.search(other))
    return net.total_f + lines + latches / 2
