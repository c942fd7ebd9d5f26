"""How a network's weights are written, line by line over time: a word into the register, then its row by address.

The clocks do not overlap. While `we` pulls the bit lines the word line rises and falls; before and after, `pcb` charges
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analoom.flows.bench.stepped import Step, stepped_source
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.generators.memory.words import address_lines, address_nets
from analoom.pdk.corners import VDD_V

EDGE_S = 1e-10
PHASE_S = 4e-9
"""Time of a bit of the register; a row takes two and a half."""
HIGH_AT_REST = ("ck1b", "ck2b")
INPUTS = ("din", "ck1", "ck1b", "ck2", "ck2b", "we", "pcb")


@dataclass(frozen=True)
class WriteProgram:
    """`words`: of each the row and the bits of 0 and 1, the one that goes in first at the left."""

    spec: CurrentNetworkSpec
    words: Sequence[tuple[int, str]]

    def sources(self) -> list[str]:
        """Supplies and a source a line."""
        nets = (*INPUTS, *address_lines(self.spec.rows, self.spec.address_bits))
        moved = [stepped_source(net, VDD_V * (net in HIGH_AT_REST), self._steps.get(net, ()), EDGE_S) for net in nets]
        return [f"v_vdd vdd 0 {VDD_V!r}", "v_vss vss 0 0", *moved]

    @property
    def end_s(self) -> float:
        """When all is written."""
        return sum((len(bits) + 2.5) * PHASE_S for _, bits in self.words) + PHASE_S

    @cached_property
    def _steps(self) -> Mapping[str, Sequence[Step]]:
        steps: dict[str, list[Step]] = {}
        start = PHASE_S / 2
        for row, bits in self.words:
            for k, bit in enumerate(bits):
                steps.setdefault("din", []).append((start + k * PHASE_S, VDD_V * int(bit)))
                _clock(steps, start + k * PHASE_S)
            start += len(bits) * PHASE_S
            for net, on_s, off_s in self._row(row, start):
                _pulse(steps, net, on_s, off_s, VDD_V)
            start += 2.5 * PHASE_S
        return steps

    def _row(self, row: int, start_s: float) -> Iterator[tuple[str, float, float]]:
        """(line, on, off) of the lines that write a row."""
        end_s = start_s + 2 * PHASE_S
        yield "pcb", start_s, end_s
        yield "we", start_s + EDGE_S, end_s - 2 * EDGE_S
        for net in address_nets(row, self.spec.address_bits):
            yield net, start_s + PHASE_S / 2, start_s + 3 * PHASE_S / 2


def _clock(steps: dict[str, list[Step]], at_s: float) -> None:
    """One bit on: the first latch of each stage is open in one half of the phase, the second in the other."""
    for clock, delay in (("ck1", PHASE_S / 8), ("ck2", 5 * PHASE_S / 8)):
        on_s, off_s = at_s + delay, at_s + delay + PHASE_S / 4
        _pulse(steps, clock, on_s, off_s, VDD_V)
        _pulse(steps, f"{clock}b", on_s, off_s, 0.0)


def _pulse(steps: dict[str, list[Step]], net: str, on_s: float, off_s: float, level_v: float) -> None:
    steps.setdefault(net, []).extend(((on_s, level_v), (off_s, VDD_V - level_v)))
