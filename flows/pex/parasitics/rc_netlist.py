"""Extracted resistors and capacitors as SPICE and as SPEF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import fold_line
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.pex.resistance.rc_result import RcResult
from analoom.flows.pex.shapes.names import NO_GROUND

from .elements import element, node, tie


def rc_text(name: str, corner: str, ports: tuple[str, ...], rc: RcResult) -> str:
    """A subcircuit of resistors and capacitors alone, `<name>_pex`: its nodes are the ports, then every net inside."""
    ground = rc.net_of[0]
    inner = [net for net in rc.main if net not in ports and net != ground]
    outer = [*ports, *([ground] if ground not in ports and ground != NO_GROUND else []), *inner]
    head = fold_line([".subckt", f"{name}_pex", *map(node, outer)])
    note = f"* resistances and capacitances of {name} at the {corner} wire corner"
    one_spot = ((name, rc.names[rc.main[name]]) for name in rc.other_names)
    ties = (tie(k, *pair) for k, pair in enumerate(pair for pair in one_spot if pair[0] != pair[1]))
    return "\n".join([note, head, *_elements(rc, "rc"), *ties, f".ends {name}_pex", ""])


def rc_post_text(cell: Cell, rc: RcResult, parts: str = "rc") -> str:
    """`<cell>_post`: every device on the nodes of its terminals, with the resistors and, where asked, capacitors.

    `parts` is "rc" or "r"; without capacitors the nodes keep their names. What the cell's own conductors leave apart of
    a net, such as an n-well whose tap is in the neighbour, is tied to the net: the neighbour will do so.
    """
    name = f"{cell.circuit.name}_post"
    lines = [fold_line([".subckt", name, *map(node, cell.circuit.ports)])]
    for flat in flat_devices(cell.circuit):
        at = rc.devices[flat.path, flat.device.name]
        wired = {terminal: node(rc.names[at[terminal]]) for terminal in flat.nets}
        lines.append(replace(flat.device, name=flat.word, nets=wired).spice())
    return "\n".join([*lines, *wire_lines(rc, parts), f".ends {name}", ""])


def wire_lines(rc: RcResult, parts: str) -> Iterator[str]:
    """The lines of resistors and capacitors, as `parts` asks, with resistors the ties that join what is one net."""
    yield from _elements(rc, parts)
    yield from _ties(rc) if "r" in parts else ()


def _ties(rc: RcResult) -> Iterator[str]:
    """A resistor of TIE_OHM from each part of a net that is apart from its main node to that node: from one of a
    device's terminals in it, or, where it has none, as a well whose transistors have their body on another, from any.
    """
    root: dict[int, int] = {}

    def part(n: int) -> int:
        while (up := root.get(n, n)) != n:
            root[n] = n = root.get(up, up)
        return n

    for a, b, _ in rc.graph.resistors():
        root[part(a)] = part(b)
    apart: dict[int, tuple[int, int]] = {}
    terminals = [n for at in rc.devices.values() for n in at.values()]
    for n in (*terminals, *sorted(rc.graph.c)):
        main = rc.main.get(rc.net_of[n])
        if main is not None and part(n) != part(main):
            apart.setdefault(part(n), (n, main))
    for k, (n, main) in enumerate(apart.values()):
        yield tie(k, rc.names[n], rc.names[main])


def _elements(rc: RcResult, parts: str) -> Iterator[str]:
    if "r" in parts:
        for k, (a, b, ohm) in enumerate(rc.graph.resistors()):
            yield element("R", k, rc.names[a], rc.names[b], ohm)
    if "c" in parts:
        for k, (a, b, c_f) in enumerate(rc.graph.capacitors()):
            yield element("C", k, rc.names[a], rc.names[b], c_f)


def spef_text(name: str, corner: str, ports: tuple[str, ...], rc: RcResult, version: str) -> str:
    """The network as SPEF, one *D_NET a net; a coupling stands at both its nets, as is the custom.

    What couples to the substrate's net is to ground. Source: IEEE Std 1481-1999, chapter 9.
    """
    head = [
        '*SPEF "IEEE 1481-1999"',
        f'*DESIGN "{name}"',
        '*DATE "not given, so that equal inputs give equal files"',
        '*VENDOR "analoom"',
        '*PROGRAM "analoom pex"',
        f'*VERSION "{version}"',
        f'*DESIGN_FLOW "CORNER {corner}"',
        "*DIVIDER .",
        "*DELIMITER :",
        "*BUS_DELIMITER [ ]",
        "*T_UNIT 1 NS",
        "*C_UNIT 1 FF",
        "*R_UNIT 1 OHM",
        "*L_UNIT 1 HENRY",
        "",
        "*PORTS",
        *(f"{port} B" for port in ports),
        "",
    ]
    return "\n".join([*head, *_nets(ports, replace(rc, names=_spef_names(ports, rc)))])


def _spef_names(ports: tuple[str, ...], rc: RcResult) -> dict[int, str]:
    """A bare name is a port's; every other node is `net:number`."""
    count = Counter(name.rpartition(":")[0] for name in rc.names.values() if ":" in name)
    return {
        node: name if ":" in name or name in ports else f"{name}:{count[name] + 1}" for node, name in rc.names.items()
    }


def _nets(ports: tuple[str, ...], rc: RcResult) -> Iterator[str]:
    ground = rc.net_of[0]
    caps: dict[str, list[str]] = {}
    total: dict[str, float] = {}
    for one, other, c_f in rc.graph.capacitors():
        for a, b in ((one, other), (other, one)):
            net, to = rc.net_of[a], rc.net_of[b]
            if net in (ground, to):
                continue
            total[net] = total.get(net, 0.0) + c_f
            end = "" if to == ground else f"{rc.names[b]} "
            caps.setdefault(net, []).append(f"{rc.names[a]} {end}{c_f * 1e15:.6g}")
    ohms: dict[str, list[str]] = {}
    for a, b, ohm in rc.graph.resistors():
        ohms.setdefault(rc.net_of[b if a == 0 else a], []).append(f"{rc.names[a]} {rc.names[b]} {ohm:.6g}")
    for net in sorted(total.keys() | ohms.keys()):
        yield f"*D_NET {net} {total.get(net, 0.0) * 1e15:.6g}"
        pins = [name for name in ports if net in (name, rc.other_names.get(name))]
        yield from (["*CONN", *(f"*P {name} B" for name in pins)] if pins else [])
        yield from _numbered("*CAP", caps.get(net, []))
        yield from _numbered("*RES", ohms.get(net, []))
        yield "*END\n"


def _numbered(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"{k} {line}" for k, line in enumerate(lines, 1))
