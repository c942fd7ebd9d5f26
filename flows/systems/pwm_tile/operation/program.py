"""What a tile is taken through: reset, pulses in, the comparators' start, the ramp that makes pulses out; and again.

An auto-zeroed comparator stores its offset during the reset, at its level, and is joined to the columns before that
ends: its capacitor would take their charge later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.memory.column_driver import CONTROLS
from analoom.flows.systems.memory.settings import EDGE_S
from analoom.flows.systems.memory.waves import Step, source
from analoom.generators.memory.words import address_lines
from analoom.generators.pwm_tile.shared_parts import REFERENCE_UNITS
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError
from analoom.pdk.stack import mim_f

from .settings import PulseLevels

Array = NDArray[np.float64]
GAP_S, BEFORE_S, BEFORE_V = 1e-8, 2e-8, 0.05
"""Between one event and the next; and of what comes first: the end of an operation, the ramp past the other side by so
much, the comparators still awake, so that the first operation finds what every other one does."""
LEAD_S = 5e-8
"""By how much units are on before pulses come in, within the reset, where they are gated."""


class TileSettings(PulseLevels):
    """Levels, times and loads of a tile. Defaults are assumptions about what surrounds it."""

    t_reset: float = Field(2e-7, ge=2e-8, le=1e-4, description="time of the reset", json_schema_extra={"unit": "s"})
    t_zero: float | None = Field(
        None,
        ge=1e-7,
        le=1e-2,
        description="time within the reset in which comparators with auto_zero store their offset, instead of what "
        "their capacitors take by their current",
        json_schema_extra={"unit": "s"},
    )
    t_wake: float = Field(
        3e-7,
        ge=1e-8,
        le=1e-4,
        description="from the bias let in until the ramp begins",
        json_schema_extra={"unit": "s"},
    )
    c_unit: float = Field(
        1e-10,
        ge=0,
        le=1e-6,
        description="capacitor outside at `iunit`: it holds the gates of all units against what wires couple in",
        json_schema_extra={"unit": "F"},
    )
    gate_units: bool = Field(
        False, description="`vdump` at ground but for the pulses in: units then lead no current while columns are read"
    )
    c_load: float = Field(5e-15, ge=0, le=1e-10, description="load of an output", json_schema_extra={"unit": "F"})


USUAL = TileSettings()


def plain(settings: TileSettings) -> TileSettings:
    """The fields of a bench alone, of settings that may have more."""
    return TileSettings.parse({name: getattr(settings, name) for name in TileSettings.model_fields})


def levels_of(settings: TileSettings) -> PulseLevels:
    """The levels alone."""
    return PulseLevels.parse({name: getattr(settings, name) for name in PulseLevels.model_fields})


ZERO_SLEWS, LEAST_SLEWS = 2.5, 1.5
"""How often a comparator's own current could charge its capacitors to the supply while it stores its offset, and how
often at least: its output slews, and rings. After 0.8 pulses are off by 10 to 120 ns, after 1.7 by 2 at most, after 2.2
by 0.1."""


def slew_s(spec: PwmTileSpec, vdd_v: float) -> float:
    """How long a comparator's current takes from the supply to ground with both its capacitors."""
    held_f = mim_f(spec.comparator.w_hold) + mim_f(spec.comparator.w_steady)
    return held_f * vdd_v / spec.comparator_current


def zero_s(spec: PwmTileSpec, settings: TileSettings) -> float:
    """How long comparators store their offset; 0 of a tile whose do not.

    Raises InputError for a time given that is too short for it.
    """
    if not spec.comparator.auto_zero:
        return 0.0
    slew = slew_s(spec, settings.vdd)
    given = ZERO_SLEWS * slew if settings.t_zero is None else settings.t_zero
    least = LEAST_SLEWS * slew
    if given < least:
        said = f"t_zero = {given:g} s: comparators take at least {least:.3g} s to store their offset"
        raise InputError(said, field="settings.t_zero", remedy=f"--set t_zero={ZERO_SLEWS * slew:.2g}")
    return given


def held_s(spec: PwmTileSpec, settings: TileSettings) -> float:
    """How long columns are held at the level of the reset: while comparators store their offset, and `t_reset` more."""
    zero = zero_s(spec, settings)
    return (zero + 2 * GAP_S if zero else 0.0) + settings.t_reset


CLAMP = ".model clamp d(is=1e-9 n=0.2)"
"""The diode of a source that saturates."""
LONGER, MARGIN_S, TURNED_C = 1.15, 1e-7, 2e-13
"""By how much, and how much more, a read-out lasts than its ramp ideally takes; and the charge of its bias in which a
comparator turns: 310 ns of 1 uA, 473 ns of 0.5 uA where the columns have fallen furthest."""


def read_s(spec: PwmTileSpec, codes: NDArray[np.int64], pulses: Array) -> float:
    """How long `pulses` (operations, rows) s through `codes` (rows, cols) are read out for."""
    ideal = float((pulses @ codes).max(initial=0.0)) / spec.ramp_units
    return lasting_s(max(ideal, 0.0), spec.comparator_current)


def lasting_s(ideal_s: float, comparator_current_a: float) -> float:
    """How long a read-out lasts whose ramp ideally takes `ideal_s`."""
    return LONGER * ideal_s + MARGIN_S + TURNED_C / comparator_current_a


@dataclass(frozen=True)
class Program:
    """Operations one after another: `pulses` (operations, rows) s, and `read_s` that each is read out for; 0: only
    the columns are looked at, and the read-outs sleep."""

    spec: PwmTileSpec
    settings: TileSettings
    pulses: Array
    read_s: float
    delay_s: float = 0.0
    """Until the first operation begins."""

    @property
    def reset_s(self) -> float:
        """How long columns are held at the level of the reset."""
        return held_s(self.spec, self.settings)

    @property
    def start_s(self) -> float:
        """When pulses begin, from the start of an operation; and all of it else in the order of time."""
        return self.reset_s + GAP_S

    @property
    def wake_s(self) -> float:
        """When the bias of the comparators is let in."""
        return self.start_s + float(self.pulses.max()) + GAP_S

    @property
    def ramp_s(self) -> float:
        """When the ramp begins."""
        return self.wake_s + self.settings.t_wake

    @property
    def cycle_s(self) -> float:
        """Length of an operation."""
        return self.ramp_s + self.read_s + GAP_S if self.read_s else self.wake_s + GAP_S

    def starts(self) -> Array:
        """When each operation begins, (operations,) s."""
        return self.delay_s + BEFORE_S + np.arange(len(self.pulses), dtype=np.float64) * self.cycle_s

    @property
    def end_s(self) -> float:
        """When all is over."""
        return self.delay_s + BEFORE_S + len(self.pulses) * self.cycle_s

    def sources(self) -> Iterator[str]:
        """A source a pin, currents into the biases, and the loads."""
        s, spec = self.settings, self.spec
        yield from (source(net, v) for net, v in _still(s).items())
        yield from self._dump()
        yield from (source(net, 0.0) for net in address_lines(spec.rows, spec.address_bits) if not net.endswith("b"))
        yield from (source(net, s.vdd) for net in address_lines(spec.rows, spec.address_bits) if net.endswith("b"))
        yield f"i_unit vdd iunit {REFERENCE_UNITS * spec.unit_current!r}"
        if s.c_unit:
            yield f"c_unit iunit 0 {s.c_unit!r}"
        yield from saturating("icmp", spec.cols * spec.comparator_current)
        yield from (source(f"in{i}", 0.0, self._pulses(i)) for i in range(spec.rows))
        yield from self._phases()
        yield from (f"c_out{j} out{j} 0 {s.c_load!r}" for j in range(spec.cols))

    def _dump(self) -> Iterator[str]:
        """Where units lead their current between pulses; the columns are looked at before it falls."""
        level, on = self.settings.v_dump, [(self.start_s - LEAD_S, self.wake_s + GAP_S)]
        yield self._line("vdump", on, 0.0, level) if self.settings.gate_units else source("vdump", level)

    def _phases(self) -> Iterator[str]:
        zero = zero_s(self.spec, self.settings)
        reading = [(self.ramp_s, self.ramp_s + self.read_s)] if self.read_s else []
        spans = {"reset": [(0.0, self.reset_s)], "read": reading}
        if self.spec.gated:
            spans["en"] = [(self.wake_s, self.cycle_s)] if self.read_s else []
            if self.spec.comparator.auto_zero:
                spans["en"] = [(0.0, zero + GAP_S), *spans["en"]]
        if self.spec.comparator.auto_zero:
            spans |= {"az": [(0.0, zero)], "run": [(zero + GAP_S, self.cycle_s)]}
        for net, on in spans.items():
            yield self._line(net, on, 0.0, self.settings.vdd)
            if net != "read":
                yield self._line(f"{net}b", on, self.settings.vdd, 0.0)

    def _line(self, net: str, on: list[tuple[float, float]], rest: float, level: float) -> str:
        """A line at `level` in spans of every operation; what lets a bias in is on before the first one."""
        awake = net.startswith(("en", "run"))
        steps: list[Step] = [(self.delay_s + BEFORE_S - 2 * EDGE_S, rest)] if awake else []
        for start in self.starts():
            for begin, end in on:
                steps += [(float(start + begin), level), (float(start + end - 2 * EDGE_S), rest)]
        return source(net, level if awake else rest, steps)

    def _pulses(self, row: int) -> list[Step]:
        steps: list[Step] = []
        for start, length in zip(self.starts(), self.pulses[:, row], strict=True):
            if length > 0:
                at = float(start + self.start_s)
                steps += [(at, self.settings.vdd), (at + float(length), 0.0)]
        return steps


def saturating(net: str, current_a: float) -> Iterator[str]:
    """Lines of a current from the supply into `net` that ends where `net` comes to the supply, as a mirror's does.

    A source that held on would lift the net until a gate that is off lets its current through to ground. What `clamp`
    gives back to the supply takes 10 uA within 50 mV, and passes 1 nA where the net is lower.
    """
    yield f"i_{net} vdd {net} {current_a!r}"
    yield f"d_{net} {net} vdd clamp"
    yield CLAMP


def _still(s: TileSettings) -> dict[str, float]:
    """Pins at rest: supplies and levels, and the register with nothing to write."""
    levels = {"vdd": s.vdd, "vss": 0.0, "vcas": s.v_cas, "vres": s.v_res, "din": 0.0}
    high = ("ck1b", "ck2b", "pcb")
    return levels | {net: s.vdd if net in high else 0.0 for net in CONTROLS}
