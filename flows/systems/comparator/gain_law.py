"""The gain of a continuous comparator by its transistors' slopes, in closed form.

Two stages: gm of the input over the conductances at its drain, times gm of the second stage over those at the output.
Source: P. Gray, R. Meyer, "Analysis and Design of Analog Integrated Circuits", the two-stage CMOS amplifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.operating_point import DevicePoint, device_points
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.pdk.errors import InputError


def gain_law(dut: Dut, bench: Sequence[str]) -> float:
    """|A| at the operating point of `bench`. Raises InputError for a cell of another form."""
    points = {p.name.replace(".", "_"): p for p in device_points(dut, *bench)}
    live = [f for f in flat_devices(dut.cell.circuit) if f.nets.get("d") != f.nets.get("s")]
    first = _only(dut, (f for f in live if f.nets["g"] == "inp"))
    inner = first.nets["d"]
    second = _only(dut, (f for f in live if f.nets["g"] == inner and f.nets["d"] == "out"))
    gains = [_point(points, device).gm_s for device in (first, second)]
    loads = [sum(_point(points, f).gds_s for f in live if f.nets["d"] == net) for net in (inner, "out")]
    return gains[0] / loads[0] * gains[1] / loads[1]


def _point(points: dict[str, DevicePoint], flat: FlatDevice) -> DevicePoint:
    return points[flat.word]


def _only(dut: Dut, found: Iterable[FlatDevice]) -> FlatDevice:
    devices = list(found)
    if len(devices) != 1:
        raise InputError(f"{dut.cell.name} is no comparator of two stages", field="name")
    return devices[0]
