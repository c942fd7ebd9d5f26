"""Devices as symbols of the xschem_sky130 library: which symbol, where its pins are, which attributes it takes.

Source: the `.sym` files of github.com/StefanSchippers/xschem_sky130 (Apache-2.0, as of 2025-09-07), in sky130_fd_pr,
which open_pdks installs as `libs.tech/xschem`. A pin's place is the middle of its box, x to the right and y downward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analoom.cells.model.circuit import Cap, Device, Diode, Mos, Res, junction_size, junctions

Place = tuple[int, int]

FOLDER = "sky130_fd_pr"
PREFIX = "sky130_fd_pr__"
"""Of every model; the symbols write it before the attribute `model`."""

MOS_FORMAT = "W=@W L=@L nf=@nf ad=@ad as=@as pd=@pd ps=@ps nrd=@nrd nrs=@nrs mult=@mult m=@mult"


@dataclass(frozen=True)
class Symbol:
    """A symbol with the place of the pin of each terminal, in the order of its netlist line, and what that says."""

    name: str
    pins: Mapping[str, Place]
    sizes: str

    @property
    def path(self) -> str:
        """As a schematic refers to it."""
        return f"{FOLDER}/{self.name}.sym"


@dataclass(frozen=True)
class Placed:
    """One instance of a symbol: its name, its attributes, and its nets by terminal."""

    name: str
    symbol: Symbol
    attributes: Mapping[str, str]
    nets: Mapping[str, str]


def placed(device: Device) -> list[Placed]:
    """The instances of a device: one, or of a diode, which has no multiplier, each that lies in parallel."""
    symbol, attributes = symbol_of(device), {**_sizes(device), "model": _model(device), "spiceprefix": "X"}
    names = [device.name]
    if isinstance(device, Diode) and device.m > 1:
        names = [f"{device.name}_{k}" for k in range(1, device.m + 1)]
    return [Placed(name, symbol, attributes, device.nets) for name in names]


def symbol_of(device: Device) -> Symbol:
    """The library's symbol of a device."""
    if isinstance(device, Mos):
        return _mos(device)
    if isinstance(device, Cap):
        top, bottom = device.device.terminals
        return Symbol(device.device.name, {top: (0, -30), bottom: (0, 30)}, "W=@W L=@L MF=@MF m=@MF")
    if isinstance(device, Diode):
        anode, cathode = device.device.terminals
        return Symbol("diode", {anode: (0, 30), cathode: (0, -30)}, "area=@area perim=@perim")
    return _resistor(device)


def _mos(device: Mos) -> Symbol:
    up, down = ((20, -30), (20, 30)) if not device.device.is_p else ((20, 30), (20, -30))
    return Symbol(device.device.name, {"d": up, "g": (-20, 0), "s": down, "b": (20, 0)}, MOS_FORMAT)


def _resistor(device: Res) -> Symbol:
    places = ((0, 30), (0, -30), (-20, 0))
    sizes = "L=@L" if device.device.w_um else "W=@W L=@L"
    pins = dict(zip(device.device.terminals, places, strict=False))
    return Symbol(device.device.name, pins, f"{sizes} mult=@mult m=@mult")


def _model(device: Device) -> str:
    return device.device.model.removeprefix(PREFIX)


def _sizes(device: Device) -> dict[str, str]:
    w_l = {"W": f"{device.w_um:.10g}", "L": f"{device.l_um:.10g}"}
    if isinstance(device, Mos):
        return {**w_l, "nf": str(device.nf), "mult": str(device.m), **_words(junctions(device))}
    if isinstance(device, Cap):
        return {**w_l, "MF": str(device.m)}
    if isinstance(device, Diode):
        return _words(junction_size(device))
    return {**({} if device.device.w_um else {"W": w_l["W"]}), "L": w_l["L"], "mult": str(device.m)}


def _words(text: str) -> dict[str, str]:
    return dict(word.split("=") for word in text.split())
