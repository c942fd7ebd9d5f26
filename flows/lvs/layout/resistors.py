"""Resistors in the shapes: bodies of poly, of wires and of diffusion, with their ends and the well below."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.lvs.devices.models import OHM_PER_SQUARE
from analoom.pdk.devices import BODY_MARKS, DIFFUSION_RESISTORS, RESISTORS, WIRE_RESISTORS, ResDevice
from analoom.pdk.layers import Layer, Marker

from .bodies import bodies
from .layers import Layers

SLIVER_NM = 5
"""Width of the ring that a device's terminals are recognised by: one grid step."""


def cut_bodies(work: Layers) -> None:
    """Makes the layers of bodies, and takes them out of the wires."""
    poly = work.derived("poly_body", bodies(work, Layer.POLY))
    work.derived("poly_wire", work.drawn(Layer.POLY) - poly)
    for layer in filter(work.is_resistor_somewhere, WIRE_RESISTORS):
        name = layer.name.lower()
        body = work.layers[f"{name}_body"] = bodies(work, layer)
        work.layers[name] = work.derived(f"{name}_wire", work.drawn(layer) - body)


def resistors(work: Layers) -> None:
    """Extracts every resistor, under the name of the model that takes w and l."""
    if any(map(work.has, BODY_MARKS[Layer.POLY])):
        _poly(work)
    for layer in filter(work.is_resistor_somewhere, WIRE_RESISTORS):
        name = layer.name.lower()
        _resistor(work, WIRE_RESISTORS[layer], work[f"{name}_body"], work[name], None)
    if any(map(work.has, BODY_MARKS[Layer.DIFF])):
        _diffusion(work)


def strange_bodies(work: Layers) -> Iterator[kdb.Polygon]:
    """Bodies of diffusion under no implant of a resistor, or under both."""
    if any(map(work.has, BODY_MARKS[Layer.DIFF])):
        yield from (work["diff_body"] - work["diff_body_n"] - work["diff_body_p"]).each_merged()


def _poly(work: Layers) -> None:
    plain = work["poly_body"] - work.drawn(Marker.RPM) - work.drawn(Marker.URPM)
    _resistor(work, RESISTORS["res_generic_po"], plain, work["poly_wire"], None)
    for name, other in (("res_high_po", Marker.URPM), ("res_xhigh_po", Marker.RPM)):
        device = RESISTORS[name]
        body = (work["poly_body"] & work.drawn(device.implant or other)) - work.drawn(other)
        _resistor(work, device, body & work["nwell"], work["poly_wire"], "nwell")
        _over_p(work, device, body - work["nwell"], work["poly_wire"])


def _diffusion(work: Layers) -> None:
    thick = work.drawn(Marker.HVI)
    for (implant, is_thick), device in DIFFUSION_RESISTORS.items():
        body = work[f"diff_body_{'n' if implant is Layer.NSDM else 'p'}"]
        body = body & thick if is_thick else body - thick
        if implant is Layer.NSDM:
            _over_p(work, device, body, work["sd"])
        else:
            _resistor(work, device, body, work["sd"], "nwell")


def _over_p(work: Layers, device: ResDevice, body: kdb.Region, wire: kdb.Region) -> None:
    _resistor(work, device, body & work["pwell"], wire, "pwell")
    _resistor(work, device, body - work["pwell"], wire, "bulk")


def _resistor(work: Layers, device: ResDevice, body: kdb.Region, wire: kdb.Region, below: str | None) -> None:
    if body.is_empty():
        return
    name = f"{device.name}_{below or 'any'}"
    work.derived(f"body_{name}", body)
    ends = work.derived(f"ends_{name}", body.sized(SLIVER_NM) & wire)
    given: dict[str, kdb.ShapeCollection] = {"R": body, "C": ends, "tA": wire, "tB": wire}
    if below is None:
        work.lvs.extract_devices(kdb.DeviceExtractorResistor(device.model, OHM_PER_SQUARE), given)
        return
    given |= {"W": work[below], "tW": work[below]}
    work.lvs.extract_devices(kdb.DeviceExtractorResistorWithBulk(device.model, OHM_PER_SQUARE), given)
