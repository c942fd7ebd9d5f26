"""Copies of a transistor cell's units in one netlist: gates and sources common, a drain source for each side.

Dummies and whatever else a cell holds are left out: their gates are off and they carry no current of the sides'.
As a mirror, each copy's first side is a diode that a forced current flows into, and the second side's gate hangs on it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.simulator.ngspice import deck
from analoom.flows.statistics.mismatch_library import State, mismatch_library

from .transistor_response import TEMP_DEGC
from .units import TransistorUnits


def units_library(statistics: TransistorUnits, state: State = "drawn") -> Path:
    """Models of the sides' units; as `drawn` they draw by themselves."""
    return mismatch_library({size_of(f.device) for f in _units(statistics)}, statistics.model, state)


def copies_netlist(statistics: TransistorUnits, library: Path, copies: int, forced_a: float = 0.0) -> str:
    """`copies` cells, gates on source `vgx`, side currents through `v_<drain>_<copy>`; thresholds saved too.

    With `forced_a` (A) each copy is a mirror: gates follow the diode, of which the current is forced.
    """
    sign = polarity_sign(statistics)
    drains = [side.drain for side in statistics.sides]
    through = drains[1:] if forced_a else drains
    v_drain = sign * statistics.settings.v_ds
    lines = ["vgx gx 0 0", *(f"v_{d}_{k} {d}_{k} 0 {v_drain}" for d in through for k in range(copies))]
    if forced_a:
        lines += [f"i_{k} 0 {drains[0]}_{k} {sign * forced_a:.12g}" for k in range(copies)]
    lines += [with_variants(_line(statistics, flat, k, forced_a)) for k in range(copies) for flat in _units(statistics)]
    lines += [f".save v_{d}_{k}#branch" for k in range(copies) for d in through]
    lines += [f".save @{element(flat, k)}[vth]" for k in range(copies) for flat in _units(statistics)]
    return deck("copies", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)


def element(flat: FlatDevice, copy: int) -> str:
    """ngspice's name of a unit's transistor."""
    return f"m.x{_name(flat, copy)}.m{flat.device.device.model}".lower()


def polarity_sign(statistics: TransistorUnits) -> float:
    """-1 for p transistors, whose voltages and currents are counted the other way."""
    device = _units(statistics)[0].device
    return -1.0 if isinstance(device, Mos) and device.device.is_p else 1.0


def _units(statistics: TransistorUnits) -> list[FlatDevice]:
    return [flat for side in statistics.sides for flat in statistics.units(side)]


def _line(statistics: TransistorUnits, flat: FlatDevice, copy: int, forced_a: float) -> str:
    """A unit's own netlist line for one copy; pins that are neither gate nor drain are at 0 V."""
    drains = {s.drain for s in statistics.sides}
    gate = f"{statistics.sides[0].drain}_{copy}" if forced_a else "gx"
    nets = {t: gate if t == "g" else f"{n}_{copy}" if n in drains else "0" for t, n in flat.nets.items()}
    return replace(flat.device, name=_name(flat, copy), nets=nets).spice()


def _name(flat: FlatDevice, copy: int) -> str:
    return f"{flat.word}_{copy}".lower()
