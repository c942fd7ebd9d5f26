"""What a catalogue asks of an IP: who made it, as the user says, and what the cell itself tells.

Source of the fields: `ipm/common.py` of github.com/chipfoundry/ipm (class Checks), and its older JSON form.
"""

from __future__ import annotations

from datetime import date as Date
from typing import Any

from pydantic import Field

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.pdk.corners import supply_of
from analoom.pdk.devices import DRAWN_MOS
from analoom.pdk.units import to_um

LINE = r"[^\r\n]*\S[^\r\n]*"
TECHNOLOGY, CATEGORY, KIND = "sky130A", "analog", "hard"
NONE = "n/a"

REQUIRED = (
    *("name", "description", "repo", "owner", "license", "author", "email", "version", "date", "category", "tags"),
    *("bus", "type", "maturity", "width", "height", "technology", "digital_supply_voltage", "analog_supply_voltage"),
    *("supply_voltage", "clock_freq_mhz", "cell_count"),
)
"""Every field that either form of the catalogue wants."""


class IpmSettings(Spec):
    """Who hands it over; none has a default that could be wrong."""

    repo: str = Field(
        pattern=r"^github\.com/[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", max_length=200, description="github.com/OWNER/NAME"
    )
    owner: str = Field(pattern=f"^{LINE}$", max_length=200, description="who owns it")
    license: str = Field(pattern=f"^{LINE}$", max_length=200, description="its licence, as SPDX names it")
    author: str = Field(pattern=f"^{LINE}$", max_length=200, description="who made it")
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200, description="how to reach the author")
    version: str = Field(
        pattern=r"^v?\d+\.\d+\.\d+$", max_length=40, description="version, which names the tarball: v1.0.0"
    )
    date: Date = Field(description="day of this version: 2026-01-31")
    description: str = Field("", max_length=500, description="a line on what it is; by default what the cell says")
    tags: tuple[str, ...] = Field(("analog",), min_length=1, max_length=20, description="words to find it by")
    maturity: str = Field("Not verified", pattern=f"^{LINE}$", max_length=80, description="how far it is proven")
    bus: str = Field("n/a", pattern=f"^{LINE}$", max_length=80, description="bus that it hangs on")
    tapeouts: str = Field("none", pattern=f"^{LINE}$", max_length=500, description="tapeouts that it was on")


def facts_of(cell: Cell, settings: IpmSettings) -> dict[str, Any]:
    """All fields of the catalogue."""
    box, volts = cell.bbox_nm, supplies_of(cell)
    return {
        "name": cell.name,
        "description": settings.description or f"{cell.kind} {cell.name}, drawn by analoom",
        **settings.model_dump(mode="json", include={"repo", "owner", "license", "author", "email", "version", "date"}),
        "category": CATEGORY,
        "tags": list(settings.tags),
        "bus": [settings.bus],
        "type": KIND,
        "maturity": settings.maturity,
        "cell_count": str(cell.circuit.device_count()),
        "width": f"{to_um(box.width()):g}",
        "height": f"{to_um(box.height()):g}",
        "technology": TECHNOLOGY,
        "clock_freq_mhz": NONE,
        "supply_voltage": volts,
        "digital_supply_voltage": NONE,
        "analog_supply_voltage": ", ".join(volts),
    }


def supplies_of(cell: Cell) -> list[str]:
    """Nominal supplies of the transistors in it, in V; of a cell without any there is none."""
    devices = {flat.device.device.name for flat in flat_devices(cell.circuit) if isinstance(flat.device, Mos)}
    volts = {supply_of(DRAWN_MOS[name]).nominal_v for name in devices}
    return [f"{value:g}" for value in sorted(volts)] or [NONE]
