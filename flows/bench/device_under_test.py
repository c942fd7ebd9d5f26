"""The device under test: one cell as SPICE text, from its circuit or with its extracted parasitics, and its models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.floating_nets import require_driven
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.pex.parasitics.netlist import post_circuit_text
from analoom.flows.pex.parasitics.record import Parasitics
from analoom.flows.simulator.ngspice import deck
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError, unknown

View = Literal["schematic", "post"]


@dataclass(frozen=True)
class Dut:
    """A subcircuit `name` with `ports` in order, its `text`, its model library and the cell it came from.

    `transient`: what stands for it in a transient, where that is another netlist (see `Parasitics.transient`).
    """

    cell: Cell
    view: View
    name: str
    text: str
    library: Path
    corner: Corner
    temp_degc: float
    transient: Dut | None = None

    @property
    def ports(self) -> tuple[str, ...]:
        return self.cell.circuit.ports

    def deck(self, *bench: str, bulk: bool = True) -> str:
        """A circuit to load: models, the cell as `xdut`, each port on the net of its name, and the `bench` lines.

        Without `bulk`, for operating points of arrays, transistors have no bulk resistances (see `flat_lines`).
        """
        models = f'.include "{self.library}"\n{flat_parameters(sizes_of(self.cell.circuit))}\n.temp {self.temp_degc:g}'
        cell = with_flat_lines(self.text, bulk)
        return deck(f"{self.name} {self.view}", models, cell, self.instance(), *bench)

    def instance(self) -> str:
        """The line that places the cell, folded."""
        lines = [f"+ {port}" for port in self.ports]
        return "\n".join(["xdut", *lines, f"+ {self.name}"])

    def inner(self, net: str) -> str:
        """ngspice's name of a net inside, given by its dotted path in the circuit (`xa.sn` of instances `a`)."""
        return f"xdut.{net.replace('.', '_') if self.view == 'post' else _with_x(net)}".lower()


def make_dut(cell: Cell, view: View, corner: Corner, temp_degc: float, parasitics: Parasitics | None = None) -> Dut:
    """The device under test of a cell. Raises InputError for a net that floats, a post view without parasitics
    and an unknown view."""
    require_driven(cell.circuit)
    library = trimmed_library(sizes_of(cell.circuit), corner)
    if view == "schematic":
        return Dut(cell, view, cell.circuit.name, cell.spice(), library, corner, temp_degc)
    if view != "post":
        raise unknown("view", view, ("schematic", "post"), "view", "--view ")
    if parasitics is None:
        raise InputError("the post view needs extracted parasitics", field="view", remedy="extract first")

    given = (f"{cell.circuit.name}_post", library, corner, temp_degc)
    if parasitics.transient is None:
        return _post(cell, post_circuit_text(cell, parasitics), *given)
    moving = _post(cell, post_circuit_text(cell, parasitics.transient), *given)
    return replace(_post(cell, post_circuit_text(cell, replace(parasitics, mode="r")), *given), transient=moving)


def _post(cell: Cell, text: str, name: str, library: Path, corner: Corner, temp_degc: float) -> Dut:
    return Dut(cell, "post", name, text, library, corner, temp_degc)


def _with_x(net: str) -> str:
    *path, local = net.split(".")
    return ".".join([*(f"x{name}" for name in path), local])
