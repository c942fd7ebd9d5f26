"""Reading a reference netlist: SPICE text with SKY130 devices, on X, M or C lines, into klayout's netlist.

Sizes are in um, as the SKY130 models take them; a size below 1 nm is read as metres (`w=4u`). `w` is the total width
of all `nf` fingers, `m` or `mult` (written both, they count once) multiplies it. Names are case-insensitive. A
parameter is known inside the subcircuit that sets it, not from the file around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import klayout.db as kdb

from analoom.pdk.devices import MIM_M3, MOS, CapDevice, MosDevice
from analoom.pdk.errors import InputError

from .lvs_devices import CAP_CLASS_F_PER_UM2

MODELS: dict[str, MosDevice | CapDevice] = {
    **{d.model.upper(): d for d in MOS.values()},
    MIM_M3.model.upper(): MIM_M3,
}
"""Devices by model name, as klayout's reader spells them."""

MOS_TERMINALS = ("D", "G", "S", "B")
CAP_TERMINALS = ("A", "B")
EMPTY_VALUE = re.compile(r"(\w+)\s*=\s*(?=\w+\s*=|$)")
LINE_STARTS = "*.+;$XMCR"
"""First characters of the lines read or skipped; R is left to the reader, which names the resistor and refuses it."""

METRES_BELOW = 1e-3
"""A size under 1 nm cannot be um: it was written in metres."""


def read_reference(path: Path, top: str) -> kdb.Netlist:
    """The netlist in the SPICE file at `path`, devices combined later. Raises InputError with file and line."""
    if not path.is_file():
        raise InputError(f"{path}: no such netlist", field="netlist")
    _only_known_lines(path)
    netlist, delegate = kdb.Netlist(), _Sky130()
    try:
        netlist.read(str(path), kdb.NetlistSpiceReader(delegate))
    except RuntimeError as problem:
        raise InputError(_in_words(problem, path), field="netlist") from None
    _only_known_calls(netlist, path)
    if find_circuit(netlist, top) is None:
        known = ", ".join(c.name for c in netlist.each_circuit())
        raise InputError(f"{path}: no subcircuit {top}; it has {known or 'none'}", field="top")
    return netlist


def circuit_named(netlist: kdb.Netlist, name: str) -> kdb.Circuit:
    """The circuit of that name. Raises InputError naming those there are."""
    found = find_circuit(netlist, name)
    if found is None:
        known = ", ".join(c.name for c in netlist.each_circuit())
        raise InputError(f"no subcircuit {name}; it has {known or 'none'}", field="top")
    return found


def find_circuit(netlist: kdb.Netlist, name: str) -> kdb.Circuit | None:
    """The circuit of that name, upper and lower case alike; klayout adds `(PARAM=value)` to one with parameters."""
    named = {c.name.upper(): c for c in netlist.each_circuit()}
    return named.get(name.upper()) or next((c for n, c in named.items() if n.split("(")[0] == name.upper()), None)


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
        sizes = self._sizes(f"{kind}{name}", params)
        if isinstance(device, MosDevice):
            _add_mos(circuit, device, name, nets, *sizes)
        else:
            _add_cap(circuit, device, name, nets, *sizes)
        return True

    def _refused(self, message: str) -> RuntimeError:
        """klayout raises by itself, with file and line."""
        self.error(message)
        return RuntimeError(message)

    def _sizes(self, name: str, params: Mapping[str, float]) -> tuple[float, float, float]:
        given = {k.upper(): v for k, v in params.items()}
        for key in ("W", "L"):
            if not isinstance(given.get(key), int | float) or given[key] <= 0:
                self.error(f"{name}: {key.lower()} must be a number, in um, above 0")
        copies = given.get("M", given.get("MULT", given.get("MF", 1)))
        if copies < 1 or copies != int(copies):
            self.error(f"{name}: m = {copies:g} must be a whole number of at least 1")
        return _um(given["W"]), _um(given["L"]), copies


def _um(value: float) -> float:
    return value * 1e6 if value < METRES_BELOW else value


def _add_mos(
    circuit: kdb.Circuit, device: MosDevice, name: str, nets: Sequence[kdb.Net], w_um: float, l_um: float, copies: float
) -> None:
    made = circuit.create_device(_device_class(circuit.netlist(), device.model, kdb.DeviceClassMOS4Transistor), name)
    for terminal, net in zip(MOS_TERMINALS, nets, strict=True):
        made.connect_terminal(terminal, net)
    made.set_parameter("W", w_um * copies)
    made.set_parameter("L", l_um)


def _add_cap(
    circuit: kdb.Circuit, device: CapDevice, name: str, nets: Sequence[kdb.Net], w_um: float, l_um: float, copies: float
) -> None:
    made = circuit.create_device(_device_class(circuit.netlist(), device.model, kdb.DeviceClassCapacitor), name)
    for terminal, net in zip(CAP_TERMINALS, nets, strict=True):
        made.connect_terminal(terminal, net)
    made.set_parameter("A", w_um * l_um * copies)
    made.set_parameter("C", w_um * l_um * copies * CAP_CLASS_F_PER_UM2)
    made.set_parameter("P", 2 * (w_um + l_um) * copies)


def _device_class(netlist: kdb.Netlist, model: str, kind: type[kdb.DeviceClass]) -> kdb.DeviceClass:
    """One class a model; upper case, or a netlist that ignores case would not find it again."""
    found = netlist.device_class_by_name(model.upper())
    if found is None:
        found = kind()
        found.name = model.upper()
        netlist.add(found)
    return found


def _text_lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as problem:
        raise InputError(f"{path}: not a text file: {problem}", field="netlist") from None
    return text.splitlines()


def _only_known_lines(path: Path) -> None:
    """Refuses, after the title, what klayout's reader would skip, and `w= l=1`, which runs it out of memory."""
    for number, line in enumerate(_text_lines(path), 1):
        start, empty = line.strip()[:1].upper(), EMPTY_VALUE.search(line.split("$")[0])
        if number > 1 and start and start not in LINE_STARTS:
            raise InputError(f"{path}, line {number}: {line.strip()[:40]!r} is no device LVS knows", field="netlist")
        if empty and start != "*":
            raise InputError(f"{path}, line {number}: {empty[1]} has no value", field="netlist")


def _only_known_calls(netlist: kdb.Netlist, path: Path) -> None:
    """klayout makes an empty circuit of a call it cannot resolve; here that is an error of the netlist."""
    for circuit in netlist.each_circuit():
        numbered = [p.name() for p in circuit.each_pin()] == [str(n + 1) for n in range(circuit.pin_count())]
        if numbered and not any(circuit.each_device()) and not any(circuit.each_subcircuit()):
            model = circuit.name.split("(")[0]
            raise InputError(f"{_line_of(path, model)}: {model} is neither a subcircuit nor a device", field="netlist")


def _line_of(path: Path, word: str) -> str:
    found = [n for n, line in enumerate(_text_lines(path), 1) if word.upper() in line.upper().split()]
    return f"{path}, line {found[0]}" if found else str(path)


def _in_words(problem: RuntimeError, path: Path) -> str:
    """klayout's message as `file, line n: message`."""
    text = re.sub(r" in (Netlist\.read|NetlistSpiceReaderDelegate\.\w+)", "", str(problem)).strip()
    found = re.fullmatch(r"(?s)(.*) in (\S.*), line (\d+)", text)
    return f"{found[2]}, line {found[3]}: {found[1].removeprefix('RuntimeError: ')}" if found else f"{path}: {text}"
