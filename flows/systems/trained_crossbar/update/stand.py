"""The sources around an update, or around copies of it, through one sample, which begins with `az` and `null` high."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.ngspice import Loaded

from .settings import UpdateSettings

Array = NDArray[np.float64]

FINE = ".option reltol=1e-5 abstol=1e-14 chgtol=1e-18 vntol=1e-8"
MOVING_S, AFTER_S, BEFORE_S = 1e-7, 4e-7, 1e-7
LINE_OHM = 1e3
"""Between the line and its source, so that ngspice finds its way through the edges: 1 uV at a nA."""
STEPS = 240
OWN = ("bl", "bias")
"""Ports that each of several copies has for itself."""


@dataclass(frozen=True)
class Sample:
    """When a sample's phases end, s."""

    settings: UpdateSettings

    @property
    def az_s(self) -> float:
        return self.settings.t_az

    @property
    def null_s(self) -> float:
        return self.az_s + self.settings.t_null

    @property
    def move_s(self) -> float:
        return self.null_s + 2 * self.settings.t_edge

    @property
    def up_s(self) -> float:
        return self.null_s + self.settings.t_settle

    @property
    def end_s(self) -> float:
        return self.up_s + self.settings.t_up + AFTER_S

    def shared(self) -> Iterator[str]:
        """Supplies, levels, the row, the column that moves by `v_move`, and all phases."""
        s, off = self.settings, 0.0
        yield FINE
        for net, level in (("vdd", s.vdd), ("vss", off), ("rest", s.rest), ("high", s.high)):
            yield f"v_{net} {net} 0 {level!r}"
        yield f"v_row x 0 {s.row!r}\ne_xp xp rest x 0 1\ne_xn xn rest x 0 0"
        yield f"v_free col_free rest {s.free!r}\nv_move moves 0 0"
        moved = f"pwl(0 0 {self.move_s!r} 0 {self.move_s + MOVING_S!r} 1)"
        yield f"v_step step 0 {moved}\nb_col col col_free v=v(step)*v(moves)"
        for phase, end in (("az", self.az_s), ("null", self.null_s)):
            yield _course(phase, (0.0, s.vdd), (end, s.vdd), (end + s.t_edge, off))
            yield _course(f"{phase}b", (0.0, off), (end, off), (end + s.t_edge, s.vdd))
        for side, on, away in (("p", s.on_p, s.vdd), ("n", s.on_n, off)):
            yield self._while_up(f"up_{side}", on, away)
            yield self._while_up(f"park_{side}", away, on)
        yield f"v_weight weight 0 {s.weight!r}"

    def own(self, copy: str = "") -> tuple[str, ...]:
        """The line, whose current is that of `v_line`, and the bias of a copy."""
        return (
            f"v_line{copy} line{copy} weight 0",
            f"r_line{copy} line{copy} bl{copy} {LINE_OHM!r}",
            f"i_bias{copy} 0 bias{copy} {self.settings.i_bias!r}",
        )

    def _while_up(self, net: str, on: float, off: float) -> str:
        begin, end, edge = self.up_s, self.up_s + self.settings.t_up, self.settings.t_edge
        return _course(net, (0.0, off), (begin, off), (begin + edge, on), (end, on), (end + edge, off))

    def run(self, loaded: Loaded, move: float, row: float, weight: float) -> dict[str, Array]:
        """A sample with the column's move, the row and the weight given, V."""
        for source, value in (("v_move", move), ("v_row", row), ("v_weight", weight)):
            loaded.set(source, float(value))
        return loaded.run(f"tran {self.end_s / STEPS!r} {self.end_s!r} 0 {self.end_s / STEPS!r}")

    def charge(self, found: dict[str, Array], copy: str = "") -> float:
        """What went onto the line over the update, C."""
        time, current = found["time"], found[f"v_line{copy}#branch"]
        over = (time >= self.up_s - BEFORE_S) & (time <= self.up_s + self.settings.t_up + AFTER_S / 2)
        return -float(np.trapezoid(current[over], time[over]))


def _course(net: str, *points: tuple[float, float]) -> str:
    return f"v_{net} {net} 0 pwl({' '.join(f'{t!r} {v!r}' for t, v in points)})"
