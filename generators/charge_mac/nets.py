"""The nets of a charge-domain multiplier: which net each port of a bit, a tile and a row lies on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.switch.weight_bit import CLOCKS

from .bit_grid import BitGrid

SWITCH_CLOCKS = ("rst", "rstb", "smp", "smpb")
SUPPLIES = (VDD, VSS)


def tile_ports(grid: BitGrid) -> tuple[str, ...]:
    """Ports of a tile: `l{r}` and `r{r}` are the left and right end of the chain through row r of its slots."""
    ends = [f"{side}{row}" for row in range(grid.rows) for side in "lr"]
    return ("x", "xb", "vcm", "top", *ends, *CLOCKS, *SUPPLIES)


def row_ports(inputs: int) -> tuple[str, ...]:
    """Ports of a row of tiles, which make one output."""
    lines = [f"{name}{i}" for i in range(inputs) for name in ("x", "xb")]
    return (*lines, "vcm", "out", *SWITCH_CLOCKS, "din", "dout", *CLOCKS, *SUPPLIES)


def mac_ports(inputs: int, outputs: int) -> tuple[str, ...]:
    """Ports of the whole."""
    lines = [f"{name}{i}" for i in range(inputs) for name in ("x", "xb")]
    outs = [f"out{j}" for j in range(outputs)]
    return (*lines, "vcm", *outs, *SWITCH_CLOCKS, "din", "dout", *CLOCKS, *SUPPLIES)


def bit_nets(grid: BitGrid, bit: int, ends: tuple[str, str], *, rest: bool) -> dict[str, str]:
    """Nets of a bit in its tile; `ends` are those of its `d` and `q`.

    The sign chooses between x and its mirror image, a magnitude bit between the outcome `xs` and vcm.
    """
    is_sign = bit == grid.bits - 1
    a, c, y = ("xb", "x", "xs") if is_sign else ("xs", "vcm", f"b{bit}")
    nets = {"d": ends[0], "q": ends[1], "a": a, "y": y, **{net: net for net in (*CLOCKS, *SUPPLIES)}}
    return {**nets, "c": c} if rest or is_sign else nets


def caps_nets(ports: Iterable[str]) -> dict[str, str]:
    """Nets of a tile's capacitors: spare units lie on vcm, as quiet as their neighbours' rest."""
    return {port: "vcm" if port == VSS else port for port in ports}


def chain_nets(grid: BitGrid, row: int, *, from_left: bool) -> Iterator[tuple[int, str, str]]:
    """(bit, net of its d, net of its q) along a row of slots, in the order of the chain."""
    cols = [c for c in range(grid.cols) if grid.bit(row, c) is not None]
    cols = cols if from_left else cols[::-1]
    first, last = (f"l{row}", f"r{row}") if from_left else (f"r{row}", f"l{row}")
    nets = [first, *(f"n{row}_{k}" for k in range(1, len(cols))), last]
    for k, col in enumerate(cols):
        bit = grid.bit(row, col)
        if bit is not None:
            yield bit, nets[k], nets[k + 1]


def tile_nets(grid: BitGrid, i: int, inputs: int, *, start_left: bool) -> dict[str, str]:
    """Nets of tile `i` in its row, whose chain enters row 0 on the left or on the right."""
    nets = {"x": f"x{i}", "xb": f"xb{i}", "vcm": "vcm", "top": "top"}
    for row in range(grid.rows):
        for side, at in (("l", i), ("r", i + 1)):
            nets[f"{side}{row}"] = _between(grid, row, at, inputs, start_left=start_left)
    return {**nets, **{net: net for net in (*CLOCKS, *SUPPLIES)}}


def _between(grid: BitGrid, row: int, at: int, inputs: int, *, start_left: bool) -> str:
    """The chain's net in a row of slots between tiles `at` - 1 and `at`: at its ends it turns into the next row."""
    if 0 < at < inputs:
        return f"n{row}_{at}"
    runs_right = start_left == (row % 2 == 0)
    turn = row + 1 if runs_right == (at > 0) else row
    return {0: "din", grid.rows: "dout"}.get(turn, f"u{turn}")
