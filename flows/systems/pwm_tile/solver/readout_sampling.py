"""Read-outs of a tile simulated beside each other, each with charges of its own: the pulses that come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Device, Mos
from analoom.cells.pulse_width.pulse_driver import pulse_driver_circuit
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.memory.waves import source
from analoom.flows.systems.pwm_tile.operation.analog import merged
from analoom.flows.systems.pwm_tile.operation.cell_lines import flat_deck, unit
from analoom.flows.systems.pwm_tile.operation.program import BEFORE_V, GAP_S, TileSettings, held_s
from analoom.flows.systems.pwm_tile.operation.transient import FAST, share_above
from analoom.generators.pwm_tile.readout_parts import COLUMN, OWN, readout_circuit, readout_ports
from analoom.generators.pwm_tile.row_height import pulse_height
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.corners import corner

Array = NDArray[np.float64]
OFF_S, TAKING_S, LONGER_S = 1e-8, 2e-7, 3e-7
"""When the operation before ends, for how long charges are taken, and how long a run goes on after the longest ramp."""
USUAL_A = 1e-6
"""Bias of a comparator for which that is long enough; with less it goes on for longer."""
STEP_S, LONGEST_S = 1e-9, 2e-8
AC_HZ = 1e6


def source_of(head: str, start: float, steps: Sequence[tuple[float, float]]) -> str:
    """A source that goes through steps, (s, level)."""
    return source("", start, steps).replace("v_  0", head)


@dataclass(frozen=True)
class Reader:
    """The read-out of a tile where it is sampled."""

    spec: PwmTileSpec
    levels: TileSettings
    corner: str = "tt"
    temp_degc: float = 27.0

    def pulses(self, charges_c: Array, longest_s: float) -> Array:
        """Lengths (copies,) s of pulses out after `charges_c` (copies, 2) C were taken from `colp` and `coln`;
        `longest_s` of the ramps. A read-out goes through a whole operation: reset, charges, waking, ramp."""
        vdd, copies = self.levels.vdd, range(len(charges_c))
        lines = [*self._shared(), *self._waves(len(charges_c))]
        for k in copies:
            lines.append(f".ic v(colp{k})={self.levels.v_res!r} v(coln{k})={self.levels.v_res - BEFORE_V!r}")
            for side, charge in zip(COLUMN, charges_c[k], strict=True):
                taken = [(self._take_s, float(charge) / TAKING_S), (self._take_s + TAKING_S, 0.0)]
                lines.append(source_of(f"i_{side}{k} {side}{k} 0", 0.0, taken))
            lines.append(f".save v(out{k})")
        end_s = self._ramp_s + longest_s + LONGER_S * max(1.0, USUAL_A / self.spec.comparator_current)
        with circuit(self._deck(copies, lines)) as loaded:
            found = loaded.run(f"tran {STEP_S!r} {end_s!r} 0 {LONGEST_S!r}")
        steps = np.diff(found["time"])
        return np.array([float(steps @ share_above(found[f"out{k}"], vdd / 2)) for k in copies])

    def ramp_a(self, volts: Array) -> Array:
        """The ramp's current at voltages of `coln`, (points,) A."""
        columns = [f"v_p colp0 0 {self.levels.v_res!r}", "v_n coln0 0 1"]
        lines = [*self._shared(), *self._still(), f"v_read read 0 {self.levels.vdd!r}", *columns]
        found = []
        with circuit(self._deck(range(1), lines)) as loaded:
            for volt in volts:
                loaded.set("v_n", float(volt))
                found.append(-loaded.op()["v_n#branch"])
        return np.array(found)

    def column_f(self) -> tuple[float, float]:
        """Capacitance of a read-out's `colp` and `coln`, F."""
        at = f"dc {self.levels.v_res - 0.1!r} ac 1"
        lines = [*self._shared(), *self._still(), "v_read read 0 0", f"v_p colp0 0 {at}", f"v_n coln0 0 {at}"]
        with circuit(self._deck(range(1), lines)) as loaded:
            seen = loaded.run(f"ac lin 1 {AC_HZ!r} {AC_HZ!r}")
        p, n = (-complex(seen[f"v_{side}#branch"][0]).imag / (2 * np.pi * AC_HZ) for side in "pn")
        return float(p), float(n)

    def _shared(self) -> list[str]:
        s = self.levels
        levels = {"vdd": s.vdd, "vss": 0.0, "vres": s.v_res, "vcas": s.v_cas}
        levels["vdump"] = 0.0 if s.gate_units else s.v_dump
        rails = (f"v_{net} {net} 0 {v!r}" for net, v in levels.items())
        return [FAST, *rails, f"i_unit 0 vbn {self.spec.unit_current!r}"]

    def _still(self) -> list[str]:
        """A read-out alone that is awake and not reset."""
        vdd, lines = self.levels.vdd, [f"i_cmp vdd bias {self.spec.comparator_current!r}"]
        low = ("reset", "az", "runb") if self.spec.comparator.auto_zero else ("reset",)
        high = ("resetb", "azb", "run") if self.spec.comparator.auto_zero else ("resetb",)
        return [*lines, *(source(net, 0.0) for net in low), *(source(net, vdd) for net in high)]

    def _waves(self, copies: int) -> Iterator[str]:
        """Bias, reset, phases and ramp over an operation that comes after another."""
        vdd, bias = self.levels.vdd, copies * self.spec.comparator_current
        off, zeroed = 0.0 if self.spec.gated else bias, self._let_go_s - self.levels.t_reset
        zeroing = self.spec.comparator.auto_zero
        yield source_of("i_cmp vdd bias", bias, [(zeroed if zeroing else OFF_S, off), (self._wake_s, bias)])
        yield source_of("v_read read 0", 0.0, [(self._ramp_s, vdd)])
        spans = {"reset": (OFF_S, self._let_go_s, 0.0, vdd)}
        if zeroing:
            until = zeroed - GAP_S
            spans |= {"az": (OFF_S, until, 0.0, vdd), "run": (OFF_S, zeroed, vdd, 0.0)}
        for net, (start, end, rest, level) in spans.items():
            yield source(net, rest, [(start, level), (end, rest)])
            yield source(f"{net}b", vdd - rest, [(start, vdd - level), (end, vdd - rest)])

    @property
    def _let_go_s(self) -> float:
        """When the reset ends; the others in the order of time."""
        return OFF_S + held_s(self.spec, self.levels)

    @property
    def _take_s(self) -> float:
        return self._let_go_s + GAP_S

    @property
    def _wake_s(self) -> float:
        return self._take_s + TAKING_S + GAP_S

    @property
    def _ramp_s(self) -> float:
        return self._wake_s + self.levels.t_wake

    def _deck(self, copies: Sequence[int], lines: Sequence[str]) -> str:
        return flat_deck("read-outs", self._devices(copies), corner(self.corner), self.temp_degc, lines)

    def _devices(self, copies: Sequence[int]) -> Iterator[Device]:
        yield unit(self.spec, "reference", "vbn")
        nets = {"in": "read", "p": "go", "pb": "gob", "vcas": "vcas", "vdd": "vdd", "vss": "vss"}
        for device in pulse_driver_circuit(pulse_height(self.spec)).devices:
            if isinstance(device, Mos):
                placed = {terminal: nets.get(net, f"ramps_{net}") for terminal, net in device.nets.items()}
                yield replace(device, name=f"ramps_{device.name}", nets=placed)
        shared = set(readout_ports(self.spec)) - set(OWN)
        held = list(merged(flat_devices(readout_circuit(self.spec))))
        for k in copies:
            for device in held:
                own = {t: net if net in shared else f"{net}{k}" for t, net in device.nets.items()}
                yield replace(device, name=f"{device.name}{k}", nets=own)
