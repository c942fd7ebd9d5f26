"""What the two devices of a PTAT core make of an error, from their slopes at the operating point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analoom.flows.bench.operating_point import DevicePoint
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices

from .ptat_lines import PtatBench


@dataclass(frozen=True)
class CorePoint:
    """Currents (A) of the diode and of the fold; `r` of slopes from the gate, and `divisor` of errors in the loop."""

    i_diode: float
    i_fold: float
    r: float
    divisor: float


def core_point(points: Sequence[DevicePoint], bench: PtatBench) -> CorePoint:
    """The core at the operating `points` of its cell."""
    by_name = {point.name: point for point in points}
    diode = by_name[_name(_diode(bench))]
    wide = [by_name[_name(flat)] for flat in bench.on_resistor]
    current, gm_s = (sum(getattr(point, of) for point in wide) for of in ("id_a", "gm_s"))
    source_s = gm_s + sum(point.gmbs_s + point.gds_s for point in wide)
    r = gm_s / current / (diode.gm_s / diode.id_a)
    return CorePoint(diode.id_a, current, r, 1 + source_s * bench.r_ohm - r)


def _diode(bench: PtatBench) -> FlatDevice:
    """The core's diode."""
    gate = bench.gate
    return next(f for f in flat_devices(bench.cell.circuit) if f.nets.get("g") == gate == f.nets.get("d"))


def _name(flat: FlatDevice) -> str:
    """A device's name in a table of operating points."""
    return ".".join([*flat.path, flat.device.name])
