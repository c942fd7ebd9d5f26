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
from collections.abc import Mapping, Sequence
from pathlib import Path

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import find_circuit
from analoom.flows.lvs.devices.models import (
    CAP_CLASS_F_PER_UM2,
    CAP_TERMINALS,
    MODELS,
    MOS_TERMINALS,
    OHM_PER_SQUARE,
    RES_TERMINALS,
    Device,
    general_model,
)
from analoom.flows.lvs.devices.units import BODY, FINGERS, body_um
from analoom.pdk.devices import CapDevice, MosDevice, ResDevice
from analoom.pdk.errors import InputError

from .includes import Netlists, reference_of
from .lines import Line
from .text import opened, plain_lines
from .ties import join_ties, ties

COPIES = ("M", "MULT", "MF")
LARGEST_UM = 1e6
LARGEST_COPIES = 1_000_000_000

SMALLEST_UM = 1e-3
"""A size under 1 nm is none: it was written in metres."""


def read_reference(netlists: Netlists, top: str) -> kdb.Netlist:
    """What subcircuit `top` reaches in SPICE files, devices combined later. Raises InputError with file and line."""
    return read_with_notes(netlists, top)[0]


def read_with_notes(netlists: Netlists, top: str) -> tuple[kdb.Netlist, tuple[str, ...]]:
    """The netlist, and what was taken as installed or read in spite of how it is written."""
    found, path = opened(netlists, top), reference_of(netlists).files[0]
    lines = plain_lines(found.lines)
    netlist, delegate = kdb.Netlist(), _Sky130()
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
    _only_known_calls(netlist, path, lines)
    if find_circuit(netlist, top) is None:
        known = ", ".join(c.name for c in netlist.each_circuit())
        raise InputError(f"{path}: no subcircuit {top}; it has {known or 'none'}", field="top")
    join_ties(netlist, ties(found.lines))
    return netlist, found.notes


class _Sky130(kdb.NetlistSpiceReaderDelegate):
    """Turns calls of SKY130 models into devices and refuses what LVS could not compare."""

    def wants_subcircuit(self, name: str) -> bool:
        return name.upper() in MODELS

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
        device = MODELS.get(model.upper())
        if device is None or kind not in "XMC":
            raise self._refused(f"{kind}{name}: {model or 'no model'} is not a SKY130 device that LVS knows")
        if len(nets) != len(device.terminals):
            self.error(f"{kind}{name}: {model} has {len(device.terminals)} terminals, {len(nets)} nets are given")
        sizes = self._sizes(f"{kind}{name}", params, device)
        if isinstance(device, MosDevice):
            _add_mos(circuit, device, name, nets, *sizes, self._fingers(f"{kind}{name}", params))
        elif isinstance(device, CapDevice):
            _add_cap(circuit, device, name, nets, *sizes)
        else:
            _add_res(circuit, device, name, nets, *sizes)
        return True

    def _refused(self, message: str) -> RuntimeError:
        """klayout raises by itself, with file and line."""
        self.error(message)
        return RuntimeError(message)

    def _sizes(self, name: str, params: Mapping[str, float], device: Device) -> tuple[float, float, float]:
        given = {k.upper(): v for k, v in params.items()}
        if isinstance(device, ResDevice) and device.w_um is not None:
            given["W"] = device.w_um
        for key in ("W", "L"):
            size = given.get(key)
            if not isinstance(size, int | float) or not 0 < size < LARGEST_UM:
                self.error(f"{name}: {key.lower()} must be a number, in um, above 0 and below {LARGEST_UM:g}")
            elif size < SMALLEST_UM:
                said = f"{name}: {key.lower()} = {size:g} is in um, as the PDK scales sizes by 1e-6"
                self.error(f"{said}: write {key.lower()}={size * 1e6:g} for {size * 1e6:g} um")
        return given["W"], given["L"], self._copies(name, given)

    def _fingers(self, name: str, params: Mapping[str, float]) -> float:
        """Of one copy; one where the line says nothing, as in the models."""
        fingers = {k.upper(): v for k, v in params.items()}.get("NF", 1.0)
        if not 1 <= fingers <= LARGEST_COPIES or fingers != int(fingers):
            self.error(f"{name}: nf = {fingers:g} must be a whole number of at least 1")
        return fingers

    def _copies(self, name: str, given: Mapping[str, float]) -> float:
        said = {key.lower(): given[key] for key in COPIES if key in given}
        for key, copies in said.items():
            if not math.isfinite(copies) or not 1 <= copies <= LARGEST_COPIES or copies != int(copies):
                self.error(f"{name}: {key} = {copies:g} must be a whole number of at least 1")
        several = {copies for copies in said.values() if copies != 1}
        if len(several) > 1:
            self.error(f"{name}: {', '.join(f'{k} = {v:g}' for k, v in said.items())} contradict each other")
        return said.get("m", 1.0)


def _add_mos(
    circuit: kdb.Circuit,
    device: MosDevice,
    name: str,
    nets: Sequence[kdb.Net],
    w_um: float,
    l_um: float,
    copies: float,
    fingers: float,
) -> None:
    made = circuit.create_device(_device_class(circuit.netlist(), device.model, kdb.DeviceClassMOS4Transistor), name)
    for terminal, net in zip(MOS_TERMINALS, nets, strict=True):
        made.connect_terminal(terminal, net)
    made.set_parameter("W", w_um * copies)
    made.set_parameter("L", l_um)
    made.set_parameter(FINGERS, fingers * copies)


def _add_cap(
    circuit: kdb.Circuit, device: CapDevice, name: str, nets: Sequence[kdb.Net], w_um: float, l_um: float, copies: float
) -> None:
    made = circuit.create_device(_device_class(circuit.netlist(), device.model, kdb.DeviceClassCapacitor), name)
    for terminal, net in zip(CAP_TERMINALS, nets, strict=True):
        made.connect_terminal(terminal, net)
    made.set_parameter("A", w_um * l_um * copies)
    made.set_parameter("C", w_um * l_um * copies * CAP_CLASS_F_PER_UM2)
    made.set_parameter("P", 2 * (w_um + l_um) * copies)


def _add_res(
    circuit: kdb.Circuit, device: ResDevice, name: str, nets: Sequence[kdb.Net], w_um: float, l_um: float, copies: float
) -> None:
    bulk = "b" in device.terminals
    kind = kdb.DeviceClassResistorWithBulk if bulk else kdb.DeviceClassResistor
    made = circuit.create_device(_device_class(circuit.netlist(), general_model(device), kind), name)
    for terminal, net in zip(RES_TERMINALS, nets, strict=False):
        made.connect_terminal(terminal, net)
    body = body_um(device.model, w_um, l_um) * copies
    sizes = {"W": w_um * copies, "L": l_um, "R": OHM_PER_SQUARE * l_um / (w_um * copies)}
    for key, value in {**sizes, "A": l_um * w_um * copies, BODY: body}.items():
        made.set_parameter(key, value)


def _device_class(netlist: kdb.Netlist, model: str, kind: type[kdb.DeviceClass]) -> kdb.DeviceClass:
    """One class a model; upper case, or a netlist that ignores case would not find it again."""
    found = netlist.device_class_by_name(model.upper())
    if found is None:
        found = kind()
        found.name = model.upper()
        netlist.add(found)
    return found


def _only_known_calls(netlist: kdb.Netlist, path: Path, lines: Sequence[Line]) -> None:
    """klayout makes an empty circuit of a call it cannot resolve; here that is an error of the netlist."""
    for circuit in netlist.each_circuit():
        numbered = [p.name() for p in circuit.each_pin()] == [str(n + 1) for n in range(circuit.pin_count())]
        if numbered and not any(circuit.each_device()) and not any(circuit.each_subcircuit()):
            model = circuit.name.split("(")[0]
            where = next((line for line in lines if model in line.text.upper().split()), Line("", path, 0))
            raise where.refused(f"{model} is neither a subcircuit nor a device")


def _in_words(problem: RuntimeError, path: Path, lines: Sequence[Line]) -> InputError:
    """klayout's message with the file and line it is about; the title is line 1 of what klayout read."""
    text = re.sub(r" in (Netlist\.read|NetlistSpiceReaderDelegate\.\w+)", "", str(problem)).strip()
    found = re.fullmatch(r"(?s)(.*) in (\S.*), line (\d+)", text)
    if found and 0 <= int(found[3]) - 2 < len(lines):
        return lines[int(found[3]) - 2].refused(found[1].removeprefix("RuntimeError: "))
    return InputError(f"{path}: {text}", field="netlist")
