"""Reading a reference netlist: SPICE text with SKY130 devices, on X, M, C or R lines, into klayout's netlist.

Read as ngspice reads it with the PDK's library. That scales every size by 1e-6, so sizes are in um; `w=4u` would be
4 pm, for which there is no model, and is refused. `w` is the total width of all `nf` fingers; without `nf` it is one.
`m` multiplies a device; `mult` and `mf` do not, as in the models (they are for mismatch), and must not contradict `m`.
Names are case-insensitive.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import find_circuit
from analoom.flows.lvs.devices.models import Device, known
from analoom.pdk.devices import (
    PM2_PER_UM2,
    PM_PER_UM,
    BipolarDevice,
    DiodeDevice,
    MosDevice,
    ResDevice,
    VaractorDevice,
    finger_cap_ports,
)
from analoom.pdk.errors import InputError

from .devices import Sizes, add_device, add_finger_caps
from .includes import Netlists, reference_of
from .lines import Line
from .text import opened, plain_lines
from .ties import join_ties, ties
from .unknown import Skipped, Unknown, holds_device, leave_out_calls, skipped_devices

COPIES = ("M", "MULT", "MF")
LARGEST_UM = 1e6
LARGEST_COPIES = 1_000_000_000

SMALLEST_UM = 1e-3
"""A size under 1 nm is none: it was written in metres."""

LARGEST_JUNCTION = 1e5
"""A diode's area or perimeter above this is in pm2 or pm: in um it would be a junction of 0.3 mm by 0.3 mm."""


@dataclass(frozen=True)
class Read:
    """A netlist without what LVS does not know, what that is, and notes on how the netlist was read."""

    netlist: kdb.Netlist
    unknown: list[Unknown]
    notes: tuple[str, ...]


def read_reference(netlists: Netlists, top: str) -> kdb.Netlist:
    """What subcircuit `top` reaches in SPICE files, devices combined later. Raises InputError with file and line."""
    return read_with_notes(netlists, top)[0]


def read_with_notes(netlists: Netlists, top: str) -> tuple[kdb.Netlist, tuple[str, ...]]:
    """The netlist, and what was taken as installed or read in spite of how it is written. Raises InputError too for
    the first thing that LVS does not know."""
    read = read_known(netlists, top)
    if read.unknown:
        raise read.unknown[0].error
    return read.netlist, read.notes


def read_known(netlists: Netlists, top: str) -> Read:
    """The netlist as far as LVS knows its devices.

    Raises InputError for what is wrong otherwise, and where nothing but the unknown is left in `top` and below.
    """
    found, path = opened(netlists, top), reference_of(netlists).files[0]
    lines = plain_lines(found.lines)
    netlist, delegate = kdb.Netlist(), _Sky130({line.subckt_name for line in lines if line.first == ".subckt"})
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.spice"
        plain.write_text("* title\n" + "".join(f"{line.text}\n" for line in lines))
        try:
            netlist.read(str(plain), kdb.NetlistSpiceReader(delegate))
        except RuntimeError as problem:
            raise _in_words(problem, path, lines) from None
        except UnicodeDecodeError:
            raise InputError(
                f"{path}: a name holds characters that do not survive upper case", field="netlist"
            ) from None
    unknown = [*skipped_devices(delegate.skipped, path, lines), *leave_out_calls(netlist, path, lines)]
    circuit = find_circuit(netlist, top)
    if circuit is None:
        known = ", ".join(c.name for c in netlist.each_circuit())
        raise InputError(f"{path}: no subcircuit {top}; it has {known or 'none'}", field="top")
    if unknown and not holds_device(circuit):
        raise unknown[0].error
    join_ties(netlist, ties(found.lines))
    return Read(netlist, unknown, found.notes)


class _Sky130(kdb.NetlistSpiceReaderDelegate):
    """Turns calls of SKY130 models into devices and refuses what LVS could not compare; unknown ones are `skipped`."""

    def __init__(self, defined: Collection[str]) -> None:
        super().__init__()
        self.defined = defined
        self.skipped: list[Skipped] = []

    def wants_subcircuit(self, name: str) -> bool:
        return known(name) is not None or self._finger_cap_ports(name) is not None

    def control_statement(self, statement: str) -> bool:
        """Analyses, options and saves are no part of the circuit."""
        return True

    def element(
        self,
        circuit: kdb.Circuit,
        kind: str,
        name: str,
        model: str,
        value: float,
        nets: Sequence[kdb.Net],
        params: Mapping[str, float],
    ) -> bool:
        ports = self._finger_cap_ports(model)
        if ports is not None and len(ports) == len(nets):
            copies = self._copies(f"{kind}{name}", {k.upper(): v for k, v in params.items()})
            add_finger_caps(circuit, model, name, nets, ports, int(copies))
            return True
        device = known(model)
        if device is None or kind not in _letters(device):
            why = f"{kind}{name}: {model or 'no model'} is not a SKY130 device that LVS knows"
            self.skipped.append(Skipped(circuit.name, f"{kind}{name}", model.upper(), why))
            return True
        if len(nets) != len(device.terminals):
            self.error(f"{kind}{name}: {model} has {len(device.terminals)} terminals, {len(nets)} nets are given")
        add_device(circuit, device, name, nets, self._sizes(f"{kind}{name}", params, device))
        return True

    def _finger_cap_ports(self, model: str) -> tuple[str, ...] | None:
        """Of one that the netlist does not describe itself."""
        return None if model.upper() in self.defined else finger_cap_ports(model)

    def _refused(self, message: str) -> RuntimeError:
        """klayout raises by itself, with file and line."""
        self.error(message)
        return RuntimeError(message)

    def _sizes(self, name: str, params: Mapping[str, float], device: Device) -> Sizes:
        given = {k.upper(): v for k, v in params.items()}
        copies = self._copies(name, given)
        if isinstance(device, BipolarDevice):
            return Sizes(copies=copies)
        if isinstance(device, DiodeDevice):
            return Sizes(copies=copies, area_um2=self._area(name, given), perimeter_um=self._perimeter(name, given))
        if isinstance(device, ResDevice) and device.w_um is not None:
            given["W"] = device.w_um
        w_um, l_um = (self._side(name, key, given) for key in ("W", "L"))
        if isinstance(device, VaractorDevice):
            copies *= self._whole(name, "vm", given.get("VM", 1.0))
        if isinstance(device, MosDevice):
            self._check_width(name, device, w_um)
            return Sizes(w_um, l_um, copies, self._whole(name, "nf", given.get("NF", 1.0)))
        return Sizes(w_um, l_um, copies)

    def _side(self, name: str, key: str, given: Mapping[str, float]) -> float:
        size = given.get(key)
        if not isinstance(size, int | float) or not 0 < size < LARGEST_UM:
            raise self._refused(f"{name}: {key.lower()} must be a number, in um, above 0 and below {LARGEST_UM:g}")
        if size < SMALLEST_UM:
            said = f"{name}: {key.lower()} = {size:g} is in um, as the PDK scales sizes by 1e-6"
            raise self._refused(f"{said}: write {key.lower()}={size * 1e6:g} for {size * 1e6:g} um")
        return size

    def _check_width(self, name: str, device: MosDevice, w_um: float) -> None:
        if device.w_below_nm is not None and w_um * 1000 >= device.w_below_nm:
            raise self._refused(f"{name}: w of {device.model} must be below {device.w_below_nm / 1000:g}")

    def _area(self, name: str, given: Mapping[str, float]) -> float:
        return self._junction(name, "area", given, ("AREA",), PM2_PER_UM2)

    def _perimeter(self, name: str, given: Mapping[str, float]) -> float:
        return self._junction(name, "pj", given, ("PJ", "PERIM"), PM_PER_UM)

    def _junction(
        self, name: str, what: str, given: Mapping[str, float], keys: Sequence[str], per_unit: float
    ) -> float:
        """A diode's area or perimeter in um, written so or, as Magic and xschem write it, in pm."""
        size = next((given[key] for key in keys if key in given), None)
        if not isinstance(size, int | float) or not SMALLEST_UM**2 <= size < LARGEST_UM * per_unit:
            said = f"{name}: {what} must be a number, in um"
            raise self._refused(
                f"{said}{'2' if what == 'area' else ''}, or {per_unit:g} as large, as the PDK writes it"
            )
        return size / per_unit if size >= LARGEST_JUNCTION else size

    def _whole(self, name: str, key: str, value: float) -> float:
        """Of one copy; one where the line says nothing, as in the models."""
        if not 1 <= value <= LARGEST_COPIES or value != int(value):
            raise self._refused(f"{name}: {key} = {value:g} must be a whole number of at least 1")
        return value

    def _copies(self, name: str, given: Mapping[str, float]) -> float:
        said = {key.lower(): given[key] for key in COPIES if key in given}
        for key, copies in said.items():
            if not math.isfinite(copies) or not 1 <= copies <= LARGEST_COPIES or copies != int(copies):
                self.error(f"{name}: {key} = {copies:g} must be a whole number of at least 1")
        several = {copies for copies in said.values() if copies != 1}
        if len(several) > 1:
            self.error(f"{name}: {', '.join(f'{k} = {v:g}' for k, v in said.items())} contradict each other")
        return said.get("m", 1.0)


def _letters(device: Device) -> str:
    """First letters of the lines on which such a device may stand; text of R lines comes as X lines."""
    return {DiodeDevice: "XD", BipolarDevice: "XQ"}.get(type(device), "XMC")


def _in_words(problem: RuntimeError, path: Path, lines: Sequence[Line]) -> InputError:
    """klayout's message with the file and line it is about; the title is line 1 of what klayout read."""
    text = re.sub(r" in (Netlist\.read|NetlistSpiceReaderDelegate\.\w+)", "", str(problem)).strip()
    found = re.fullmatch(r"(?s)(.*) in (\S.*), line (\d+)", text)
    if found and 0 <= int(found[3]) - 2 < len(lines):
        return lines[int(found[3]) - 2].refused(found[1].removeprefix("RuntimeError: "))
    return InputError(f"{path}: {text}", field="netlist")
