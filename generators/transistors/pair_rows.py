"""Where the fingers of a pair stand: units of one or two fingers by row, and the diffusions and buses they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analoom.cells.fingers.row import Island
from analoom.generators.matching.centroid import place_rows

PairPattern = Literal["abba", "abab", "cross_quad", "centroid_2d"]
Sharing = Literal["shared", "separate"]
MOST_ROWS = 64
IDLE = 0
"""A unit that is neither device 1 nor 2: a dummy at a row's end where the counts leave a site over."""


@dataclass(frozen=True)
class Units:
    """`rows[r]` names the device (1, 2 or IDLE) of each unit, the lowest row first; units have `fingers` fingers."""

    rows: tuple[tuple[int, ...], ...]
    fingers: int


@dataclass(frozen=True)
class Nets:
    """Source and body of a pair's fingers; dummy gates lie on the body."""

    source: str = "s"
    body: str = "b"


def pair_units(pattern: PairPattern, nf: int, rows: int, pitch_nm: tuple[int, int]) -> Units:
    """The units of a pair in one well. `pitch_nm`: from finger to finger and from row to row, for centroid_2d."""
    if pattern == "cross_quad":
        fingers = 2 if nf % 4 == 0 else 1
        half = nf // 2 // fingers
        return Units(((1,) * half + (2,) * half, (2,) * half + (1,) * half), fingers)
    if pattern == "centroid_2d":
        placed = place_rows((nf // 2, nf // 2), rows, 2 * pitch_nm[0], pitch_nm[1])
        return Units(tuple(tuple(who + 1 for who in line) for line in placed.owner), 2)
    fingers = 2 if nf % 4 == 0 or (pattern == "abab" and nf % 2 == 0 and nf > 2) else 1
    base = (1, 2, 2, 1) if pattern == "abba" else (1, 2)
    return Units((base * (2 * nf // fingers // len(base)),), fingers)


def island_rows(pattern: PairPattern, rows: int) -> tuple[tuple[int, ...], ...]:
    """Which device each island holds, by row."""
    if pattern in ("abba", "abab"):
        return ((1, 2, 2, 1) if pattern == "abba" else (1, 2),)
    return tuple((1, 2) if r % 2 == 0 else (2, 1) for r in range(2 if pattern == "cross_quad" else rows))


def diffusions(
    units: Sequence[int], fingers: int, *, dummies: bool, sharing: Sharing = "shared", nets: Nets = Nets()
) -> list[Island]:
    """A row of units as diffusion islands, with a dummy at each end: a finger, or a unit where each stands alone."""
    if sharing == "separate":
        return _apart([IDLE] * dummies + list(units) + [IDLE] * dummies, fingers, nets)
    order = [device for device in units for _ in range(fingers)]
    return _shared([IDLE] * dummies + order + [IDLE] * dummies, nets)


def _shared(order: Sequence[int], nets: Nets) -> list[Island]:
    """Neighbours share a region when both want its net; where one drain would meet the other, the diffusion ends."""
    islands: list[Island] = []
    regions, gates = [nets.source], list[str]()
    for k, device in enumerate(order):
        drain = _drain(device, nets)
        if regions[-1] not in (nets.source, drain):
            islands.append(Island(tuple(regions), tuple(gates)))
            regions, gates = [drain if k + 1 < len(order) else nets.source], []
        gates.append(_gate(device, nets))
        regions.append(drain if regions[-1] == nets.source else nets.source)
    return [*islands, Island(tuple(regions), tuple(gates))]


def _apart(units: Sequence[int], fingers: int, nets: Nets) -> list[Island]:
    """Each unit by itself: source, drain and, of two fingers, source again."""
    regions = [(nets.source, _drain(d, nets), nets.source)[: fingers + 1] for d in units]
    return [Island(at, (_gate(d, nets),) * fingers) for d, at in zip(units, regions, strict=True)]


def _drain(device: int, nets: Nets) -> str:
    return nets.source if device == IDLE else f"d{device}"


def _gate(device: int, nets: Nets) -> str:
    return nets.body if device == IDLE else f"g{device}"


def buses(row: int, sources: tuple[str, str], bodies: tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Met2 buses of gates and of drains from the fingers outward: each drain, and each gate, lies between the other's
    and a quiet net. In every other row the devices change places, so that wires of both are alike over two rows."""
    one, two = (0, 1) if row % 2 == 0 else (1, 0)
    return (
        (bodies[one], f"g{one + 1}", f"g{two + 1}", bodies[two]),
        (sources[one], f"d{one + 1}", f"d{two + 1}", sources[two]),
    )
