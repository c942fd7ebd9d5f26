"""The devices LVS recognises in the shapes: transistors and MIM capacitors; `resistors` and `junctions` hold the rest.

Hierarchy is kept: gates, plates and resistor bodies are recognised inside their own cell, from slivers of the layer
beside them, so a shared diffusion, plate or wire never pulls a device up into the cell above.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.lvs.devices.models import CAP_CLASS_F_PER_UM2, TRANSISTORS
from analoom.pdk.devices import BODY_MARKS, MIM_M3, MIM_M4, CapDevice, MosDevice
from analoom.pdk.layers import Layer, Marker

from .bodies import bodies
from .foreign import known_gates
from .implants import taps_drawn_as_diffusion
from .layers import Layers
from .resistors import SLIVER_NM, cut_bodies

FLAVOUR_MARKS = (Layer.LVTN, Layer.HVTP, Marker.HVI, Marker.LVID, Marker.ESDID, Marker.HVTR)
"""The layers that tell transistor flavours apart."""


def split_layers(work: Layers) -> None:
    """Cuts diffusion at gates, conductors at resistor bodies, and vias by the plate they land on."""
    cut_bodies(work)
    diff, nwell, tap = (work.drawn(x) for x in (Layer.DIFF, Layer.NWELL, Layer.TAP))
    poly = work["poly_wire"]
    lone = taps_drawn_as_diffusion(work)
    if not lone.is_empty():
        tap = work.layers["tap"] = work.derived("tap_any", tap + lone)
    work.derived("sd", diff - poly - lone - _diffusion_bodies(work))
    work.derived("gate", diff & poly)
    work.derived("ntap", tap & work.drawn(Layer.NSDM) & nwell)
    work.derived("ptap", (tap & work.drawn(Layer.PSDM)) - nwell)
    for cut, device in ((Layer.VIA3, MIM_M3), (Layer.VIA4, MIM_M4)):
        via, plate = work.drawn(cut), work.drawn(device.plate)
        work.derived(f"{cut.name.lower()}_plate", via & plate)
        work.derived(f"{cut.name.lower()}_wire", via - plate)
        work.derived(f"under_{device.plate.name.lower()}", work.drawn(device.bottom) & plate)


def _diffusion_bodies(work: Layers) -> kdb.Region:
    """Makes the layers of resistors in diffusion, where any is marked. Returns all of them."""
    if not any(map(work.has, BODY_MARKS[Layer.DIFF])):
        return kdb.Region()
    n_implant, p_implant, nwell = (work.drawn(x) for x in (Layer.NSDM, Layer.PSDM, Layer.NWELL))
    body = work.derived("diff_body", bodies(work, Layer.DIFF) - work.drawn(Layer.POLY))
    work.derived("diff_body_n", (body & n_implant) - p_implant - nwell)
    work.derived("diff_body_p", (body & p_implant & nwell) - n_implant)
    return body


def transistors(work: Layers) -> kdb.Region:
    """Extracts every flavour; returns the gates that are none of them."""
    strays = gate = known_gates(work)
    n_implant, p_implant, nwell = work.drawn(Layer.NSDM), work.drawn(Layer.PSDM), work["nwell"]
    kinds = {"n": (gate & n_implant) - p_implant - nwell, "p": (gate & p_implant & nwell) - n_implant}
    for device in _drawn_flavours(work):
        region = _flavour(work, device, kinds[device.polarity])
        strays = strays - region
        if device.w_below_nm is not None:
            kinds[device.polarity] = kinds[device.polarity] - region
        _transistor(work, device, region)
    return strays


def _drawn_flavours(work: Layers) -> Iterator[MosDevice]:
    """Those whose marks are in the layout; the ones of narrow fingers first, as they are told by more than a mark."""
    for device in sorted(TRANSISTORS, key=lambda device: device.w_below_nm is None):
        if all(map(work.has, (*device.oxide, *device.marks))):
            yield device


def _flavour(work: Layers, device: MosDevice, region: kdb.Region) -> kdb.Region:
    wanted = {device.threshold, *device.oxide, *device.marks}
    for mark in FLAVOUR_MARKS:
        if mark in wanted:
            region = region & work.drawn(mark)
        elif work.has(mark):
            region = region - work.drawn(mark)
    return region if device.w_below_nm is None else _narrow(work, device, device.w_below_nm, region)


def _narrow(work: Layers, device: MosDevice, w_below_nm: int, region: kdb.Region) -> kdb.Region:
    """The gates under the device's marks whose edges at source and drain are shorter than that."""
    for mark in device.marks:
        region = region & work.drawn(mark)
    sides = (region.edges() & work["sd"].edges()).with_length(0, w_below_nm, False)
    return region.interacting(sides)


def has_islands(work: Layers) -> bool:
    """Whether there may be p-regions that are no part of the substrate."""
    return work.has(Layer.DNWELL) or work.has(Marker.SUBCUT)


def _transistor(work: Layers, device: MosDevice, gate: kdb.Region) -> None:
    if device.is_p:
        _gates(work, device, gate, "nwell", "")
        return
    if has_islands(work):
        _gates(work, device, gate & work["pwell"], "pwell", "_isolated")
        gate = gate - work["pwell"]
    _gates(work, device, gate, "bulk", "")


def _gates(work: Layers, device: MosDevice, gate: kdb.Region, body: str, suffix: str) -> None:
    work.derived(f"gate_{device.name}{suffix}", gate)
    sides = work.derived(f"sides_{device.name}{suffix}", gate.sized(SLIVER_NM) & work["sd"])
    given: dict[str, kdb.ShapeCollection] = {"SD": sides, "G": gate, "P": work["poly_wire"], "W": work[body]}
    given |= {"tS": work["sd"], "tD": work["sd"], "tG": work["poly_wire"], "tB": work[body]}
    work.lvs.extract_devices(kdb.DeviceExtractorMOS4Transistor(device.model), given)


def capacitors(work: Layers) -> None:
    """Extracts both MIM capacitors: the plate over the metal below it."""
    for device in (MIM_M3, MIM_M4):
        _capacitor(work, device)


def _capacitor(work: Layers, device: CapDevice) -> None:
    name = device.plate.name.lower()
    plate, bottom = work.drawn(device.plate), work.drawn(device.bottom)
    given: dict[str, kdb.ShapeCollection] = {"P1": plate, "P2": work[f"under_{name}"], "tA": plate, "tB": bottom}
    work.lvs.extract_devices(kdb.DeviceExtractorCapacitor(device.model, CAP_CLASS_F_PER_UM2), given)
