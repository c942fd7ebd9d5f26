"""The common-source synapse: an n and a p transistor with one stored gate voltage drive a signed current into a column.

The p source hangs on line `rowp`, the n source on `rown`, the common drain is the column. Bodies are at the supplies,
so that one n-well runs along each row; the source of the idea ties each body to its source, which costs an isolated
well a row. Source: analog-mlp-circuit (J. Metzger, 2025), synapse of analog_circuit.ipynb, with its widths.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from analoom.cells.fingers.finger import Finger, draw_finger
from analoom.cells.model.cell import Cell, LengthUm, MatchGroup, Spec, least_by, ruled_length
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.reading import InputLine, Reading
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.tile import Tile
from analoom.pdk import rules
from analoom.pdk.corners import VDD_V
from analoom.pdk.devices import MOS, MosDevice
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import to_nm, to_um

from .cs_plan import HALF_LICON_NM, MARGIN_NM, CsPlan
from .storage import (
    draw_column,
    draw_implant,
    draw_node,
    draw_row,
    draw_supply,
    draw_write_lines,
    draw_write_transistor,
    gate_pad_x,
)
from .storage_plan import storage_devices

READING = Reading(
    inputs={"rowp": InputLine(1.0, VDD_V / 2), "rown": InputLine(-1.0, VDD_V / 2)},
    column="col",
    column_rest_v=VDD_V / 2,
    supplies_v={"vdd": VDD_V, "vss": 0.0, "vc": 0.0},
    weights_v=(0.0, VDD_V),
    v_read=0.1,
)
"""A signed current: the input up and down about half the supply, the column held there."""


_FLAVOUR = {"standard": "", "lvt": "_lvt"}


def _length(description: str) -> Any:
    least = to_um(rules.POLY_WIDTH.value_nm)
    return Field(None, ge=least, le=8.0, description=description, json_schema_extra=least_by(rules.POLY_WIDTH))


class SynapseCsSpec(Spec):
    """Sizes of the common-source synapse."""

    l: LengthUm = ruled_length(0.15, rules.POLY_WIDTH, 8.0, "Length of n and p transistor")  # noqa: E741
    w_n: LengthUm = ruled_length(0.42, rules.MOS_WIDTH, 5.0, "Width of the n transistor")
    w_p: LengthUm = ruled_length(1.3, rules.MOS_WIDTH, 5.0, "Width of the p transistor")
    w_write: LengthUm = ruled_length(0.42, rules.MOS_WIDTH, 5.0, "Write transistor width")
    l_write: LengthUm = ruled_length(0.15, rules.POLY_WIDTH, 8.0, "Write transistor length")
    c_w: LengthUm = ruled_length(1.0, rules.CAPM_WIDTH, 10.0, "Side of the storage capacitor's top plate")
    vt: Literal["standard", "lvt"] = Field(
        "standard", description="threshold of n and p transistor, lvt: low; the write transistor's is standard"
    )
    l_n: LengthUm | None = _length("Length of the n transistor (by default l)")
    l_p: LengthUm | None = _length("Length of the p transistor, with vt=lvt at least 0.35 (by default l, or that)")

    @model_validator(mode="after")
    def _long_enough(self) -> SynapseCsSpec:
        if self.l_p is not None and to_nm("l_p", self.l_p) < self.p.l_min_nm:
            least, rule = to_um(self.p.l_min_nm), rules.PFET_LVT_LENGTH
            raise SpecError(
                "l_p", self.l_p, f"at least {least:g} um for {self.p.name}", f"{rule.id}: {rule.text}", fix=least
            )
        return self

    @property
    def n(self) -> MosDevice:
        """The n transistor's flavour."""
        return MOS[f"nfet_01v8{_FLAVOUR[self.vt]}"]

    @property
    def p(self) -> MosDevice:
        """The p transistor's flavour."""
        return MOS[f"pfet_01v8{_FLAVOUR[self.vt]}"]

    @property
    def length_n(self) -> float:
        """Of the n transistor, um."""
        return self.l if self.l_n is None else self.l_n

    @property
    def length_p(self) -> float:
        """Of the p transistor, um."""
        return max(self.l, to_um(self.p.l_min_nm)) if self.l_p is None else self.l_p


@register(
    SynapseCsSpec, system="synapse", kind="synapse", examples=[{"l": 0.5}, {"w_p": 0.42}, {"c_w": 2.0}, {"vt": "lvt"}]
)
def synapse_cs(spec: SynapseCsSpec) -> Cell:
    """Common-source synapse: n and p transistor with one stored gate voltage, signed column current."""
    plan, name = _plan(spec), cell_name("synapse_cs", spec)
    tile = Tile(Drawing(name), plan.px, plan.py)
    n, p = _draw_transistors(tile, plan)
    _mark(tile, spec, n, p)
    groups = MatchGroup("n", {"n": (n.gate,)}), MatchGroup("p", {"p": (p.gate,)})
    draw_supply(tile, "vdd", plan.ntap_y, MARGIN_NM, "power")
    draw_supply(tile, "vss", plan.ptap_y, MARGIN_NM, "ground")
    tile.strip(Layer.NWELL, *plan.well)
    notes = {
        "tile_nm": tile.fabric.pitch_nm,
        "lines": tile.fabric.lines,
        "storage_node": READING.stored,
        "binding_rule": plan.binding_rule,
    }
    return Cell(
        name,
        "synapse",
        spec,
        tile.drawing.cell,
        _circuit(name, spec),
        tuple(tile.pins),
        match_groups=groups,
        notes=notes,
        reading=READING,
        fabric=tile.fabric,
    )


def _plan(spec: SynapseCsSpec) -> CsPlan:
    sizes = {name: getattr(spec, name) for name in ("w_n", "w_p", "w_write", "l_write", "c_w")}
    sizes |= {"l_n": spec.length_n, "l_p": spec.length_p}
    return CsPlan(**{name: to_nm(name, um) for name, um in sizes.items()}, marked=spec.n.threshold is not None)


def _mark(tile: Tile, spec: SynapseCsSpec, n: Finger, p: Finger) -> None:
    """The layer of a low threshold over each of the two gates."""
    by = rules.LVTN_ENCLOSES_GATE.value_nm
    for device, finger in ((spec.n, n), (spec.p, p)):
        if device.threshold:
            tile.drawing.add(device.threshold, finger.gate.enlarged(by, by))


def _draw_transistors(tile: Tile, plan: CsPlan) -> tuple[Finger, Finger]:
    """Draws all transistors, the capacitor and the signal lines; returns the n and the p transistor of the synapse."""
    drawing = tile.drawing
    n = draw_finger(drawing, MARGIN_NM, plan.n_top - plan.w_n, plan.w_n, plan.l_n)
    p = draw_finger(drawing, MARGIN_NM, plan.p_bottom, plan.w_p, plan.l_p)
    write = draw_write_transistor(tile, plan)
    draw_implant(tile, Layer.NSDM, n.diff + write.diff)
    draw_implant(tile, Layer.PSDM, p.diff)
    draw_row(tile, "rowp", p.right, plan.rowp_y)
    draw_row(tile, "rown", n.right, plan.source_y)
    draw_write_lines(tile, plan, write)
    _draw_pair(tile, plan, n, p)
    draw_node(tile, plan.node, n, write)
    return n, p


def _draw_pair(tile: Tile, plan: CsPlan, n: Finger, p: Finger) -> None:
    """One gate and one drain for both transistors; below the p's gate, poly goes down to the contact in between."""
    pad_right = gate_pad_x(n) + HALF_LICON_NM + rules.POLY_ENCLOSES_LICON_ENDS.value_nm
    right = min(p.gate.right, max(pad_right, n.gate.right))
    tile.drawing.box(Layer.POLY, p.gate.left, plan.node_y - HALF_LICON_NM, right, p.gate.bottom)
    draw_column(tile, "col", n.left + p.left, plan.node_y)


def _circuit(name: str, spec: SynapseCsSpec) -> Circuit:
    write, store = storage_devices(spec.w_write, spec.l_write, spec.c_w)
    devices = (
        write,
        Mos("n", spec.n, spec.w_n, spec.length_n, {"d": "col", "g": "sn", "s": "rown", "b": "vss"}),
        Mos("p", spec.p, spec.w_p, spec.length_p, {"d": "col", "g": "sn", "s": "rowp", "b": "vdd"}),
        store,
    )
    return Circuit(name, ("rowp", "rown", "col", "wwl", "wbl", "vdd", "vss", "vc"), devices)
