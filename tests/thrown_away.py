"""A system that is thrown away after the test: a transistor as a switch to ground, judged by its resistance.

`write_room` writes it as one folder of `flows/systems/`, `write_file` as one file of a user's own; either with a cell.
"""

from pathlib import Path

BENCH = '''
"""The bench of a grounding switch: its resistance with the gate at the supply."""

from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.simulator.ngspice import circuit


class Settings(Spec):
    """How the switch is measured."""

    v_on: float = Field(1.8, gt=0.5, le=1.95, description="gate when on", json_schema_extra={"unit": "V"})


def measure(dut, settings, weights=None):
    """`r_on` at 10 mV (ohm)."""
    lines = [f"v_g g 0 {settings.v_on!r}", "v_s s 0 0", "v_b b 0 0", "v_d d 0 0.01"]
    with circuit(dut.deck(*lines)) as loaded:
        current_a = -loaded.op()["v_d#branch"]
    return Measured({"r_on": Metric(0.01 / current_a, "ohm")})
'''

STATISTICS = '''
"""The mismatch of a grounding switch: r_on moves with the threshold as 1 / (V_gs - V_th)."""

from dataclasses import dataclass

from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.statistics.protocol import Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import exact
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import random_terms

OVERDRIVE_V = 1.2


@dataclass(frozen=True)
class SwitchStatistics(Statistics):
    cell: object
    model: str

    @property
    def source(self):
        return "threshold terms of the model files, by the overdrive"

    @property
    def sigma(self):
        (mos,) = [flat.device for flat in flat_devices(self.cell.circuit)]
        terms = random_terms(mos.device, mos.w_um, mos.l_um, mos.nf, mos.m, self.model)
        return terms.get("delvto", terms.get("vth0")) / OVERDRIVE_V

    def closed(self):
        return {"r_error": exact(self.sigma, "frac")}

    def drawn(self, rng, samples):
        return {"r_error": (self.sigma * rng.standard_normal(samples), "frac")}

    def drawn_by_ngspice(self, samples, seed):
        raise InputError("a grounding switch is not judged by ngspice", field="engine")


def statistics(cell, model, settings, weights):
    return SwitchStatistics(cell, model)


def budget(cell, model, settings, weights, wires_f):
    return {"random": SwitchStatistics(cell, model).sigma}


def section(cell, asked):
    return {"overdrive_v": OVERDRIVE_V}
'''

RECORD = """
SWITCH = System(
    name="grounding",
    kind="ground_switch",
    pins=("d", "g", "s", "b"),
    bench=BenchOf(Settings, measure),
    mismatch=AnalysisOf(AnalysisSettings, statistics, budget),
    sections=(section,),
    limits=Limits(("r_error",)),
    resolution=Resolution("r_error"),
    shown_first=FirstShown(change=("r_on",), sigma=("r_error",)),
)
"""
IMPORTS = """
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.systems.record import FirstShown, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf
"""

CELL = '''
"""A transistor that grounds a node."""

from pydantic import Field

import klayout.db as kdb

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, Instance, LengthUm, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register


class GroundSwitchSpec(Spec):
    """A transistor by its width."""

    w: LengthUm = Field(2.0, ge=1, le=20, description="width", json_schema_extra={"unit": "um"})


@register(GroundSwitchSpec, system="grounding", kind="ground_switch")
def ground_switch(spec: GroundSwitchSpec) -> Cell:
    """A transistor that grounds a node."""
    drawing = Drawing(cell_name("ground_switch", spec))
    inner = mosfet(MosfetSpec(w=spec.w))
    instance = Instance("m", inner, kdb.Trans(), {port: port for port in inner.circuit.ports})
    line = instance.place(drawing)
    pins = tuple(draw_pin(drawing, pin) for pin in inner.pins)
    circuit = Circuit(drawing.cell.name, inner.circuit.ports, (), (line,))
    return Cell(drawing.cell.name, "ground_switch", spec, drawing.cell, circuit, pins, (instance,))
'''

JOB = """
name: ground
cell: ground_switch
axes: {w: [2.0, 4.0]}
measure: {mismatch: [closed], simulate: [schematic], drc: [fast], lvs: [fast]}
search: {bits: [4], sigmas: 3, vary: {w: {low: 1.0, high: 8.0}}}
"""


def write_room(folder: Path) -> Path:
    """The system as a folder on the path of `analoom.flows.systems`, of every process; returns the file of the cell."""
    room = folder / "rooms" / "grounding"
    room.mkdir(parents=True)
    (room / "__init__.py").write_text('"""Switches to ground."""\n')
    (room / "bench.py").write_text(BENCH)
    (room / "mismatch.py").write_text(STATISTICS)
    names = "from .bench import Settings, measure\nfrom .mismatch import budget, section, statistics\n"
    (room / "system.py").write_text(f"{IMPORTS}{names}{RECORD}\nRECORDS = {{SWITCH.kind: SWITCH}}\n")
    path = f"import analoom.flows.systems as systems\nsystems.__path__.append({str(room.parent)!r})\n"
    (folder / "sitecustomize.py").write_text(path)
    return _write(folder / "ground_cells.py", CELL)


def write_file(folder: Path) -> Path:
    """The same as one file of a user's own: bench, statistics, record and cell."""
    added = "from analoom.flows.systems.lookup import add_system\n\nadd_system(SWITCH)\n"
    return _write(folder / "ground_cells.py", "".join((BENCH, STATISTICS, IMPORTS, RECORD, added, CELL)))


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    (path.parent / "job.yaml").write_text(JOB)
    return path
