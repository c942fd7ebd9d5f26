"""What the two devices of a PTAT core make of an error, from their slopes at the operating point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analoom.flows.bench.operating_point import DevicePoint
from analoom.flows.netlists.flat_devices import flat_devices

from .ptat_lines import RESISTOR_PIN, PtatBench


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
    diode, device = by_name[_name(bench, "d", bench.gate)], by_name[_name(bench, "s", RESISTOR_PIN)]
    x1, x2 = diode.gm_s / diode.id_a, device.gm_s / device.id_a
    xs = (device.gm_s + device.gmbs_s + device.gds_s) / device.id_a
    return CorePoint(diode.id_a, device.id_a, x2 / x1, 1 + xs * device.id_a * bench.r_ohm - x2 / x1)


def _name(bench: PtatBench, terminal: str, net: str) -> str:
    """The name, as in a table of operating points, of the core's device with a terminal on a net."""
    flat = next(
        f for f in flat_devices(bench.cell.circuit) if f.nets.get("g") == bench.gate and f.nets.get(terminal) == net
    )
    return ".".join([*flat.path, flat.device.name])
