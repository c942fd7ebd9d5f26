"""From shapes to devices and nets: hierarchical extraction of a SKY130 layout in process, with klayout.

Devices: the five transistor flavours, told apart by n-well, lvtn and hvtp, and the MIM capacitor capm over met3.
A via3 on capm reaches the capacitor's top plate, elsewhere met3. Wells: n-wells conduct and are named by the n-taps in
them; the p-substrate is one net of the whole chip, reached through p-taps (or a pwell pin). Deep n-wells are not
modelled: a p-well inside one would still count as substrate.

Hierarchy is kept: gates and plates are recognised inside their own cell, from slivers of diffusion beside the gate and
the bottom plate under capm, so a shared diffusion or plate never pulls a device up into the cell above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.pdk.devices import MIM_M3, MOS, MosDevice
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer

SUBSTRATE = "SUBSTRATE"
"""Name of the p-substrate net as long as no label gives it another."""

CAP_CLASS_F_PER_UM2 = 1.0
"""klayout always compares a capacitance: given 1 per um2 it is the plate's area once more, never a value in farad."""

SLIVER_NM = 5
"""Width of the diffusion beside a gate that its source and drain are recognised by: one grid step."""


@dataclass(frozen=True)
class Extraction:
    """The extracted netlist (in `lvs`) and `strays`, the gates that are no known transistor, in nm."""

    lvs: kdb.LayoutVsSchematic
    layers: dict[str, kdb.Region]
    strays: kdb.Region

    @property
    def netlist(self) -> kdb.Netlist:
        return self.lvs.netlist()


class _Extractor:
    """Layers by name in klayout's store, registered so that the result database can show them."""

    def __init__(self, layout: kdb.Layout, top: kdb.Cell) -> None:
        self.layout = layout
        self.lvs = kdb.LayoutVsSchematic(kdb.RecursiveShapeIterator(layout, top, []))
        self.lvs.top_level_mode = True
        self.layers: dict[str, kdb.Region] = {}

    def drawn(self, layer: Layer) -> kdb.Region:
        """The polygons of a layer; an empty region for a layer the layout lacks."""
        name = layer.name.lower()
        if name not in self.layers:
            index = self.layout.find_layer(*layer.value)
            found = self.lvs.make_layer(name) if index is None else self.lvs.make_polygon_layer(index, name)
            self.layers[name] = found
        return self.layers[name]

    def derived(self, name: str, region: kdb.Region) -> kdb.Region:
        self.lvs.register(region, name)
        self.layers[name] = region
        return region

    def texts(self, layer: Layer) -> kdb.Texts | None:
        index = self.layout.find_layer(*layer.value)
        return None if index is None else self.lvs.make_text_layer(index, f"{layer.name.lower()}_text")


def extract(layout: kdb.Layout, top: kdb.Cell, joins: Mapping[str, Sequence[set[str]]] | None = None) -> Extraction:
    """Extracts `top`. `joins` gives, by cell, nets that conduct into each other only through the cells above."""
    work = _Extractor(layout, top)
    _split_layers(work)
    strays = _transistors(work)
    _capacitors(work)
    _wires(work)
    _wells(work)
    _names(work)
    for cell, groups in (joins or {}).items():
        for names in groups:
            work.lvs.join_nets(cell, sorted(names))
    work.lvs.extract_netlist()
    return Extraction(work.lvs, work.layers, strays)


def _split_layers(work: _Extractor) -> None:
    diff, poly, nwell, tap = (work.drawn(x) for x in (Layer.DIFF, Layer.POLY, Layer.NWELL, Layer.TAP))
    via3, plate = work.drawn(Layer.VIA3), work.drawn(MIM_M3.plate)
    work.derived("sd", diff - poly)
    work.derived("gate", diff & poly)
    work.derived("ntap", tap & work.drawn(Layer.NSDM) & nwell)
    work.derived("ptap", (tap & work.drawn(Layer.PSDM)) - nwell)
    work.derived("under_plate", work.drawn(MIM_M3.bottom) & plate)
    work.derived("via3_plate", via3 & plate)
    work.derived("via3_wire", via3 - plate)
    work.layers["bulk"] = work.lvs.make_layer("bulk")


def _transistors(work: _Extractor) -> kdb.Region:
    """Extracts every flavour; returns the gates that are none of them."""
    gate, nwell = work.layers["gate"], work.layers["nwell"]
    lvtn, hvtp = work.drawn(Layer.LVTN), work.drawn(Layer.HVTP)
    kinds = {"n": (gate & work.drawn(Layer.NSDM)) - nwell, "p": gate & work.drawn(Layer.PSDM) & nwell}
    strays = gate - kinds["n"] - kinds["p"]
    for device in MOS.values():
        region = kinds[device.polarity]
        for marker in (lvtn, hvtp):
            region = region & marker if marker is work.drawn(device.threshold or Layer.POLY) else region - marker
        _transistor(work, device, region)
    return strays + (kinds["n"] & hvtp) + (kinds["p"] & lvtn & hvtp)


def _transistor(work: _Extractor, device: MosDevice, gate: kdb.Region) -> None:
    work.derived(f"gate_{device.name}", gate)
    sides = work.derived(f"sides_{device.name}", gate.sized(SLIVER_NM) & work.layers["sd"])
    terminals = {"tS": work.layers["sd"], "tD": work.layers["sd"], "tG": work.layers["poly"]}
    body = work.layers["nwell" if device.is_p else "bulk"]
    given: dict[str, kdb.ShapeCollection] = {
        "SD": sides,
        "G": gate,
        "P": work.layers["poly"],
        "W": body,
        **terminals,
        "tB": body,
    }
    work.lvs.extract_devices(kdb.DeviceExtractorMOS4Transistor(device.model), given)


def _capacitors(work: _Extractor) -> None:
    plate, bottom = work.layers[MIM_M3.plate.name.lower()], work.layers[MIM_M3.bottom.name.lower()]
    given: dict[str, kdb.ShapeCollection] = {"P1": plate, "P2": work.layers["under_plate"], "tA": plate, "tB": bottom}
    work.lvs.extract_devices(kdb.DeviceExtractorCapacitor(MIM_M3.model, CAP_CLASS_F_PER_UM2), given)


def _wires(work: _Extractor) -> None:
    for layer in CONDUCTORS:
        work.lvs.connect(work.drawn(layer))
    for cut, (below, above) in CUTS.items():
        region = work.layers["via3_wire"] if cut is Layer.VIA3 else work.drawn(cut)
        work.lvs.connect(work.drawn(below), region)
        work.lvs.connect(region, work.drawn(above))
    _diffusion_and_plate(work)


def _diffusion_and_plate(work: _Extractor) -> None:
    for name in ("sd", "tap"):
        work.lvs.connect(work.layers[name])
        work.lvs.connect(work.layers[name], work.layers["licon"])
    plate, via = work.layers[MIM_M3.plate.name.lower()], work.layers["via3_plate"]
    work.lvs.connect(plate)
    work.lvs.connect(plate, via)
    work.lvs.connect(via, work.layers["met4"])


def _wells(work: _Extractor) -> None:
    work.lvs.connect(work.layers["nwell"])
    for tap in ("ntap", "ptap"):
        work.lvs.connect(work.layers[tap], work.layers["tap"])
    work.lvs.connect(work.layers["nwell"], work.layers["ntap"])
    for layer in (work.layers["bulk"], work.layers["ptap"], work.drawn(Layer.PWELL_PIN)):
        work.lvs.connect_global(layer, SUBSTRATE)


def _names(work: _Extractor) -> None:
    """Labels name the conductor they lie on; texts on the label and on the pin purpose both count."""
    for layer in (*CONDUCTORS, Layer.NWELL):
        for purpose in (layer.label, layer.pin):
            texts = work.texts(purpose)
            if texts is not None:
                work.lvs.connect(work.drawn(layer), texts)
    for purpose in (Layer.PWELL_LABEL, Layer.PWELL_PIN):
        texts = work.texts(purpose)
        if texts is not None:
            work.lvs.connect_global(texts, SUBSTRATE)
