"""Chains of a row where they lie: their diffusions, gates and contacts. Everything is in nm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.sizes import AXIS_NM, DIFF_END_NM, HALF_CUT_NM, PAD_LENGTH_NM, PADS_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up

from .chains import Chain, Row
from .tracks import COLUMN_PITCH_NM

REACH_NM = HALF_CUT_NM + rules.DIFF_LICON_TO_GATE.value_nm
"""From the middle of a region to the gate beside it."""
FIRST_X_NM = snap_up(rules.DIFF_SPACE.value_nm // 2 + DIFF_END_NM - AXIS_NM, CUT_GRID_NM) + AXIS_NM
N_PAD_NM = HALF_CUT_NM + rules.POLY_LICON_TO_DIFF.value_nm
"""From n-diffusion to the middle of a gate's contact above it."""
OVER_PAD_NM = PAD_LENGTH_NM // 2 + rules.POLY_SPACE.value_nm + rules.POLY_PAST_DIFF.value_nm
"""From the middle of a gate's contact to the diffusion of the next row."""


def up(value: int) -> int:
    """The next coordinate where the middle of a cut may lie."""
    return snap_up(value - AXIS_NM, CUT_GRID_NM) + AXIS_NM


@dataclass(frozen=True)
class Terminal:
    """A contact: its net, x, the heights of its middle or of its diffusion, and whether it is a gate's."""

    net: str
    x: int
    bottom: int
    top: int
    is_gate: bool = False


@dataclass(frozen=True)
class PlacedChain:
    """A chain where it lies: its diffusion, and the left edge of each gate."""

    chain: Chain
    diff: Box
    region_x: tuple[int, ...]
    gate_left: tuple[int, ...]


@dataclass(frozen=True)
class Band:
    """A row where it lies: its chains, the middle of its gates' contacts, and the heights of its tracks."""

    chains: tuple[PlacedChain, ...]
    is_p: bool
    pad_y: int
    tracks_y: tuple[int, ...]
    terminals: tuple[Terminal, ...]


def _step(l_nm: int) -> int:
    """From region to region: both distances from the gate's middle hold two columns."""
    return max(l_nm + 2 * REACH_NM, 2 * COLUMN_PITCH_NM)


def along(row: Row, x: int) -> Iterator[tuple[tuple[int, ...], Chain]]:
    """The middles of the regions of each chain, the first at `x`."""
    for chain in row:
        steps = [snap_up(_step(chain.l_nm), 2 * CUT_GRID_NM)] * len(chain.gates)
        xs = tuple(accumulate(steps, initial=x))
        yield xs, chain
        x = up(xs[-1] + 2 * DIFF_END_NM + rules.DIFF_SPACE.value_nm)


def gate_middle(region_x: int, l_nm: int) -> int:
    """The contact of the gate behind a region."""
    return region_x + snap_up(_step(l_nm), 2 * CUT_GRID_NM) // 2


def placed(xs: tuple[int, ...], chain: Chain, edge: int, is_p: bool) -> PlacedChain:
    """A chain whose diffusion ends at `edge`, beside the contacts of its gates."""
    bottom, top = (edge, edge + chain.w_nm) if is_p else (edge - chain.w_nm, edge)
    diff = Box(xs[0] - DIFF_END_NM, bottom, xs[-1] + DIFF_END_NM, top)
    lefts = tuple(gate_middle(x, chain.l_nm) - chain.l_nm // 2 // 5 * 5 for x in xs[:-1])
    return PlacedChain(chain, diff, xs, lefts)


def terminals(chains: tuple[PlacedChain, ...], pad_y: int) -> Iterator[Terminal]:
    """The contacts of a row whose gates have theirs at `pad_y`."""
    for one in chains:
        for net, x in zip(one.chain.regions, one.region_x, strict=True):
            yield Terminal(net, x, one.diff.bottom, one.diff.top)
        for net, x in zip(one.chain.gates, one.region_x[:-1], strict=True):
            yield Terminal(net, gate_middle(x, one.chain.l_nm), pad_y, pad_y, is_gate=True)


def lowest(chains: tuple[PlacedChain, ...], pad_y: int, is_p: bool) -> int:
    """The lower end of a row's devices."""
    return pad_y if is_p else min(one.diff.bottom for one in chains)


def top_of(band: Band) -> int:
    """The upper end of a row's devices: the middle of the contacts of n gates, the diffusion of p-types."""
    return max(one.diff.top for one in band.chains) if band.is_p else band.pad_y


def gap(below_is_p: bool, is_p: bool) -> int:
    """From the upper end of a row to the lower end of the next."""
    if is_p and not below_is_p:
        return PADS_NM
    if is_p:
        return rules.POLY_PAST_DIFF.value_nm + rules.POLY_SPACE.value_nm + PAD_LENGTH_NM // 2
    return OVER_PAD_NM
