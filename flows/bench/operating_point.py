"""Operating points of a cell's transistors, device by device, as the model itself gives them, with their region.

The region is told from the model's threshold, slope and saturation voltage: by the gate overdrive in units of n U_T
(n = 1 + g_mb/g_m) where the inversion coefficient of the EKV model is 0.1 and 10, and by V_ds against V_dsat.
Source: C. Enz, E. Vittoz, "Charge-based MOS Transistor Modeling", 2006: IC < 0.1 weak, > 10 strong inversion, and
V_GS - V_T = 2 n U_T ln(exp(sqrt(IC)) - 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import circuit

from .device_under_test import Dut

BOLTZMANN_J_K, CHARGE_C, ZERO_DEGC_K = 1.380649e-23, 1.602176634e-19, 273.15
MOST_DEVICES = 200
"""An operating point table of more transistors is not made."""

_ASKED = ("id", "vgs", "vds", "vbs", "vth", "vdsat", "gm", "gmbs", "gds")
_DEVICE = re.compile(r"^[Xx](\S+) .*\s(\S+fet\S*) w=", re.M)


def _overdrive(inversion: float) -> float:
    """V_GS - V_T over n U_T at an inversion coefficient."""
    return 2 * log(exp(inversion**0.5) - 1)


WEAK, STRONG = _overdrive(0.1), _overdrive(10.0)
OFF = -16.0
"""Overdrive over n U_T below which a transistor counts as off: 10 million times below its current at threshold."""


@dataclass(frozen=True)
class DevicePoint:
    """One transistor: voltages (V) counted so that they are positive when it conducts, current (A) and slopes (S)."""

    name: str
    model: str
    region: str
    id_a: float
    vgs_v: float
    vds_v: float
    vbs_v: float
    vth_v: float
    vdsat_v: float
    gm_s: float
    gmbs_s: float
    gds_s: float

    @property
    def gm_id(self) -> float | None:
        """g_m/I_D in 1/V, None without a current."""
        return self.gm_s / self.id_a if self.id_a else None

    def to_json(self) -> dict[str, str | float | None]:
        """By name with unit, as in the report."""
        return {**self.__dict__, "gm_id_per_v": self.gm_id}


def thermal_voltage_v(temp_degc: float) -> float:
    """kT/q."""
    return BOLTZMANN_J_K * (temp_degc + ZERO_DEGC_K) / CHARGE_C


def device_points(dut: Dut, *bench: str) -> tuple[DevicePoint, ...]:
    """Every transistor of the cell at the operating point of `bench`; none for a cell of more than `MOST_DEVICES`."""
    devices = list(device_names(dut))
    if len(devices) > MOST_DEVICES:
        return ()
    saved = [".save all", *(f".save @{name}[{what}]" for name, *_ in devices for what in _ASKED)]
    with circuit(dut.deck(*bench, *saved)) as loaded:
        op = loaded.op()
    u_t = thermal_voltage_v(dut.temp_degc)
    return tuple(
        _point(shown, model, {what: op[f"@{name}[{what}]"] for what in _ASKED}, u_t) for name, shown, model in devices
    )


def region(v_gs: float, v_ds: float, v_th: float, v_dsat: float, n_u_t: float) -> str:
    """off; else weak, moderate or strong inversion, and linear or saturated."""
    overdrive = (v_gs - v_th) / n_u_t
    if overdrive < OFF:
        return "off"
    inversion = "weak" if overdrive < WEAK else "strong" if overdrive > STRONG else "moderate"
    return f"{inversion} {'saturated' if v_ds >= v_dsat else 'linear'}"


def _point(name: str, model: str, values: dict[str, float], u_t: float) -> DevicePoint:
    """Voltages are counted from the terminal that acts as the source: the other one where V_ds is negative."""
    back = min(values["vds"], 0.0)
    v_gs, v_bs, v_ds = values["vgs"] - back, values["vbs"] - back, abs(values["vds"])
    slope = 1 + abs(values["gmbs"] / values["gm"]) if values["gm"] else 1.0
    return DevicePoint(
        name=name,
        model=model,
        region=region(v_gs, v_ds, values["vth"], values["vdsat"], slope * u_t),
        id_a=abs(values["id"]),
        vgs_v=v_gs,
        vds_v=v_ds,
        vbs_v=v_bs,
        vth_v=values["vth"],
        vdsat_v=values["vdsat"],
        gm_s=abs(values["gm"]),
        gmbs_s=abs(values["gmbs"]),
        gds_s=abs(values["gds"]),
    )


def device_names(dut: Dut) -> Iterator[tuple[str, str, str]]:
    """ngspice's name, the name to show and the model of every transistor."""
    if dut.view == "post":
        yield from ((f"m.xdut.m{n}".lower(), n, model) for n, model in _DEVICE.findall(dut.text))
        return
    for flat in flat_devices(dut.cell.circuit):
        if isinstance(flat.device, Mos):
            path = "".join(f"x{part}." for part in flat.path)
            shown = ".".join([*flat.path, flat.device.name])
            yield f"m.xdut.{path}m{flat.device.name}".lower(), shown, flat.device.device.model
