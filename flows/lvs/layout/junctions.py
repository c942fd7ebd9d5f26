"""Diodes, varactors and bipolar transistors in the shapes: junctions and plates of silicon, by their marks."""

from __future__ import annotations

from collections.abc import Iterable

import klayout.db as kdb

from analoom.flows.lvs.devices.models import CAP_CLASS_F_PER_UM2
from analoom.pdk.devices import BIPOLARS, DIODES, VARACTORS, BipolarDevice, DiodeDevice, VaractorDevice
from analoom.pdk.layers import Layer, Marker

from .layers import Layers

AREA_TOLERANCE_UM2 = 0.01
"""How far an emitter's area may be from its model's. Source: the bounds of `a1` in `sky130A.tech`."""

NM2_PER_UM2 = 1_000_000


def diodes(work: Layers) -> kdb.Region:
    """Extracts every diode; returns the diffusion under the mark that is none."""
    if not work.has(Marker.DIODE):
        return kdb.Region()
    active = (work.drawn(Layer.DIFF) & work.drawn(Marker.DIODE)) - work.drawn(Layer.POLY)
    n_implant, p_implant, nwell = work.drawn(Layer.NSDM), work.drawn(Layer.PSDM), work["nwell"]
    kinds = {"n": (active & n_implant) - p_implant - nwell, "p": (active & p_implant & nwell) - n_implant}
    for device in DIODES.values():
        region = _marked(work, kinds[device.polarity], device.marks, device.never)
        active = active - region
        if device.polarity == "p":
            _diode(work, device, region, "nwell")
        else:
            _diode(work, device, region & work["pwell"], "pwell")
            _diode(work, device, region - work["pwell"], "bulk")
    return active


def varactors(work: Layers) -> kdb.Region:
    """Extracts every varactor, poly over a tap in an n-well; returns what poly over taps is none."""
    over = work.drawn(Layer.TAP) & work.drawn(Layer.POLY)
    if over.is_empty():
        return over
    plates = over & work.drawn(Layer.NSDM) & work["nwell"]
    for device in VARACTORS.values():
        marks = () if device.threshold is None else (device.threshold,)
        never = (Marker.HVI, *(() if marks else (Layer.HVTP,)))
        plate = _marked(work, plates, marks, never)
        _varactor(work, device, plate)
        over = over - plate
    return over


def bipolars(work: Layers) -> None:
    """Extracts the bipolar transistors whose emitter has the area of a model."""
    for device in BIPOLARS.values():
        mark = Marker.PNPID if device.polarity == "pnp" else Marker.NPNID
        if work.has(mark):
            _bipolar(work, device, work.drawn(mark))


def _marked(
    work: Layers, region: kdb.Region, marks: Iterable[Layer | Marker], never: Iterable[Layer | Marker]
) -> kdb.Region:
    for mark in marks:
        region = region & work.drawn(mark)
    for mark in filter(work.has, never):
        region = region - work.drawn(mark)
    return region


def _diode(work: Layers, device: DiodeDevice, region: kdb.Region, well: str) -> None:
    if region.is_empty():
        return
    work.derived(f"junction_{device.name}_{well}", region)
    ends = (work[well], work["sd"]) if device.polarity == "n" else (work["sd"], work[well])
    given: dict[str, kdb.ShapeCollection] = {"P": region, "N": region, "tA": ends[0], "tC": ends[1]}
    work.lvs.extract_devices(kdb.DeviceExtractorDiode(device.model), given)


def _varactor(work: Layers, device: VaractorDevice, plate: kdb.Region) -> None:
    if plate.is_empty():
        return
    work.derived(f"plate_{device.name}", plate)
    given: dict[str, kdb.ShapeCollection] = {"P1": plate, "P2": plate, "tA": work["poly_wire"], "tB": work["nwell"]}
    given |= {"W": work["bulk"], "tW": work["bulk"]}
    kind = kdb.DeviceExtractorCapacitorWithBulk(device.model, CAP_CLASS_F_PER_UM2)
    work.lvs.extract_devices(kind, given)


def _bipolar(work: Layers, device: BipolarDevice, mark: kdb.Region) -> None:
    low, high = ((device.emitter_um2 + x) * NM2_PER_UM2 for x in (-AREA_TOLERANCE_UM2, AREA_TOLERANCE_UM2))
    base = work["nwell" if device.polarity == "pnp" else "pwell"] & mark
    thin = _marked(work, work["sd"] & base, (), (Marker.HVI,))
    emitter = thin.with_area(round(low), round(high) + 1, False)
    if emitter.is_empty():
        return
    work.derived(f"emitter_{device.name}", emitter)
    if device.polarity == "pnp":
        given: dict[str, kdb.ShapeCollection] = {"C": work["bulk"], "tC": work["bulk"], "tB": work["nwell"]}
        kind: kdb.DeviceExtractorBase = kdb.DeviceExtractorBJT3Transistor(device.model)
    else:
        given = {"C": work["dnwell"], "tC": work["dnwell"], "tB": work["pwell"], "S": work["bulk"], "tS": work["bulk"]}
        kind = kdb.DeviceExtractorBJT4Transistor(device.model)
    work.derived(f"base_{device.name}", base)
    work.lvs.extract_devices(kind, given | {"B": base, "E": emitter, "tE": work["sd"]})
