"""What a cell is: a spec with two independent views, layout and circuit, and the pins they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

import klayout.db as kdb
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError, ValidationInfo

from analoom.pdk.errors import InputError, SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import to_nm, to_um

from .abstract import Abstract
from .circuit import Circuit, SubInstance
from .drawing import Box, Drawing, copy_alone
from .facts import Fabric, UnitGrid, Weave
from .landings import Access
from .obstacles import Blockage
from .pin import Pin as Pin
from .pin import draw_pin as draw_pin
from .reading import Reading
from .refusal import refusal
from .show import show_in_klayout


class Kind(StrEnum):
    """The kinds of our own cells, kept until 0.3 for scripts that write `kind=Kind.PAIR`; a kind is any string."""

    DEVICE = "device"
    PAIR = "pair"
    MIRROR = "mirror"
    CAPACITOR = "capacitor"
    SWITCH = "switch"
    SYNAPSE = "synapse"
    NEURON = "neuron"
    ARRAY = "array"
    MULTIPLIER = "multiplier"
    MAC = "mac"
    MACRO = "macro"


class Spec(BaseModel):
    """Base of every spec: frozen, unknown fields refused, each value checked where it enters."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @classmethod
    def parse(cls, fields: Mapping[str, Any], prefix: str = "") -> Self:
        """The spec with `fields`. Raises SpecError with field, value and bound; `prefix` names a nested spec."""
        try:
            return cls.model_validate(dict(fields))
        except ValidationError as error:
            raise refusal(error, prefix, cls, fields) from None


def _on_grid(value: float, info: ValidationInfo) -> float:
    try:
        to_nm(info.field_name or "length", value)
    except SpecError as problem:  # pydantic knows where in a nested spec the field is
        raise ValueError(f"{problem.bound} ({problem.rule})") from None
    return value


LengthUm = Annotated[float, Field(json_schema_extra={"unit": "um"}, allow_inf_nan=False), AfterValidator(_on_grid)]
"""A length in um on the manufacturing grid."""


def least_by(rule: Rule) -> dict[str, JsonValue]:
    """What the schema says of a length in um whose least value is a rule's: a refusal then names the rule."""
    return {"unit": "um", "rule": rule.id}


def ruled_length(default: float, least: Rule, most: float, description: str) -> Any:
    """The field of a length in um from the value of the rule `least` to `most`."""
    return Field(default, ge=to_um(least.value_nm), le=most, description=description, json_schema_extra=least_by(least))


@dataclass(frozen=True)
class MatchGroup:
    """Devices meant to match: per device the drawn boxes (gates or plates, nm) of its units.

    `whole_cell`: the cell is drawn for this group: its members are to share a centre, all else are dummies.
    """

    name: str
    members: Mapping[str, Sequence[Box]]
    whole_cell: bool = False

    def centroid_nm(self, member: str) -> tuple[float, float]:
        """Area-weighted centre of a member's units."""
        boxes = self.members[member]
        area = sum(b.area() for b in boxes)
        x = sum(b.area() * (b.left + b.right) / 2 for b in boxes) / area
        y = sum(b.area() * (b.bottom + b.top) / 2 for b in boxes) / area
        return x, y


@dataclass(frozen=True)
class Instance:
    """A cell placed and wired in one breath: `trans` puts it (nm), `nets` connects every port of its circuit."""

    name: str
    cell: Cell
    trans: kdb.Trans
    nets: Mapping[str, str]

    def place(self, drawing: Drawing) -> SubInstance:
        """Draws the instance and returns its circuit line."""
        drawing.instance(self.cell.layout, self.trans)
        return SubInstance(self.name, self.cell.circuit, dict(self.nets))


@dataclass(frozen=True)
class Cell:
    """One parametrised cell. `layout` is klayout's cell in the process-wide library.

    `system` names the kind of system the cell belongs to, `kind` what it is within it: both say which pins it must
    offer, its testbench and its metrics. A cell built by the registry has those it was registered with.
    `instances` are the cells below with their positions, in the circuit's order and under the circuit's instance names.
    A pin name may occur more than once in `pins` (several places of one net); `circuit.ports` lists each net once.
    `reading` says how a synapse is read. Raises InputError for one that does not fit the circuit.

    `fabric`, `weave` and `grid` are facts of tiles and strips, crossbars, capacitor arrays. `sources`: the source of
    error of each transistor by its dotted path, `areas_um2`: the cell's area by part, where a cell tells them. `notes`
    are for people, as `build --json` prints them: nothing is computed from them.
    """

    name: str
    kind: str
    spec: Spec
    layout: kdb.Cell
    circuit: Circuit
    pins: tuple[Pin, ...]
    instances: tuple[Instance, ...] = ()
    match_groups: tuple[MatchGroup, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    reading: Reading | None = None
    fabric: Fabric | None = None
    weave: Weave | None = None
    grid: UnitGrid | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    areas_um2: Mapping[str, float] = field(default_factory=dict)
    system: str = ""

    def __post_init__(self) -> None:
        if self.reading is not None:
            self.reading.fit(self.circuit)

    def require_reading(self) -> Reading:
        """How this synapse is read. Raises InputError for a cell that does not say so."""
        if self.reading is None:
            remedy = "give its Cell a Reading (analoom.cells.model.reading)"
            raise InputError(f"{self.name} does not say how it is read", field="reading", remedy=remedy)
        return self.reading

    @property
    def bbox_nm(self) -> Box:
        return self.layout.bbox()

    @property
    def area_um2(self) -> float:
        """Area of the bounding box, in um2."""
        return self.bbox_nm.width() * self.bbox_nm.height() / 1e6

    @cached_property
    def abstract(self) -> Abstract:
        """What whoever places and routes the cell may know of it."""
        return Abstract(self.layout, self.pins)

    def access(self, pin: str) -> tuple[Access, ...]:
        """Where the pin can be met: its places with their layer and box (nm), and the landings there that hold a via.

        Raises InputError for a name that no pin has.
        """
        return self.abstract.access(pin)

    def blocked(self, layer: Layer) -> Blockage:
        """What a wire from outside must not enter on a routing layer, li1 to met5, and how far it keeps from it (nm).

        Raises InputError for any other layer.
        """
        return self.abstract.blocked(layer)

    def spice(self) -> str:
        """The circuit as SPICE text."""
        return self.circuit.spice()

    def write(self, path: Path) -> Path:
        """Writes this cell and those below as GDS or OASIS, by the suffix of `path`.

        Its bytes do not depend on what else was drawn before: they are those of a layout that holds nothing else.
        """
        options = kdb.SaveLayoutOptions()
        options.set_format_from_filename(str(path))
        options.gds2_write_timestamps = False
        copy_alone(self.layout).write(str(path), options)
        return path

    def show(self) -> None:
        """Opens the cell in the KLayout that runs beside, as `gf.show` does. Raises ToolError where none listens."""
        show_in_klayout(self.name, self.write)


def weave_of(cell: Cell) -> Weave:
    """Rows, columns and lines of a crossbar. Raises InputError for any other cell."""
    if cell.weave is None:
        raise InputError(f"{cell.name} is no crossbar", field="name", remedy="analoom pex crossbar -p rows=8 -p cols=8")
    return cell.weave
