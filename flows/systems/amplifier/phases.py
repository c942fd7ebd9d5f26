"""The phases of an auto-zeroed cell: which switches are on for direct current, and what its capacitors hold.

While a capacitor holds, no direct current tells its voltage: a source stands for it, of what the capacitor took in the
phase before, behind a resistor for direct current alone; all that moves is left to the capacitor. A transient starts
from the same, and then nothing but the capacitor holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from analoom.cells.model.circuit import Cap, Circuit
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.copies import net_in_copy
from analoom.generators.amplifier.auto_zero import GATE, PHASES, PLATE
from analoom.pdk.mismatch.coefficients import cap_mismatch

_HELD = "1 ac=1e16 noisy=0"
"""Of a resistor in ohm, for direct current and for all that moves: with 2 pF it gives way below 1 mHz."""


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

    def running(self, lines: Sequence[str], *, moving: bool = False) -> list[str]:
        """Sources on the phases while the cell runs, and what stands for its capacitors in the bench `lines`; `moving`
        for a transient."""
        found = self._at({"azb": 1.0, "run": 1.0})
        for k, (path, volt) in enumerate(zip(self.paths, self._held(lines), strict=True)):
            gate, plate = self.nets(path)
            found.append(f"v_held_{k} held_{k} {plate} {volt!r}")
            found.append(_let_go(k, gate) if moving else f"r_held_{k} {gate} held_{k} {_HELD}")
        return found

    def nets(self, path: str) -> tuple[str, str]:
        """ngspice's names of the gate and the plate of an input."""
        gate, plate = (self.dut.inner(f"{path}.{net}" if path else net) for net in (GATE, PLATE))
        return gate, plate

    def droop(self, lines: Sequence[str]) -> float:
        """What the open switch and the junctions at the first gate let through, by the capacitance that holds, V/s;
        `lines`: the bench that it runs in."""
        with circuit(self.dut.deck(*lines)) as loaded:
            leak_a = loaded.op()["v_held_0#branch"]
        return abs(float(leak_a)) / sum(cap_f(f) for f in caps_of(self.dut.cell.circuit) if GATE in f.nets.values())

    def _held(self, lines: Sequence[str]) -> list[float]:
        """What each capacitor takes while offsets are stored, V."""
        with circuit(self.dut.deck(*lines, *self.zeroing())) as loaded:
            op = loaded.op()
        return [float(op[gate] - op[plate]) for gate, plate in map(self.nets, self.paths)]

    def _at(self, shares: dict[str, float]) -> list[str]:
        return [f"v_{phase} {phase} 0 {self.vdd * shares.get(phase, 0.0)!r}" for phase in PHASES]


def _let_go(k: int, gate: str) -> str:
    """Ties a gate to what stands for its capacitor where a transient starts, and lets go of it."""
    return f"b_held_{k} {gate} held_{k} i=(time > 0 ? 0 : 1) * v({gate},held_{k})"


def caps_of(whole: Circuit) -> list[FlatDevice]:
    """The capacitors of a circuit."""
    return [f for f in flat_devices(whole) if isinstance(f.device, Cap)]


def cap_f(flat: FlatDevice) -> float:
    """Of a capacitor, F, by the installed models' own formula."""
    assert isinstance(flat.device, Cap)
    cap = flat.device
    return cap_mismatch(cap.device).capacitance_f(cap.w_um, cap.l_um) * cap.m


def ideal_caps(whole: Circuit, shared: Collection[str], copy: int) -> Iterator[str]:
    """Lines of ideal capacitors in place of those of a circuit, in a copy of it."""
    for flat in caps_of(whole):
        ends = " ".join(net_in_copy(net, shared, copy) for net in flat.nets.values())
        yield f"c_{flat.word}_{copy} {ends} {cap_f(flat)!r}"
