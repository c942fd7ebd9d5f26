"""The shuttle's checks of a project's texts: abstract, module, `info.yaml` and its page.

Each gives what is wrong, in words; nothing where all is well. Source of each: `precheck/pin_check.py`,
`precheck/precheck.py`, `project_info.py` of TinyTapeout/tt-support-tools.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from analoom.cells.model.drawing import Box
from analoom.pdk.shuttle.tiny_tapeout import (
    HEIGHT_NM,
    PREFIX,
    STRAP_LEAST_NM,
    STRAP_TO_EDGE_NM,
    USABLE_ANALOG,
    YAML_VERSION,
)
from analoom.pdk.units import to_um

from .folder import ProjectFolder
from .lef_reader import LefMacro, LefPin, read_lef
from .project import BUSES

PIN_LAYER = "met4"
TEMPLATE = ("Explain how your project works", "Explain how to use your project", "List external hardware used in")
"""Sentences of the shuttle's own page that a project is to have replaced."""


def lef_pins(project: ProjectFolder) -> Iterator[str]:
    """The abstract against the frame: size, the 51 pins at their places, straps of the supplies, no two that meet."""
    macro, frame = read_lef(project.lef, project.top), project.frame
    if macro.origin != (0, 0) or macro.size != (frame.width_nm, HEIGHT_NM):
        yield f"the LEF is {macro.size} nm from {macro.origin}, the tile ({frame.width_nm}, {HEIGHT_NM}) from (0, 0)"
    wanted = {pin.name: Box(*pin.box) for pin in frame.pins()}
    yield from (
        f"the LEF has a pin {name} too many" for name in sorted(set(macro.pins) - {*wanted, *_known(frame.supplies)})
    )
    for name, box in wanted.items():
        if name not in macro.pins or macro.pins[name].ports != [(PIN_LAYER, box)]:
            yield f"pin {name} is not {PIN_LAYER} {box} in the LEF"
    for name in frame.supplies:
        yield from _straps(name, _supply(macro, name), frame.width_nm)
    yield from _overlaps(macro)


def _known(supplies: tuple[str, ...]) -> tuple[str, ...]:
    return (*supplies, "VPWR")


def _supply(macro: LefMacro, name: str) -> LefPin | None:
    """VPWR is taken for VDPWR."""
    return macro.pins.get(name) or (macro.pins.get("VPWR") if name == "VDPWR" else None)


def _straps(name: str, pin: LefPin | None, width_nm: int) -> Iterator[str]:
    if pin is None or not pin.ports:
        yield f"supply {name} has no port in the LEF"
        return
    for layer, box in pin.ports:
        if layer != PIN_LAYER:
            yield f"a strap of {name} lies on {layer}, not on {PIN_LAYER}"
        if box.width() < STRAP_LEAST_NM:
            yield f"a strap of {name} is {to_um(box.width()):g} um wide, {to_um(STRAP_LEAST_NM):g} is the least"
        if box.bottom > STRAP_TO_EDGE_NM or HEIGHT_NM - box.top > STRAP_TO_EDGE_NM:
            yield f"a strap of {name} ends more than {to_um(STRAP_TO_EDGE_NM):g} um from an edge of the tile"
        if not box.inside(Box(0, 0, width_nm, HEIGHT_NM)):
            yield f"a strap of {name} is not within the tile"


def _overlaps(macro: LefMacro) -> Iterator[str]:
    for (one, first), (other, second) in combinations(sorted(macro.pins.items()), 2):
        pairs = ((a, b) for a in first.ports for b in second.ports)
        if any(a[0] == b[0] and a[1].touches(b[1]) for a, b in pairs):
            yield f"pins {one} and {other} meet in the LEF"


def supplies(project: ProjectFolder) -> Iterator[str]:
    """Each supply of the tile in module and abstract with its use, the 3.3 V one there and only there if it is asked
    for."""
    module = re.sub(r"/\*.*?\*/", "", re.sub(r"//.*", "", project.verilog), flags=re.DOTALL)
    names, macro = project.frame.supplies, read_lef(project.lef, project.top)
    for where, text in (("project.v", module), ("the LEF", project.lef)):
        text = re.sub(r"\bVPWR\b", "VDPWR", text)
        yield from (f"{where} has no {name}" for name in names if name not in text)
        if "VAPWR" not in names and "VAPWR" in text:
            yield f"{where} has VAPWR, uses_3v3 is not set"
    for name in names:
        wanted, pin = "GROUND" if name == "VGND" else "POWER", _supply(macro, name)
        if pin is not None and pin.use != wanted:
            yield f"{name} is USE {pin.use or 'nothing'} in the LEF, not {wanted}"


_MODULE = re.compile(
    r"(?:\s|`default_nettype \w+)*(?:\(\* \w+ \*\))?\s*module (?P<name>\w+)\s*\((?P<ports>[^()]*)\)\s*;\s*endmodule\s*"
)
_PORT = re.compile(r"\s*(input|output|inout)\s+(?:wire\s+)?(?:\[7:0\]\s+)?(\w+)\s*")


def module(project: ProjectFolder) -> Iterator[str]:
    """The module: its name, and just the ports of a tile in the directions of the shuttle."""
    text = re.sub(r"//.*|/\*.*?\*/", "", project.verilog, flags=re.DOTALL if "/*" in project.verilog else 0)
    found = _MODULE.fullmatch(text)
    if found is None:
        yield "project.v is not one empty module with a list of ports"
        return
    if found["name"] != project.top:
        yield f"the module is {found['name']}, info.yaml says {project.top}"
    ports = [_PORT.fullmatch(port) for port in found["ports"].split(",")]
    if not all(ports):
        yield "project.v has a port that is none"
        return
    told = {port[2]: port[1] for port in ports if port}
    wanted = dict.fromkeys((*project.frame.supplies, "ena", "clk", "rst_n"), "input") | dict(BUSES) | {"ua": "inout"}
    yield from (
        f"port {name} of project.v is {told.get(name, 'missing')}, not {way}"
        for name, way in wanted.items()
        if told.get(name) != way
    )
    yield from (f"project.v has a port {name} too many" for name in told if name not in wanted)


def info(project: ProjectFolder) -> Iterator[str]:
    """`info.yaml`: its version, every field of the project, every pin of the pinout."""
    fields = project.project
    if project.info.get("yaml_version") != YAML_VERSION:
        yield f"yaml_version is {project.info.get('yaml_version')!r}, not {YAML_VERSION}"
    for name in ("title", "author", "description", "language", "top_module", "source_files"):
        if not fields.get(name):
            yield f"project.{name} is missing or empty"
    if not str(fields.get("top_module", "")).startswith(PREFIX):
        yield f"top_module does not start with {PREFIX}"
    if not isinstance(fields.get("clock_hz"), int):
        yield "project.clock_hz is no whole number"
    if not isinstance(fields.get("analog_pins", 0), int) or not 0 <= project.analog_pins <= USABLE_ANALOG:
        yield f"analog_pins is {fields.get('analog_pins')!r}, not a number from 0 to {USABLE_ANALOG}"
    if fields.get("uses_3v3") and not project.analog_pins:
        yield "uses_3v3 needs at least one analog pin"
    yield from _pinout(project)


def _pinout(project: ProjectFolder) -> Iterator[str]:
    digital = [f"{bus}[{n}]" for bus in ("ui", "uo", "uio") for n in range(8)]
    analog = [f"ua[{n}]" for n in range(USABLE_ANALOG)]
    yield from (f"pinout has no {name}" for name in (*digital, *analog) if name not in project.pinout)
    yield from (f"pinout has a pin {name} too many" for name in project.pinout if name not in (*digital, *analog))
    if not any(project.pinout.values()):
        yield "pinout tells no pin"


def page(project: ProjectFolder) -> Iterator[str]:
    """`docs/info.md` without the sentences of the template."""
    yield from (f"docs/info.md still says {words!r}" for words in TEMPLATE if words in project.page)
    if "## How it works" not in project.page:
        yield "docs/info.md has no section How it works"
