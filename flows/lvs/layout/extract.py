"""From shapes to devices and nets: hierarchical extraction of a SKY130 layout in process, with klayout.

A via3 on capm reaches the capacitor's top plate, elsewhere met3; likewise via4 on cap2m and met4. Wells: n-wells and
the deep n-wells below conduct and are named by the n-taps in them; a p-well that a deep n-well and a closed n-well ring
cut off is a net of its own, and so is substrate under the mark that cuts it (`SUBCUT`); the rest is the p-substrate,
one net of the whole chip, reached through p-taps (or a pwell pin).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import klayout.db as kdb

from analoom.pdk.layers import CONDUCTORS, CUTS, Layer, Marker

from .devices import capacitors, has_islands, split_layers, transistors
from .foreign import Foreign, foreign, told
from .implants import log_wrong_implants
from .junctions import bipolars, diodes, varactors
from .layers import Layers
from .resistors import resistors, strange_bodies

SUBSTRATE = "SUBSTRATE"
"""Name of the p-substrate net as long as no label gives it another."""

TAP_CLASS = "TAP"
"""The device a tap contact becomes where wells are asked not to conduct: terminal A at the wire, C at the well."""

SPLIT_CUTS = (Layer.VIA3, Layer.VIA4)
"""Cuts that land on a plate in places."""


@dataclass(frozen=True)
class Extraction:
    """The extracted netlist (in `lvs`); `strays`, the gates that are no known transistor; what else was seen (nm)."""

    lvs: kdb.LayoutVsSchematic
    layers: dict[str, kdb.Region]
    strays: kdb.Region
    foreign: list[Foreign] = field(default_factory=list)
    leaks: list[kdb.Box] = field(default_factory=list)

    @property
    def unknown(self) -> list[str]:
        """What it holds and LVS does not know, a line a kind, with places."""
        gates = told("gate", " is no known transistor", [polygon.bbox() for polygon in self.strays.each_merged()])
        return [*gates, *map(str, self.foreign)]

    @property
    def netlist(self) -> kdb.Netlist:
        return self.lvs.netlist()


def extract(
    layout: kdb.Layout,
    top: kdb.Cell,
    joins: Mapping[str, Sequence[set[str]]] | None = None,
    taps_conduct: bool = True,
) -> Extraction:
    """Extracts `top`. `joins` gives, by cell, nets that conduct into each other only through the cells above.

    Without `taps_conduct` each tap contact is a device of class TAP_CLASS between its wire and the well, and implants
    are not looked at.
    """
    work = Layers(layout, top)
    split_layers(work)
    work.empty("bulk")
    leaks = _isolated_wells(work)
    strays = transistors(work)
    capacitors(work)
    resistors(work)
    strange = {"diode": diodes(work).each_merged(), "diffusion resistor": strange_bodies(work)}
    strange["varactor"] = varactors(work).each_merged()
    bipolars(work)
    _wires(work)
    _wells(work, taps_conduct)
    _names(work)
    for cell, groups in (joins or {}).items():
        for names in groups:
            work.lvs.join_nets(cell, sorted(names))
    work.lvs.extract_netlist()
    if taps_conduct:
        log_wrong_implants(work)
    return Extraction(work.lvs, work.layers, strays, foreign(work, strange), leaks)


def _isolated_wells(work: Layers) -> list[kdb.Box]:
    """Makes the layer of p-regions of their own. Returns those that the n-well ring leaves open to the substrate.

    Source of the mark: `layer isosub SUBCUT` and `substrate ... -dnwell,isosub` of `sky130A.tech`.
    """
    if not has_islands(work):
        work.empty("pwell")
        return []
    deep, nwell = work.drawn(Layer.DNWELL), work.drawn(Layer.NWELL)
    inside = deep - nwell
    open_ones = inside.interacting(deep.edges() - nwell)
    work.derived("pwell", (inside - open_ones) + (work.drawn(Marker.SUBCUT) - deep - nwell))
    return [polygon.bbox() for polygon in open_ones.each_merged()]


def _wires(work: Layers) -> None:
    for layer in CONDUCTORS:
        work.lvs.connect(_conductor(work, layer))
    for cut, (below, above) in CUTS.items():
        region = work[f"{cut.name.lower()}_wire"] if cut in SPLIT_CUTS else work.drawn(cut)
        work.lvs.connect(_conductor(work, below), region)
        work.lvs.connect(region, _conductor(work, above))
    _diffusion_and_plates(work)


def _conductor(work: Layers, layer: Layer) -> kdb.Region:
    return work["poly_wire"] if layer is Layer.POLY else work.drawn(layer)


def _diffusion_and_plates(work: Layers) -> None:
    for name in ("sd", "tap"):
        work.lvs.connect(work[name])
        work.lvs.connect(work[name], work["licon"])
    for plate, via, metal in (("capm", "via3_plate", "met4"), ("cap2m", "via4_plate", "met5")):
        work.lvs.connect(work[plate])
        work.lvs.connect(work[plate], work[via])
        work.lvs.connect(work[via], work[metal])


def _wells(work: Layers, taps_conduct: bool) -> None:
    nwell, pwell, pins = work["nwell"], work["pwell"], work.drawn(Layer.PWELL_PIN)
    work.lvs.connect(nwell)
    work.lvs.connect(pwell)
    if has_islands(work):
        work.lvs.connect(work.drawn(Layer.DNWELL))
        work.lvs.connect(nwell, work["dnwell"])
        inner = work.derived("pwell_pin_isolated", pins & pwell)
        work.lvs.connect(pwell, inner)
        pins = work.derived("pwell_pin_outer", pins - pwell)
    for layer in (work["bulk"], pins):
        work.lvs.connect_global(layer, SUBSTRATE)
    (_conducting_taps if taps_conduct else _tap_devices)(work)


def _conducting_taps(work: Layers) -> None:
    inner, outer = _p_taps(work, work["ptap"])
    for taps in (work["ntap"], inner, outer):
        if taps is not None:
            work.lvs.connect(taps, work["tap"])
    work.lvs.connect(work["nwell"], work["ntap"])
    work.lvs.connect_global(outer, SUBSTRATE)
    if inner is not None:
        work.lvs.connect(work["pwell"], inner)


def _tap_devices(work: Layers) -> None:
    """Contacts, as they belong to one cell, where a tap may run on through many."""
    inner, outer = _p_taps(work, work.derived("ptap_contact", work["licon"] & work["ptap"]))
    contacts = work.derived("ntap_contact", work["licon"] & work["ntap"])
    for taps, well in ((contacts, work["nwell"]), (inner, work["pwell"]), (outer, work["bulk"])):
        if taps is not None:
            given: dict[str, kdb.ShapeCollection] = {"P": taps, "N": taps, "tA": work["tap"], "tC": well}
            work.lvs.extract_devices(kdb.DeviceExtractorDiode(TAP_CLASS), given)


def _p_taps(work: Layers, taps: kdb.Region) -> tuple[kdb.Region | None, kdb.Region]:
    """Those in isolated p-wells, if there are any, and those in the substrate."""
    if not has_islands(work):
        return None, taps
    return work.derived("ptap_isolated", taps & work["pwell"]), work.derived("ptap_outer", taps - work["pwell"])


def _names(work: Layers) -> None:
    """Labels name the conductor they lie on; texts on the label and on the pin purpose both count."""
    for layer in (*CONDUCTORS, Layer.NWELL):
        for purpose in (layer.label, layer.pin):
            texts = work.texts(purpose)
            if texts is not None:
                work.lvs.connect(_conductor(work, layer), texts)
    for purpose in (Layer.PWELL_LABEL, Layer.PWELL_PIN):
        texts = work.texts(purpose)
        if texts is not None:
            _well_texts(work, texts, purpose.name.lower())


def _well_texts(work: Layers, texts: kdb.Texts, name: str) -> None:
    if has_islands(work):
        inner, texts = texts & work["pwell"], texts - work["pwell"]
        for found, where in ((inner, "isolated"), (texts, "outer")):
            work.lvs.register(found, f"{name}_text_{where}")
        work.lvs.connect(work["pwell"], inner)
    work.lvs.connect_global(texts, SUBSTRATE)
