"""The phases of an auto-zeroed cell: which switches are on for direct current, and what its capacitors hold.

While a capacitor holds, no direct current tells its voltage: a source stands for it, of what the capacitor took in the
phase before, behind an inductor of 1 GH that leaves all that moves to the capacitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.amplifier.auto_zero import GATE, PHASES, PLATE

_HELD_H = 1e9


@dataclass(frozen=True)
class Phases:
    """A cell with phases, and the paths of the instances whose input is auto-zeroed: "" of the cell itself."""

    dut: Dut
    vdd: float
    paths: tuple[str, ...] = ("",)

    @property
    def there(self) -> bool:
        """Whether the cell has phases at all."""
        return set(PHASES) <= set(self.dut.ports)

    def zeroing(self) -> list[str]:
        """Sources on the phases while offsets are stored."""
        return self._at({"az": 1.0, "runb": 1.0})

    def running(self, lines: Sequence[str]) -> list[str]:
        """Sources on the phases while the cell runs, and what stands for its capacitors in the bench `lines`."""
        held = self._held(lines)
        found = self._at({"azb": 1.0, "run": 1.0})
        for k, (path, volt) in enumerate(zip(self.paths, held, strict=True)):
            gate, plate = self.nets(path)
            found += [f"l_held_{k} {gate} held_{k} {_HELD_H!r}", f"v_held_{k} held_{k} {plate} {volt!r}"]
        return found

    def nets(self, path: str) -> tuple[str, str]:
        """ngspice's names of the gate and the plate of an input."""
        gate, plate = (self.dut.inner(f"{path}.{net}" if path else net) for net in (GATE, PLATE))
        return gate, plate

    def _held(self, lines: Sequence[str]) -> list[float]:
        """What each capacitor takes while offsets are stored, V."""
        with circuit(self.dut.deck(*lines, *self.zeroing())) as loaded:
            op = loaded.op()
        return [float(op[gate] - op[plate]) for gate, plate in map(self.nets, self.paths)]

    def _at(self, shares: dict[str, float]) -> list[str]:
        return [f"v_{phase} {phase} 0 {self.vdd * shares.get(phase, 0.0)!r}" for phase in PHASES]
