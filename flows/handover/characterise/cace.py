"""A transistor cell for CACE: datasheet, testbench, schematic, layout; CACE's figures are those of `analoom sim`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.circuit import Mos
from analoom.flows.export.port_names import ports_of
from analoom.flows.files.outputs import write_layout, write_whole
from analoom.flows.handover.record import Check, NoSettings, Receiver, Written, failed, not_run, passed
from analoom.flows.handover.schematic import xschem
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulate import simulate
from analoom.flows.systems.transistor.transfer import TransferSettings
from analoom.pdk.corners import CornerName, supply_of
from analoom.pdk.errors import SpecError, ToolError

from .by_cace import Simulated, run_cace, tools_for_cace
from .datasheet import PARAMETER, datasheet_text
from .template import schematic_text, template_of

CLOSE_FRAC, ROUNDED_FRAC = 2e-5, 1e-3
"""How far a figure may be from ours, of six digits and interpolated on another sweep, and how far CACE rounds it."""
CLOSE_ABS = 1e-9
"""Below it, in the figure's own unit, a difference of equals is nothing but the solver's rest."""


class CaceSettings(TransferSettings):
    """The conditions of the bench, and who stands on the datasheet."""

    corners: tuple[CornerName, ...] = Field(("tt",), min_length=1, description="corners that CACE simulates")
    temperature: float = Field(27.0, ge=-55, le=175, description="temperature", json_schema_extra={"unit": "degC"})
    designer: str = Field("", max_length=200, description="designer, as the datasheet says it")
    company: str = Field("", max_length=200, description="company, as the datasheet says it")
    license: str = Field("", max_length=200, description="licence, as the datasheet says it")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.corners)) < len(self.corners):
            raise SpecError("corners", list(self.corners), "each once", fix=list(dict.fromkeys(self.corners)))
        return self


def write(cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written:
    """Writes the project; CACE is run on a copy of it. Raises InputError for a cell that has no bench here."""
    assert isinstance(settings, CaceSettings)
    bench, ports = template_of(cell), ports_of(cell)
    conditions = _conditions(cell, settings)
    drawn = xschem.write(cell, NoSettings(), folder / "xschem", step)
    about = {name: getattr(settings, name) for name in ("designer", "company", "license") if getattr(settings, name)}
    sheet = datasheet_text(cell, ports, bench.metrics, conditions, about)
    template = schematic_text(cell, bench, [port.name for port in ports if port.is_supply])
    files = dict(drawn.files) | {
        "datasheet": write_whole(folder / "cace" / f"{cell.name}.yaml", sheet),
        "template": write_whole(folder / "cace" / "templates" / f"{PARAMETER}.sch", template),
        "gds": write_layout(cell, folder / "gds" / f"{cell.name}.gds"),
    }
    return Written(files, {**drawn.checks, "cace": figures_check(cell, settings, folder, step)})


def figures_check(cell: Cell, settings: CaceSettings, folder: Path, step: Callable[[str], None]) -> Check:
    """What CACE says of the datasheet in `folder`, compared with our own simulation at each corner."""
    try:
        tool, _ = tools_for_cace()
    except ToolError as error:
        return not_run(error.advice())
    step(f"cace {tool.version}")
    try:
        rows = run_cace(tool, folder, cell.name, [*cell.circuit.children(), cell.circuit])
    except ToolError as error:
        return failed(str(error))
    step("simulating")
    own: dict[str, dict[str, float]] = {corner: ours(cell, settings, corner) for corner in settings.corners}
    return compared(rows, own, template_of(cell).metrics, f"cace {tool.version}")


def ours(cell: Cell, settings: CaceSettings, corner: str) -> dict[str, float]:
    """The metrics of our own bench at a corner."""
    fields = settings.model_dump(include={"v_ds", "i_square", "vdd"}, exclude_none=True)
    found = simulate(cell, "schematic", corner, settings.temperature, settings=fields)
    return {name: metric.value for name, metric in found.metrics.items()}


def compared(
    found: list[Simulated], own: Mapping[str, Mapping[str, float]], metrics: tuple[str, ...], by: str
) -> Check:
    """Every figure at every corner against ours: as ngspice wrote it, and as CACE printed that."""
    seen = {one.corner: one for one in found}
    if missing := [corner for corner in own if corner not in seen]:
        return failed(f"{by} gave nothing for corner {', '.join(missing)}")
    wrong, worst = [], 0.0
    for corner, name in product(own, metrics):
        wanted, written, printed = own[corner][name], seen[corner].written.get(name), seen[corner].printed.get(name)
        if written is None or printed is None or not _close(written, wanted, CLOSE_FRAC):
            wrong.append(f"{name} at {corner}: {written} for {wanted:.6g}")
        elif not _close(printed, written, ROUNDED_FRAC):
            wrong.append(f"{name} at {corner}: printed as {printed} for {written:.6g}")
        elif abs(wanted) > CLOSE_ABS:
            worst = max(worst, abs(written / wanted - 1))
    said = f"{by}: {len(own) * len(metrics)} figures at {len(own)} corner{'s' * (len(own) > 1)}"
    if wrong:
        return failed(f"{said}; not those of analoom sim: {'; '.join(wrong[:3])}")
    return passed(f"{said}, those of analoom sim to {worst:.1e}")


def _close(value: float, wanted: float, frac: float) -> bool:
    return abs(value - wanted) <= max(frac * abs(wanted), CLOSE_ABS if abs(wanted) < CLOSE_ABS else 0.0)


def _conditions(cell: Cell, settings: CaceSettings) -> dict[str, dict[str, Any]]:
    """By name, as the datasheet has them. Raises InputError for a voltage that the transistors do not take."""
    device = next(flat.device for flat in flat_devices(cell.circuit) if isinstance(flat.device, Mos)).device
    supply_v = settings.supply_v(device)
    assert supply_v <= supply_of(device).highest_v
    return {
        "corner": {"description": "process corner", "display": "Corner", "enumerate": [*settings.corners]},
        "temperature": {"description": "temperature", "display": "T", "unit": "°C", "typical": settings.temperature},
        "vdd": {"description": "supply", "display": "Vdd", "unit": "V", "typical": supply_v},
        "v_ds": {"description": "drain-source voltage", "display": "Vds", "unit": "V", "typical": settings.v_ds},
        "i_square": {"description": "current by W/L", "display": "I", "unit": "A", "typical": settings.i_square},
    }


RECEIVER = Receiver("cace", "datasheet and testbench for CACE, with schematic and layout", write, CaceSettings)
