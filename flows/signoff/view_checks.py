"""Whether the other views of a layout agree with it: the LEF in size and pins, all of them in the list of pins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import klayout.db as kdb

from analoom.flows.lvs.layout.ports import labels
from analoom.pdk.layers import CONDUCTORS, Layer

from .outcome import Outcome, judged, not_applicable
from .subject import Subject

NAME_PROPERTY = 1
"""klayout's reader writes a pin's name here."""

Pins = dict[str, dict[Layer, kdb.Region]]
"""By pin name and layer."""


def lef(subject: Subject) -> Outcome:
    """KLayout reads one macro of the layout's name and size, whose pins lie on wires of the layout of their names."""
    path = subject.views.get("lef")
    if path is None:
        return not_applicable("no LEF beside the layout (--lef)")
    try:
        layout = _read(path)
    except RuntimeError as error:
        return judged([f"{path.name} cannot be read: {str(error).splitlines()[0]}"], "", 0)
    macro = layout.cell(subject.name)
    if macro is None:
        names = ", ".join(cell.name for cell in layout.each_cell())
        return judged([f"no macro {subject.name}; {path.name} holds {names or 'none'}"], "", 0)
    pins, outline = _pins(layout, macro), kdb.Region(macro.begin_shapes_rec(_index(layout, "OUTLINE"))).bbox()
    problems = [*_size(subject, outline), *_names(subject, pins), *_places(subject, pins)]
    return judged(problems, f"size and {len(pins)} pins as in the layout", len(pins))


def views(subject: Subject) -> Outcome:
    """Netlist, CDL and Verilog list the same ports."""
    if not subject.views.keys() - {"lef"} or subject.ports is None:
        return not_applicable("no second view that lists ports")
    wanted = sorted(name.upper() for name in subject.ports)
    read = {"cdl": _cdl_ports, "verilog": _verilog_ports}
    problems = []
    for kind, ports in read.items():
        found = sorted(name.upper() for name in ports(subject.views[kind].read_text(), subject.circuit))
        if found != wanted:
            odd = sorted(set(found) ^ set(wanted))
            problems.append(f"{subject.views[kind].name} differs from the netlist in {', '.join(odd) or 'number'}")
    return judged(problems, f"{len(wanted)} ports in netlist, CDL and Verilog", len(read))


def _read(path: Path) -> kdb.Layout:
    options, layout = kdb.LoadLayoutOptions(), kdb.Layout()
    options.lefdef_config.macro_resolution_mode = 1
    options.lefdef_config.pin_property_name = NAME_PROPERTY
    options.lefdef_config.dbu = layout.dbu
    layout.read(str(path), options)
    return layout


def _index(layout: kdb.Layout, name: str) -> int:
    return next((i for i in layout.layer_indexes() if layout.get_info(i).name == name), layout.layer(name))


def _pins(layout: kdb.Layout, macro: kdb.Cell) -> Pins:
    """What the LEF calls pins, on conductors."""
    found: Pins = {}
    for layer in CONDUCTORS:
        shapes = macro.begin_shapes_rec(_index(layout, f"{layer.name.lower()}.PIN"))
        for each in shapes:
            name = str(each.shape().property(NAME_PROPERTY))
            region = found.setdefault(name, {}).setdefault(layer, kdb.Region())
            region.insert(each.shape().polygon.transformed(each.trans()))
    return found


def _size(subject: Subject, outline: kdb.Box) -> Iterator[str]:
    box = subject.source.top.bbox()
    if outline != box:
        yield f"the LEF is {outline.to_s()} (nm), the layout {box.to_s()}"


def _names(subject: Subject, pins: Pins) -> Iterator[str]:
    have, want = {name.upper() for name in pins}, {name.upper() for name in subject.ports or pins}
    if have != want:
        yield f"pins of the LEF and ports of the netlist differ in {', '.join(sorted(have ^ want))}"


def _places(subject: Subject, pins: Pins) -> Iterator[str]:
    """Each pin of the LEF is all wire; on its wires stands its own label and no other pin's."""
    found = [label for label in labels(subject.source.layout, subject.source.top) if label.is_port]
    for name, by_layer in pins.items():
        on: set[str] = set()
        for layer, region in by_layer.items():
            drawn = kdb.Region(subject.source.top.begin_shapes_rec_touching(subject.source.index(layer), region.bbox()))
            if not (region - drawn).is_empty():
                yield f"pin {name} of the LEF is not all {layer.name.lower()}"
            wires = list(drawn.merged().interacting(region).each())
            near = [label for label in found if label.conductor == layer.name.lower()]
            on |= {label.name for label in near if any(wire.inside(label.at) for wire in wires)}
        if {word.upper() for word in on} != {name.upper()}:
            yield f"pin {name} of the LEF lies on {', '.join(sorted(on)) or 'no labelled wire'} of the layout"


def _cdl_ports(text: str, circuit: str) -> list[str]:
    joined = re.sub(r"\n\+", " ", text)
    found = re.search(rf"^\.SUBCKT\s+{re.escape(circuit)}\b(.*)$", joined, re.MULTILINE | re.IGNORECASE)
    return found.group(1).split() if found else []


def _verilog_ports(text: str, circuit: str) -> list[str]:
    found = re.search(rf"module\s+\\?{re.escape(circuit)}\s*\((.*?)\);", text, re.DOTALL)
    return re.findall(r"(?:inout|input|output)\s+\\?(\w+)", found.group(1)) if found else []
