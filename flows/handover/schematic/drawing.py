"""Schematics and symbols as text in the format of xschem 3: devices in rows, the name of its net at each terminal.

Nets are joined by name, no wire is drawn: a schematic shows which devices there are, of what size, on which nets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.flows.export.port_names import PLAIN
from analoom.pdk.errors import InputError

from .library import Place, placed

HEAD = "v {xschem version=3.4.4 file_version=1.2}"
"""The format of the files, as the symbols of the library have it."""

LABEL, PORT = "devices/lab_pin.sym", "devices/iopin.sym"
PITCH = 20
"""Between the pins of a symbol."""
_WIDE, _HIGH, _ACROSS, _BLOCKS_ACROSS = 320, 160, 6, 3
_TEXT = "0.2 0.2"


def schematic_text(circuit: Circuit) -> str:
    """The schematic of a circuit, those below it as symbols. Raises InputError for a name that xschem would expand."""
    _check_names(circuit)
    lines = [HEAD, "G {}", "K {}", "V {}", "S {}", "E {}"]
    lines += [_instance(PORT, (0, k * PITCH), {"name": f"port{k}", "lab": p}) for k, p in enumerate(circuit.ports)]
    lines += _devices(circuit)
    lines += _blocks(circuit, _HIGH * (1 + len(circuit.devices) // _ACROSS))
    return "\n".join([*lines, ""])


def symbol_text(circuit: Circuit, supplies: Sequence[str] = ()) -> str:
    """The symbol of a circuit: a box with its ports, the supplies at the right, the others at the left."""
    pins = port_places(circuit.ports, supplies)
    width, rows = _half_width(circuit.ports), max(abs(y) for _, y in pins.values()) + PITCH
    lines = [HEAD, "G {}", 'K {type=subcircuit\nformat="@name @pinlist @symname"\ntemplate="name=x1"\n}']
    lines += [
        "V {}",
        "S {}",
        "E {}",
        f"P 4 5 {-width} -{PITCH} {width} -{PITCH} {width} {rows} {-width} {rows} {-width} -{PITCH} {{}}",
    ]
    for name, (x, y) in pins.items():
        lines.append(f"B 5 {x - 2.5} {y - 2.5} {x + 2.5} {y + 2.5} {{name={name} dir=inout}}")
        inner = x + PITCH if x < 0 else x - PITCH
        lines.append(f"L 4 {min(x, inner)} {y} {max(x, inner)} {y} {{}}")
        lines.append(f"T {{{name}}} {inner + (5 if x < 0 else -5)} {y - 5} 0 {int(x > 0)} {_TEXT} {{}}")
    lines.append(f"T {{@symname}} 0 {rows + 5} 0 0 {_TEXT} {{hcenter=true}}")
    lines.append(f"T {{@name}} 0 {-PITCH - 15} 0 0 {_TEXT} {{hcenter=true}}")
    return "\n".join([*lines, ""])


def port_places(ports: Sequence[str], supplies: Sequence[str] = ()) -> dict[str, Place]:
    """Where the pins of a circuit's symbol are, in the order of its ports."""
    sides = {-1: [p for p in ports if p not in supplies], 1: [p for p in ports if p in supplies]}
    x = _half_width(ports) + PITCH
    found = {name: (side * x, k * PITCH) for side, names in sides.items() for k, name in enumerate(names)}
    return {name: found[name] for name in ports}


def _half_width(ports: Sequence[str]) -> int:
    return PITCH * (3 + max(map(len, ports), default=0) // 3)


def _devices(circuit: Circuit) -> Iterator[str]:
    every = [one for device in circuit.devices for one in placed(device)]
    for k, one in enumerate(every):
        at = _WIDE * (1 + k % _ACROSS), _HIGH * (k // _ACROSS)
        yield _instance(one.symbol.path, at, {"name": one.name, **one.attributes})
        yield from _labels(one.name, at, one.symbol.pins, one.nets)


def _blocks(circuit: Circuit, top: int) -> Iterator[str]:
    x, y, tallest = _WIDE, top, 0
    for k, block in enumerate(circuit.instances):
        pins = port_places(block.circuit.ports)
        width = 2 * _half_width(block.circuit.ports) + _WIDE
        if k and k % _BLOCKS_ACROSS == 0:
            x, y, tallest = _WIDE, y + tallest + _HIGH, 0
        at = x + width // 2, y
        yield _instance(f"{block.circuit.name}.sym", at, {"name": _called(block)})
        yield from _labels(_called(block), at, pins, block.nets)
        x, tallest = x + width, max(tallest, *(place[1] for place in pins.values()))


def _called(block: SubInstance) -> str:
    return f"x{block.name}"


def _labels(owner: str, at: Place, pins: Mapping[str, Place], nets: Mapping[str, str]) -> Iterator[str]:
    """The name of its net on each pin, written away from the symbol."""
    for terminal, (x, y) in pins.items():
        where = at[0] + x, at[1] + y
        yield _instance(LABEL, where, {"name": f"{owner}_{terminal}", "lab": nets[terminal]}, flip=x >= 0)


def _instance(symbol: str, at: Place, attributes: Mapping[str, str], flip: bool = False) -> str:
    words = "\n".join(f"{name}={value}" for name, value in attributes.items())
    return f"C {{{symbol}}} {at[0]} {at[1]} 0 {int(flip)} {{{words}}}"


def _check_names(circuit: Circuit) -> None:
    """Every name is a plain word: xschem makes buses of brackets, commas and colons."""
    nets = {net for device in circuit.devices for net in device.nets.values()}
    nets |= {net for block in circuit.instances for net in block.nets.values()}
    names = {
        circuit.name,
        *circuit.ports,
        *nets,
        *(d.name for d in circuit.devices),
        *(b.name for b in circuit.instances),
    }
    if odd := sorted(name for name in names if not PLAIN.fullmatch(name)):
        raise InputError(f"{circuit.name}: {odd[0]!r} cannot be a name in a schematic", field="name")
