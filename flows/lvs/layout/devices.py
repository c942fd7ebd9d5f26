"""The devices LVS recognises in the shapes: transistors, MIM capacitors and poly resistors, and what it refuses.

Hierarchy is kept: gates, plates and resistor bodies are recognised inside their own cell, from slivers of the layer
beside them, so a shared diffusion, plate or wire never pulls a device up into the cell above.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.lvs.devices.models import CAP_CLASS_F_PER_UM2, OHM_PER_SQUARE
from analoom.pdk.devices import (
    BODY_MARKS,
    MIM_M3,
    MIM_M4,
    MOS,
    RESISTORS,
    THICK_OXIDE,
    WIRE_RESISTORS,
    CapDevice,
    MosDevice,
    ResDevice,
)
from analoom.pdk.layers import Layer, Marker

from .bodies import bodies
from .implants import taps_drawn_as_diffusion
from .layers import Layers

SLIVER_NM = 5
"""Width of the ring that a device's terminals are recognised by: one grid step."""

FLAVOUR_MARKS = (Layer.LVTN, Layer.HVTP, Marker.HVI, Marker.LVID)
"""The layers that tell transistor flavours apart."""

FOREIGN: tuple[tuple[Marker, str, str], ...] = (
    *(
        (mark, layer.name.lower(), f"{layer.name.lower()} resistor")
        for layer in WIRE_RESISTORS
        for mark in BODY_MARKS[layer]
    ),
    *((mark, "diff", "diffusion resistor") for mark in BODY_MARKS[Layer.DIFF]),
    (Marker.PWRES, "pwres", "p-well resistor"),
    (Marker.DIODE, "diode", "diode"),
    (Marker.NPNID, "npnid", "npn transistor"),
    (Marker.PNPID, "pnpid", "pnp transistor"),
    (Marker.PHOTO, "photo", "photodiode"),
    *(
        (Marker[name], "gate", what)
        for name, what in (
            ("COREID", "memory cell transistor"),
            ("EDID", "extended-drain transistor"),
            ("ESDID", "ESD transistor"),
            ("HVTR", "RF transistor"),
            ("LDNTM", "drain-extended transistor"),
            ("SONOS", "memory transistor"),
        )
    ),
)
"""Marker, the layer it makes a device of, and the device: none of them is modelled, so none may pass as a wire."""


def split_layers(work: Layers) -> None:
    """Cuts diffusion at gates, poly at resistor bodies, and vias by the plate they land on."""
    diff, nwell, tap = (work.drawn(x) for x in (Layer.DIFF, Layer.NWELL, Layer.TAP))
    body = work.derived("poly_body", bodies(work, Layer.POLY))
    poly = work.derived("poly_wire", work.drawn(Layer.POLY) - body)
    lone = taps_drawn_as_diffusion(work)
    if not lone.is_empty():
        tap = work.layers["tap"] = work.derived("tap_any", tap + lone)
    work.derived("sd", diff - poly - lone)
    work.derived("gate", diff & poly)
    work.derived("ntap", tap & work.drawn(Layer.NSDM) & nwell)
    work.derived("ptap", (tap & work.drawn(Layer.PSDM)) - nwell)
    for cut, device in ((Layer.VIA3, MIM_M3), (Layer.VIA4, MIM_M4)):
        via, plate = work.drawn(cut), work.drawn(device.plate)
        work.derived(f"{cut.name.lower()}_plate", via & plate)
        work.derived(f"{cut.name.lower()}_wire", via - plate)
        work.derived(f"under_{device.plate.name.lower()}", work.drawn(device.bottom) & plate)


def transistors(work: Layers) -> kdb.Region:
    """Extracts every flavour; returns the gates that are none of them."""
    gate, nwell = work["gate"], work["nwell"]
    n_implant, p_implant = work.drawn(Layer.NSDM), work.drawn(Layer.PSDM)
    kinds = {"n": (gate & n_implant) - p_implant - nwell, "p": (gate & p_implant & nwell) - n_implant}
    strays = gate
    thick = [d for d in THICK_OXIDE.values() if all(work.has(mark) for mark in d.oxide)]
    for device in (*MOS.values(), *thick):
        region = _flavour(work, device, kinds[device.polarity])
        strays = strays - region
        _transistor(work, device, region)
    return strays


def _flavour(work: Layers, device: MosDevice, region: kdb.Region) -> kdb.Region:
    wanted = {device.threshold, *device.oxide}
    for mark in FLAVOUR_MARKS:
        if mark in wanted:
            region = region & work.drawn(mark)
        elif work.has(mark):
            region = region - work.drawn(mark)
    return region


def _transistor(work: Layers, device: MosDevice, gate: kdb.Region) -> None:
    if device.is_p:
        _gates(work, device, gate, "nwell", "")
        return
    if work.has(Layer.DNWELL):
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


def resistors(work: Layers) -> None:
    """Extracts poly resistors, under the name of the model that takes w and l."""
    if not (work.has(Marker.POLYRES) or work.has(Marker.POLYSHORT)):
        return
    plain = work["poly_body"] - work.drawn(Marker.RPM) - work.drawn(Marker.URPM)
    _resistor(work, RESISTORS["res_generic_po"], plain, None)
    for name, other in (("res_high_po", Marker.URPM), ("res_xhigh_po", Marker.RPM)):
        device = RESISTORS[name]
        bodies = (work["poly_body"] & work.drawn(device.implant or other)) - work.drawn(other)
        _resistor(work, device, bodies & work["nwell"], "nwell")
        _resistor(work, device, (bodies - work["nwell"]) & work["pwell"], "pwell")
        _resistor(work, device, bodies - work["nwell"] - work["pwell"], "bulk")


def _resistor(work: Layers, device: ResDevice, body: kdb.Region, below: str | None) -> None:
    if body.is_empty():
        return
    name = f"{device.name}_{below or 'any'}"
    work.derived(f"body_{name}", body)
    ends = work.derived(f"ends_{name}", body.sized(SLIVER_NM) & work["poly_wire"])
    given: dict[str, kdb.ShapeCollection] = {"R": body, "C": ends, "tA": work["poly_wire"], "tB": work["poly_wire"]}
    if below is None:
        work.lvs.extract_devices(kdb.DeviceExtractorResistor(device.model, OHM_PER_SQUARE), given)
        return
    given |= {"W": work[below], "tW": work[below]}
    work.lvs.extract_devices(kdb.DeviceExtractorResistorWithBulk(device.model, OHM_PER_SQUARE), given)


def foreign(work: Layers) -> Iterator[tuple[str, kdb.Box]]:
    """What the layout marks as a device that LVS does not know, and where (nm)."""
    for marker, layer, what in FOREIGN:
        if not work.has(marker):
            continue
        marked = work.drawn(marker)
        on = work.drawn(Layer[layer.upper()]) if layer.upper() in Layer.__members__ else work.layers.get(layer, marked)
        for polygon in (marked & on).each_merged():
            yield what, polygon.bbox()
