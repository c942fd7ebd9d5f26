"""What an array is taken through: two of its rows are written, one after the other, then both are read.

With drivers each row's bits are shifted in first; without, the lines are driven from outside, bit lines through
switches that let them go for a read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from analoom.generators.memory.latch_array import register_order
from analoom.generators.memory.spec import LatchArraySpec
from analoom.generators.memory.words import address_nets

from .settings import EDGE_S, Settings
from .waves import Step, source

LET_GO = ".model let_go sw vt=0.5 vh=0 ron=100 roff=1e12"


@dataclass(frozen=True)
class Window:
    """A write or a read of `row`: the word line is on from `on_s` to `off_s`, all is over at `end_s`."""

    row: int
    bits: tuple[int, ...]
    start_s: float
    on_s: float
    off_s: float
    end_s: float


@dataclass
class _Lines:
    """Steps of every line, by net."""

    steps: dict[str, list[Step]] = field(default_factory=dict)

    def set(self, net: str, at_s: float, level_v: float) -> None:
        self.steps.setdefault(net, []).append((at_s, level_v))

    def pulse(self, net: str, on_s: float, off_s: float, level_v: float, rest_v: float) -> None:
        self.set(net, on_s, level_v)
        self.set(net, off_s, rest_v)


@dataclass(frozen=True)
class Program:
    """The phases for an array; every line rests where nothing is written or read."""

    spec: LatchArraySpec
    settings: Settings

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last row."""
        return 0, self.spec.rows - 1

    def bits(self, which: int) -> tuple[int, ...]:
        """What is written first and second: every other bit, and the complement."""
        return tuple((col + which + 1) % 2 for col in range(self.spec.cols))

    @cached_property
    def shifts(self) -> list[tuple[float, float]]:
        """When the register is filled for either row: start and end, s; both alike without a register."""
        return [(w.start_s - self._shift_s, w.start_s) for w in self.writes]

    @property
    def _shift_s(self) -> float:
        return self.settings.t_phase * self.spec.cols if self.spec.drivers else 0.0

    @cached_property
    def writes(self) -> list[Window]:
        """Both writes."""
        t, found = self.settings.t_phase, []
        start = t / 2
        for which, row in enumerate(self.rows):
            start += self._shift_s
            found.append(Window(row, self.bits(which), start, start + t / 2, start + 3 * t / 2, start + 2 * t))
            start += 5 * t / 2
        return found

    @cached_property
    def reads(self) -> list[Window]:
        """Both reads; of one row alone what was written last."""
        t, found = self.settings.t_phase, []
        start = self.writes[-1].end_s + t / 2
        for write in self.writes[-1:] if self.spec.rows == 1 else self.writes:
            found.append(Window(write.row, write.bits, start, start + t / 2, start + 3 * t / 2, start + 2 * t))
            start += 5 * t / 2
        return found

    @property
    def end_s(self) -> float:
        return self.reads[-1].end_s + self.settings.t_phase / 2

    def sources(self) -> list[str]:
        """A source a line of the array, and the loads of its bits."""
        v, spec = self.settings.vdd, self.spec
        lines = [source("vdd", v), source("vss", 0.0)]
        lines += self._through_drivers() if spec.drivers else self._direct()
        outs = [f"{node}{row}_{col}" for node in spec.nodes for row in range(spec.rows) for col in range(spec.cols)]
        return [*lines, *(f"c_{net} {net} 0 {self.settings.c_load!r}" for net in outs)]

    def _through_drivers(self) -> list[str]:
        v, lines = self.settings.vdd, _Lines()
        for which, (start, _) in enumerate(self.shifts):
            self._shift(lines, start, self.bits(which))
        for write in self.writes:
            lines.pulse("pcb", write.start_s, write.end_s, v, 0.0)
            lines.pulse("we", write.start_s + EDGE_S, write.end_s - 2 * EDGE_S, v, 0.0)
        for read in self.reads:
            lines.pulse("pcb", read.start_s, read.end_s, v, 0.0)
        for window in (*self.writes, *self.reads):
            for net in address_nets(window.row, self.spec.address_bits):
                lines.pulse(net, window.on_s, window.off_s, v, 0.0)
        return [source(net, self._rest(net), lines.steps.get(net, ())) for net in self._inputs()]

    def _inputs(self) -> Iterator[str]:
        yield from ("din", "ck1", "ck1b", "ck2", "ck2b", "we", "pcb")
        yield from dict.fromkeys(n for row in range(self.spec.rows) for n in address_nets(row, self.spec.address_bits))

    def _rest(self, net: str) -> float:
        return self.settings.vdd if net in ("ck1b", "ck2b") else 0.0

    def _shift(self, lines: _Lines, start_s: float, bits: tuple[int, ...]) -> None:
        """The bit that goes in first travels to the end of the register."""
        t, v = self.settings.t_phase, self.settings.vdd
        for k, col in enumerate(reversed(register_order(self.spec))):
            at = start_s + k * t
            lines.set("din", at, v * bits[col])
            for clock, delay in (("ck1", t / 8), ("ck2", 5 * t / 8)):
                lines.pulse(clock, at + delay, at + delay + t / 4, v, 0.0)
                lines.pulse(f"{clock}b", at + delay, at + delay + t / 4, 0.0, v)

    def _direct(self) -> list[str]:
        v, lines = self.settings.vdd, _Lines()
        for write in self.writes:
            for col, bit in enumerate(write.bits):
                lines.pulse(f"to_{'blb' if bit else 'bl'}{col}", write.start_s, write.end_s, 0.0, v)
        for read in self.reads:
            lines.pulse("hold", read.start_s, read.end_s, 0.0, 1.0)
        for window in (*self.writes, *self.reads):
            lines.pulse(f"wl{window.row}", window.on_s, window.off_s, v, 0.0)
        words = [source(f"wl{row}", 0.0, lines.steps.get(f"wl{row}", ())) for row in range(self.spec.rows)]
        bits = [f"{bit}{col}" for col in range(self.spec.cols) for bit in ("bl", "blb")]
        outside = [source(f"to_{net}", v, lines.steps.get(f"to_{net}", ())) for net in bits]
        switches = [f"s_{net} {net} to_{net} hold 0 let_go" for net in bits]
        return [*words, *outside, source("hold", 1.0, lines.steps["hold"]), *switches, LET_GO]
