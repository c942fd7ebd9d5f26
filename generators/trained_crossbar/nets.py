"""The nets of a crossbar trained in place, and its pins by the side where they leave.

`x<i>p`, `x<i>n` inputs, `h<j>` hidden columns, `a<j>p`, `a<j>n` the second layer's rows, `o<k>` outputs; `wwl1_<i>`,
`wwl2_<j>` the word lines of rows (of a pair of cells a `p` and an `n` each), `wbl1_<j>`, `wbl2_<k>` the bit lines of
columns; `vdd`, `vss`. Of drawn blocks: `rest`, where rows and columns rest; `t<k>` targets and `on`, high while nudged;
`bias_clamp`, `bias_nudge`, `bias_amplifier`, into which go the currents of their tails. A drawn amplifier's upright
output is the column itself: there is no `a<j>p`, its rows are `h<j>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.cell import Cell

from .spec import TrainedCrossbarSpec

REST, ON = "rest", "on"
BIAS_CLAMP, BIAS_NUDGE, BIAS_AMPLIFIER = "bias_clamp", "bias_nudge", "bias_amplifier"


def crossbar_nets(spec: TrainedCrossbarSpec, layer: int, cell: Cell) -> dict[str, str]:
    """The net of every port of a layer's crossbar."""
    reading = spec.unit.require_reading()
    known: dict[str, str] = {net: net for net in ("vdd", "vss")}
    for row in range(spec.dims[layer - 1] * spec.lines):
        known |= dict(_row_nets(spec, layer, row))
    for col in range(spec.dims[layer]):
        known |= {f"{reading.column}{col}": f"{'ho'[layer - 1]}{col}", f"{reading.bit}{col}": f"wbl{layer}_{col}"}
    return {port: known[port] for port in cell.circuit.ports}


def _row_nets(spec: TrainedCrossbarSpec, layer: int, row: int) -> Iterator[tuple[str, str]]:
    reading, (signal, second) = spec.unit.require_reading(), divmod(row, spec.lines)
    if spec.lines == 2:
        yield f"{next(iter(reading.inputs))}{row}", row_net(spec, layer, signal, "pn"[second])
        yield f"{reading.word}{row}", f"wwl{layer}_{signal}{'pn'[second]}"
    else:
        for port, line in reading.inputs.items():
            yield f"{port}{row}", row_net(spec, layer, signal, "p" if line.sign > 0 else "n")
        yield f"{reading.word}{row}", f"wwl{layer}_{signal}"


def words(spec: TrainedCrossbarSpec, layer: int) -> list[str]:
    """The word lines of a layer, lowest row first."""
    of = ("p", "n") if spec.lines == 2 else ("",)
    return [f"wwl{layer}_{i}{side}" for i in range(spec.dims[layer - 1]) for side in of]


def rows(spec: TrainedCrossbarSpec, layer: int) -> list[str]:
    """The row lines of a layer that are no columns, lowest first."""
    nets = [row_net(spec, layer, i, side) for i in range(spec.dims[layer - 1]) for side in "pn"]
    return [net for net in nets if net[0] in "xa"]


def row_net(spec: TrainedCrossbarSpec, layer: int, signal: int, side: str) -> str:
    """A row line."""
    if layer == 2 and side == "p" and spec.amplifier == "drawn":
        return f"h{signal}"
    return f"{'xa'[layer - 1]}{signal}{side}"


def columns(spec: TrainedCrossbarSpec, layer: int) -> list[str]:
    """The columns of a layer."""
    return [f"{'ho'[layer - 1]}{j}" for j in range(spec.dims[layer])]


def bits(spec: TrainedCrossbarSpec, layer: int) -> list[str]:
    """The bit lines of a layer."""
    return [f"wbl{layer}_{j}" for j in range(spec.dims[layer])]


def shared(spec: TrainedCrossbarSpec) -> list[str]:
    """What drawn blocks have in common, and targets."""
    nets = [REST] if {"clamp", "amplifier", "load"} & set(spec.drawn) else []
    nets += [BIAS_AMPLIFIER] if spec.amplifier == "drawn" else []
    nets += [BIAS_CLAMP] if spec.clamp == "drawn" else []
    return nets + ([BIAS_NUDGE, ON, *(f"t{k}" for k in range(spec.dims[2]))] if spec.nudge == "drawn" else [])
