"""The shuttle's checks of a project's layout but for design rules.

Each gives what is wrong, in words; nothing where all is well. Source of each: `precheck/precheck.py`,
`precheck/pin_check.py` and `precheck/tech-files/nwell_urpm.drc` of TinyTapeout/tt-support-tools.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.model.drawing import Box
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.shuttle.tiny_tapeout import ANALOG_PINS, BANNED, PIN_LAYER, RING_NM, FramePin
from analoom.pdk.shuttle.tiny_tapeout_layers import VALID

from .folder import ProjectFolder
from .lef_reader import read_lef

URPM_TO_NWELL_NM = 700
PORT_LAYERS = {layer.name.lower(): layer for layer in (Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4)}
MOST_TOLD = 5


def top(project: ProjectFolder) -> Iterator[str]:
    """One top cell of the module's name, a boundary, and none of the shuttle's own metal."""
    tops = [cell.name for cell in project.layout.top_cells()]
    if tops != [project.top]:
        yield f"the layout's top cells are {', '.join(tops[:MOST_TOLD]) or 'none'}, not {project.top} alone"
    for layer in BANNED:
        for purpose in (layer, layer.pin, layer.label):
            if project.layout.find_layer(*purpose.value) is not None:
                yield f"the layout has layer {purpose.name.lower()}, which is the shuttle's"
    if project.layout.find_layer(*Layer.PR_BOUNDARY.value) is None:
        yield f"the layout has no boundary ({'/'.join(map(str, Layer.PR_BOUNDARY.value))})"


def port_shapes(project: ProjectFolder) -> Iterator[str]:
    """Every port of the abstract lies in one polygon of its pin layer, drawn in the top cell itself."""
    here = {name: _own(project, layer.pin) for name, layer in PORT_LAYERS.items()}
    for name, pin in read_lef(project.lef, project.top).pins.items():
        for layer, box in pin.ports:
            if layer not in here:
                yield f"port {name} lies on {layer}, which holds no ports"
            elif not any(kdb.Region(box).is_empty() or _holds(polygon, box) for polygon in here[layer].each()):
                yield f"port {name} has no shape on {layer}.pin in the top cell"


def _own(project: ProjectFolder, layer: Layer) -> kdb.Region:
    """Polygons and boxes of the top cell itself: paths do not count to the shuttle."""
    index = project.layout.find_layer(*layer.value)
    region = kdb.Region()
    if index is not None:
        for shape in _top(project).shapes(index).each():
            if shape.is_box() or shape.is_polygon():
                region.insert(shape.polygon)
    return region.merged()


def _holds(polygon: kdb.Polygon, box: Box) -> bool:
    return (kdb.Region(box) - kdb.Region(polygon)).is_empty()


def _top(project: ProjectFolder) -> kdb.Cell:
    return project.layout.cell(project.top) or project.layout.top_cells()[0]


def boundary(project: ProjectFolder) -> Iterator[str]:
    """No shape lies outside the boundary, which is the tile's outline."""
    index = project.layout.find_layer(*Layer.PR_BOUNDARY.value)
    own = kdb.Region() if index is None else kdb.Region(_top(project).shapes(index))
    whole = kdb.Box()
    for layer in project.layout.layer_indexes():
        region = kdb.Region(_top(project).begin_shapes_rec(layer))
        whole += region.bbox()
    if own.bbox() != whole:
        yield f"shapes reach {whole} nm, the boundary is {own.bbox()}"


def layers(project: ProjectFolder) -> Iterator[str]:
    """Only layers that the shuttle knows."""
    held = {(info.layer, info.datatype) for info in project.layout.layer_infos() if _is_held(project.layout, info)}
    yield from (f"layer {layer}/{datatype} is none of the shuttle's" for layer, datatype in sorted(held - VALID))


def _is_held(layout: kdb.Layout, info: kdb.LayerInfo) -> bool:
    index = layout.layer(info)
    return any(not cell.shapes(index).is_empty() for cell in layout.each_cell())


def cell_names(project: ProjectFolder) -> Iterator[str]:
    """No cell whose name holds # or /."""
    names = (cell.name for cell in project.layout.each_cell())
    yield from (f"cell {name} has # or / in its name" for name in names if set(name) & set("#/"))


def urpm_to_nwell(project: ProjectFolder) -> Iterator[str]:
    """N-wells keep 0.7 um from the implant of the most resistive poly."""
    nwell, urpm = (_all(project, layer) for layer in (Layer.NWELL, Marker.URPM))
    for pair in nwell.separation_check(urpm, URPM_TO_NWELL_NM).each():
        yield f"an n-well is less than {URPM_TO_NWELL_NM} nm from urpm at {pair.bbox()} nm"


def _all(project: ProjectFolder, layer: Layer | Marker) -> kdb.Region:
    index = project.layout.find_layer(*layer.value)
    return kdb.Region() if index is None else kdb.Region(_top(project).begin_shapes_rec(index)).merged()


def analog_pins(project: ProjectFolder) -> Iterator[str]:
    """Metal meets the first analog pins, as many as `info.yaml` says, each with words in its pinout; no other."""
    metal, cuts = _all(project, PIN_LAYER), _all(project, Layer.VIA3)
    for pin in (pin for pin in project.frame.pins() if pin.name.startswith("ua[")):
        number = int(pin.name.removeprefix("ua[").removesuffix("]"))
        met, asked = _is_met(pin, metal, cuts), number < min(project.analog_pins, ANALOG_PINS)
        if met != asked:
            yield f"{pin.name} is {'' if met else 'not '}wired, analog_pins is {project.analog_pins}"
        words = project.pinout.get(pin.name)
        if met != bool(words):
            yield f"{pin.name} is {'' if met else 'not '}wired, its words in the pinout are {words!r}"


def _is_met(pin: FramePin, metal: kdb.Region, cuts: kdb.Region) -> bool:
    box = Box(*pin.box)
    near, far = (kdb.Region(box.enlarged(by, by)) for by in RING_NM)
    return not (metal & (far - near)).is_empty() or not (cuts & kdb.Region(box)).is_empty()
