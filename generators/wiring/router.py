"""Wires all nets of a block: each by its cheapest way, then again those that met others, dearer each time.

Source of the method: L. McMurchie, C. Ebeling, "PathFinder: A Negotiation-Based Performance-Driven Router for FPGAs",
FPGA 1995. Deterministic: nets go in the order of their extent and names, those that are to go first before all others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box, hull
from analoom.generators.ways.edge_strips import Entrances
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.search import EVER, Places, Prices, Search
from analoom.generators.ways.wire_kinds import ROUTED, half_nm
from analoom.pdk.errors import SpecError

from .join import Joining
from .least_area import Lengthening, lengthened
from .shield import bar_middle, beside, ends_of, require_shielded, shapes_of
from .twins import Mirror
from .used import Used, levelled

TURNS = 16
"""How often nets that met are wired again before it counts as no way."""
STALE = 4
"""After so many turns without fewer quarrels than before it counts as no way, too."""
FIRST_PRESS, GROWTH, WEAR = 0.6, 1.6, 0.35
"""What a step through another net's wire costs more at first, by what factor that grows each turn, and what a quarrel
leaves behind at its place."""


@dataclass(frozen=True)
class Stuck:
    """A net that found no way free of others, where (nm), and the pin it did not reach, if that is what is wrong; or
    the refusal of a wish for it."""

    net: str
    places: tuple[Box, ...]
    pin: str = ""
    refused: SpecError | None = None


class Router:
    """The nets of a block on a lattice, among what is `fixed`; those of `first` go before all others.

    `twins`: pairs of nets the second of which takes the mirror image of the first where it can.
    """

    def __init__(
        self,
        lattice: Lattice,
        fixed: Counted,
        nets: Sequence[Net],
        first: Collection[str] = (),
        twins: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.lattice = lattice
        self.prices = Prices(fixed, Counted(lattice), np.zeros_like(fixed.wires, np.float32), FIRST_PRESS)
        self._search = Search(lattice)
        self._entrances, self._laid, self._lost = Entrances(lattice), set[str](), list[Stuck]()
        self._entries = {net.name: {t.name: self._entrances.of(t) for t in net.terminals} for net in nets}
        self.nets = sorted(nets, key=lambda net: (net.name not in first, self._extent(net), net.name))
        self._used: dict[str, Used] = {}
        self.lengthened: dict[str, list[Lengthening]] = {}
        self.mirror, self._twins = Mirror(lattice), _both_ways(twins)
        for net in nets:
            self._fix(net, 1)

    @property
    def effort(self) -> int:
        """At how many crossings ways have been looked for."""
        return self._search.effort

    def lay(self, name: str, by: str, least_frac: float) -> None:
        """Wires a net before all others, lays wires of another beside it, and lets neither be moved.

        Raises SpecError with the net and its share where less of it has such wires on both sides.
        """
        net, shield = self.net(name), self.net(by)
        if lost := self._again(net):
            self._lost += lost
            return
        self._laid.add(name)
        self.prices.fixed.add_all(levelled(net))
        laid = beside(net, self.lattice, self.prices.fixed)
        require_shielded(net, laid, self.lattice, least_frac)
        self._fix(shield, -1)
        ends = list(ends_of(laid, name))
        shield.terminals, shield.laid = [*shield.terminals, *ends], [*shield.laid, *shapes_of(laid)]
        self._entries[by] |= {end.name: self._entrances.of(end) for end in ends}
        self._fix(shield, 1)
        bar_middle(laid, self.prices.fixed)

    def route(self, most_effort: int = EVER) -> list[Stuck]:
        """Wires every net. Gives the nets that reach no pin or stay in each other's way; none where all is well.

        After `most_effort` none is wired again that is in others' way.
        """
        lost = self._lost or [stuck for net in self.nets for stuck in self._shut_in(net)]
        if lost or (lost := [stuck for net in self.nets for stuck in self._again(net)]):
            return lost
        todo, met = self._quarrels(), [self._met()]
        while todo and self.effort < most_effort and _gets_better(met):
            self.prices.press *= GROWTH
            if lost := [stuck for net in todo for stuck in self._again(net)]:
                return lost
            todo = self._quarrels()
            met.append(self._met())
        return [self._where(net) for net in todo if len(self._used[net.name].met)]

    def net(self, name: str) -> Net:
        """The net of a name."""
        return next(net for net in self.nets if net.name == name)

    def _extent(self, net: Net) -> int:
        """Half the outline of a net's pins (nm)."""
        box = hull(found.box for pin, found in self._entries[net.name].items() if not net.is_edge(pin))
        return 0 if box.empty() else box.width() + box.height()

    def _fix(self, net: Net, by: int) -> None:
        for level, box, space in net.kept_off():
            self.prices.fixed.add(level, box, space, by)

    def _shut_in(self, net: Net) -> list[Stuck]:
        """The pins of a net that no wire leaves."""
        if len(net.terminals) < 2:
            return []
        self._fix(net, -1)
        places = {name: found.places(self.prices) for name, found in self._entries[net.name].items()}
        shut = [name for name in places if not net.is_edge(name) and self._is_shut_in(places, name)]
        self._fix(net, 1)
        return [self._no_way(net, shut)] if shut else []

    def _is_shut_in(self, places: Mapping[str, Places], pin: str) -> bool:
        nodes, costs = zip(*(found for name, found in places.items() if name != pin), strict=True)
        return self._search.is_shut_in(self.prices, places[pin], (np.concatenate(nodes), np.concatenate(costs)))

    def _again(self, net: Net) -> list[Stuck]:
        """Takes up the wires of a net and finds new ones, but for one that must not be moved."""
        if net.name in self._laid:
            return []
        if self._used.pop(net.name, None):
            self.prices.moving.add_all(levelled(net), -1)
        self._fix(net, -1)
        missed = list[str]()
        if not self._mirrored(net):
            missed = Joining(net, self._entries[net.name], self._search, self.prices).run()
            self.lengthened[net.name] = list(lengthened(net, self.lattice, self.prices))
            net.wires += [one.shape for one in self.lengthened[net.name]]
        self._fix(net, 1)
        self._used[net.name] = self._taken(net)
        return [self._no_way(net, missed)] if missed else []

    def _taken(self, net: Net) -> Used:
        """Counts the wires of a net, and gives what they take."""
        used, moving = Used(self.lattice, net), self.prices.moving
        before = used.counts(moving)
        moving.add_all(levelled(net))
        used.own = used.counts(moving) - before
        return used

    def _mirrored(self, net: Net) -> bool:
        """Whether a net could take the mirror image of its twin, which has just been wired."""
        twin = next((other for other in self.nets if other.name == self._twins.get(net.name)), None)
        if twin is None or twin.name not in self._used or twin.image_of == net.name:
            net.image_of = ""
            return False
        done = self.mirror.image(net, twin, self._entries[net.name], self.prices)
        net.image_of = twin.name if done else ""
        if done:
            self.lengthened[net.name] = [one.moved(self.mirror.box) for one in self.lengthened[twin.name]]
        return done

    def _quarrels(self) -> list[Net]:
        """The nets that lie too near to others, and those others."""
        near = np.zeros(self.prices.worn.shape, np.bool_)
        for net in self.nets:
            if self._in_the_way(net):
                self._mark(net, near)
        again = {net.name for net in self.nets if near.ravel()[self._used[net.name].wires].any()}
        again |= {self._twins[name] for name in again if name in self._twins}
        return [net for net in self.nets if net.name in again]

    def _met(self) -> int:
        """At how many crossings nets are too near to others."""
        return sum(len(used.met) for used in self._used.values())

    def _in_the_way(self, net: Net) -> bool:
        """Whether wires of others lie too near to those of a net; wears the places where they do."""
        used = self._used[net.name]
        used.look(self.prices.moving)
        self.prices.worn.ravel()[used.met] += WEAR
        return len(used.met) > 0

    def _mark(self, net: Net, near: NDArray[np.bool_]) -> None:
        """Marks the crossings that a wire may take which lies too near to what a net has met."""
        for node in self._used[net.name].met:
            level, x, y = self.lattice.at(int(node))
            far = ROUTED[level].space_nm + ROUTED[level].width_nm + half_nm(level)
            columns, rows = self.lattice.within(Box(x - far, y - far, x + far, y + far))
            near[level, columns.start : columns.stop, rows.start : rows.stop] = True

    def _where(self, net: Net) -> Stuck:
        places = {self.lattice.at(int(node))[1:] for node in self._used[net.name].met}
        return Stuck(net.name, tuple(Box(x, y, x, y) for x, y in sorted(places)))

    def _no_way(self, net: Net, missed: Sequence[str]) -> Stuck:
        """The pins that cannot be reached from the others."""
        places = tuple(joint.box for t in net.terminals if t.name in missed for joint in t.joints)
        places = places or tuple(self._entries[net.name][name].box for name in missed)
        return Stuck(net.name, places, missed[0])


def _gets_better(met: Sequence[int]) -> bool:
    """Whether there were fewer quarrels lately than before, and a turn is left."""
    return len(met) <= TURNS and min(met[-STALE:]) < min(met[:-STALE], default=np.inf)


def _both_ways(twins: Sequence[tuple[str, str]]) -> dict[str, str]:
    return dict(twins) | {other: one for one, other in twins}
