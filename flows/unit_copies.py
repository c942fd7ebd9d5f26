"""Copies of a transistor cell's units in one netlist: gates and sources common, a drain source for each side.

Dummies and whatever else a cell holds are left out: their gates are off and they carry no current of the sides'.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analoom.cells.circuit import Mos
from analoom.pdk.corners import corner

from .flat_devices import FlatDevice
from .model_variants import size_of, with_variants
from .models import trimmed_library
from .ngspice import deck

if TYPE_CHECKING:
    from .mismatch_transistor import TransistorStatistics

TEMP_DEGC = 27.0


def units_library(statistics: TransistorStatistics, *, mismatch: bool) -> Path:
    """Models of the sides' units."""
    return trimmed_library({size_of(f.device) for f in _units(statistics)}, corner("tt"), mismatch=mismatch)


def copies_netlist(statistics: TransistorStatistics, library: Path, copies: int) -> str:
    """`copies` cells, gates on source `vgx`, side currents through `v_<drain>_<copy>`; thresholds saved too."""
    v_drain = polarity_sign(statistics) * statistics.bench.settings["v_ds"]
    drains = [side.drain for side in statistics.sides]
    lines = ["vgx gx 0 0", *(f"v_{d}_{k} {d}_{k} 0 {v_drain}" for d in drains for k in range(copies))]
    lines += [with_variants(_line(statistics, flat, k)) for k in range(copies) for flat in _units(statistics)]
    lines += [f".save v_{d}_{k}#branch" for k in range(copies) for d in drains]
    lines += [f".save @{element(flat, k)}[vth]" for k in range(copies) for flat in _units(statistics)]
    return deck("copies", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)


def element(flat: FlatDevice, copy: int) -> str:
    """ngspice's name of a unit's transistor."""
    return f"m.x{_name(flat, copy)}.m{flat.device.device.model}".lower()


def polarity_sign(statistics: TransistorStatistics) -> float:
    """-1 for p transistors, whose voltages and currents are counted the other way."""
    device = _units(statistics)[0].device
    return -1.0 if isinstance(device, Mos) and device.device.is_p else 1.0


def _units(statistics: TransistorStatistics) -> list[FlatDevice]:
    return [flat for side in statistics.sides for flat in statistics.units(side)]


def _line(statistics: TransistorStatistics, flat: FlatDevice, copy: int) -> str:
    """A unit's own netlist line for one copy; pins that are neither gate nor drain are at 0 V."""
    gates, drains = {s.gate for s in statistics.sides}, {s.drain for s in statistics.sides}
    nets = {t: "gx" if n in gates else f"{n}_{copy}" if n in drains else "0" for t, n in flat.nets.items()}
    return replace(flat.device, name=_name(flat, copy), nets=nets).spice()


def _name(flat: FlatDevice, copy: int) -> str:
    return "_".join([*flat.path, flat.device.name, str(copy)]).lower()
