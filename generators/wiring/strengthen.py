"""What a wired block is given beyond what its nets need: wide supplies and a second cut, wherever there is room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.parts.via_stack import cut_box
from analoom.generators.ways.edge_strips import at_rim, beside_rim
from analoom.generators.ways.net import Cut, Net, Shape, wire_box
from analoom.generators.ways.wire_kinds import CUTS, LEVEL_OF, ROUTED, pad_boxes

from .join import runs
from .metal_index import MetalIndex
from .router import Router
from .twins import Mirror

SHORT_NM = 1000
"""Wires shorter than this stay as they are."""


@dataclass(frozen=True, eq=False)
class Doubled:
    """A second cut of a net with what is drawn for it, and that of its mirror image if there is one."""

    parts: tuple[tuple[Net, Cut, tuple[Shape, ...]], ...]

    def lies_near(self, level: int, box: Box) -> bool:
        """Whether its metal on a level may be why something is missing in a box (nm)."""
        wire = ROUTED[level]
        near = box.enlarged(wire.space_nm + wire.width_nm, wire.space_nm + wire.width_nm)
        return any(layer is wire.layer and shape.touches(near) for *_, shapes in self.parts for layer, shape in shapes)

    def take_back(self, index: MetalIndex) -> None:
        """Draws it no more."""
        for net, cut, shapes in self.parts:
            net.cuts.remove(cut)
            for layer, box in shapes:
                net.wires.remove((layer, box))
                if layer in LEVEL_OF:
                    index.remove(net.name, LEVEL_OF[layer], box)


def strengthen(router: Router, index: MetalIndex, widths_nm: Mapping[str, int]) -> list[Doubled]:
    """Widens the nets of `widths_nm`, then doubles the cuts of all. Gives what was doubled."""
    supplies = [net for net in router.nets if net.name in widths_nm]
    for net in supplies:
        _widen(net, router, index, widths_nm[net.name], outer=True)
    for net in router.nets:
        for level, box in beside_rim(net):
            index.keep_off(level, box)
    for net in supplies:
        _widen(net, router, index, widths_nm[net.name], outer=False)
    images = {net.image_of: net for net in router.nets if net.image_of}
    alone = (net for net in router.nets if not net.image_of)
    pairs = ([net, images[net.name]] if net.name in images else [net] for net in alone)
    return [doubled for nets in pairs for doubled in _double(nets, index, router.mirror)]


def _widen(net: Net, router: Router, index: MetalIndex, width_nm: int, outer: bool) -> None:
    """Widens the wires of a net that end at the edge (`outer`), or the others."""
    for way in net.ways:
        for level, a, b in runs(router.lattice, way):
            box, more = wire_box(level, a, b), (width_nm - ROUTED[level].width_nm) // 2
            if (
                outer == _ends_outside(net, level, box)
                and more > 0
                and max(box.width(), box.height()) >= SHORT_NM + ROUTED[level].width_nm
            ):
                for side in ((0, 1), (0, -1)) if box.width() > box.height() else ((1, 0), (-1, 0)):
                    box = _grown(net, index, level, box, side, more)
                _draw(net, index, level, box)


def _ends_outside(net: Net, level: int, box: Box) -> bool:
    return net.landing is not None and at_rim(net)[0] == level and box.overlaps(at_rim(net)[1])


def _grown(net: Net, index: MetalIndex, level: int, box: Box, side: tuple[int, int], more: int) -> Box:
    """A wire that reaches as far to one side as is free, at most by `more`."""
    low, high = 0, more // CUT_GRID_NM
    while low < high:
        middle = (low + high + 1) // 2
        if index.is_free(net.name, level, _to_side(box, side, middle * CUT_GRID_NM)):
            low = middle
        else:
            high = middle - 1
    return _to_side(box, side, low * CUT_GRID_NM)


def _to_side(box: Box, side: tuple[int, int], by: int) -> Box:
    x, y = side[0] * by, side[1] * by
    return Box(box.left + min(x, 0), box.bottom + min(y, 0), box.right + max(x, 0), box.top + max(y, 0))


def _draw(net: Net, index: MetalIndex, level: int, box: Box) -> None:
    net.wires.append((ROUTED[level].layer, box))
    index.add(net.name, level, box)


def _double(nets: Sequence[Net], index: MetalIndex, mirror: Mirror) -> Iterator[Doubled]:
    """Gives each cut between routed levels of a net a second one beside it, where both pads find room, and its mirror
    image that of the second one, or neither."""
    for cut in list(nets[0].cuts):
        for second in _beside(cut) if cut.via in CUTS else ():
            pairs = [(cut, second), (mirror.cut(cut), mirror.cut(second))][: len(nets)]
            if all(_fits(net, index, *pair) for net, pair in zip(nets, pairs, strict=True)):
                yield Doubled(tuple(_added(net, index, *pair) for net, pair in zip(nets, pairs, strict=True)))
                break


def _added(net: Net, index: MetalIndex, cut: Cut, second: Cut) -> tuple[Net, Cut, tuple[Shape, ...]]:
    """Draws a second cut beside one."""
    via = (second.via.cut, cut_box(second.via.size, second.x_nm, second.y_nm))
    net.wires.append(via)
    net.cuts.append(second)
    pads = _pads(cut, second)
    for level, box in pads:
        _draw(net, index, level, box)
    return net, second, (via, *((ROUTED[level].layer, box) for level, box in pads))


def _beside(cut: Cut) -> Iterator[Cut]:
    """Where a second cut may stand."""
    apart = cut.via.size_nm + cut.via.space_nm
    for x, y in ((apart, 0), (-apart, 0), (0, apart), (0, -apart)):
        yield replace(cut, x_nm=cut.x_nm + x, y_nm=cut.y_nm + y)


def _fits(net: Net, index: MetalIndex, cut: Cut, second: Cut) -> bool:
    box = cut_box(second.via.size, second.x_nm, second.y_nm)
    if cut.within is not None and not box.inside(cut.within):
        return False
    near = second.via.space_nm - 1
    others = (cut_box(other.via.size, other.x_nm, other.y_nm) for other in net.cuts if other.via is second.via)
    if any(other.touches(box.enlarged(near, near)) for other in others):
        return False
    _, (_, lower), _ = pad_boxes(second.via, second.x_nm, second.y_nm, second.ends)
    if not index.holds(second.via, lower):
        return False
    own = cut.own_level
    return all(level == own or index.is_free(net.name, level, pad) for level, pad in _pads(cut, second))


def _pads(cut: Cut, second: Cut) -> Sequence[tuple[int, Box]]:
    """The metal around both cuts, by level."""
    found: dict[int, Box] = {}
    for one in (cut, second):
        for layer, box in pad_boxes(one.via, one.x_nm, one.y_nm, one.ends):
            if layer in LEVEL_OF:
                found[LEVEL_OF[layer]] = found.get(LEVEL_OF[layer], Box()) + box
    return list(found.items())
