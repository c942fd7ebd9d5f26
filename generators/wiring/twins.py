"""Wires of one net as the mirror image of another's, about the middle of a block, where they join its pins so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import klayout.db as kdb

from analoom.cells.model.drawing import Box

from .entries import Entries
from .lattice import Lattice
from .net import Cut, Net
from .search import Prices
from .wire_kinds import CUTS, ENDS


class Mirror:
    """The axis in the middle of a lattice whose lines lie alike on both sides of it."""

    def __init__(self, lattice: Lattice) -> None:
        self._lattice, self._sum = lattice, lattice.xs[0] + lattice.xs[-1]
        self.is_even = all(a + b == self._sum for a, b in zip(lattice.xs, reversed(lattice.xs), strict=True))

    def image(self, net: Net, of: Net, entries: Mapping[str, Entries], prices: Prices) -> bool:
        """Gives `net` the mirror image of another's wires. False, and nothing done, where that is not free of what is
        fixed or does not join its pins one to one."""
        ways: list[Sequence[int]] = [[self._node(node) for node in way] for way in of.ways]
        cuts = [self.cut(cut) for cut in of.cuts]
        if not (self.is_even and ways and self._joins(ways, entries) and self._is_free(ways, cuts, prices)):
            return False
        net.ways, net.cuts = ways, cuts
        net.wires = [(layer, self._box(box)) for layer, box in of.wires]
        net.landing = self.cut(of.landing) if of.landing else None
        net.edge_wire = (of.edge_wire[0], self._box(of.edge_wire[1])) if of.edge_wire else None
        return True

    def _node(self, node: int) -> int:
        level, i, j = self._lattice.place(node)
        return self._lattice.node(level, self._lattice.nx - 1 - i, j)

    def _box(self, box: Box) -> Box:
        return box.transformed(kdb.Trans(kdb.Trans.M90, self._sum, 0))

    def cut(self, cut: Cut) -> Cut:
        """The mirror image of a cut."""
        within = None if cut.within is None else self._box(cut.within)
        return replace(cut, x_nm=self._sum - cut.x_nm, within=within)

    def _joins(self, ways: Sequence[Sequence[int]], entries: Mapping[str, Entries]) -> bool:
        """Whether the ends of the ways lie on every pin."""
        ends = {node for way in ways for node in (way[0], way[-1])}
        return len(ways) == len(entries) - 1 and all(ends & set(pin.ends.tolist()) for pin in entries.values())

    def _is_free(self, ways: Sequence[Sequence[int]], cuts: Sequence[Cut], prices: Prices) -> bool:
        fixed = prices.fixed
        if any(fixed.wires.flat[node] > 0 for way in ways for node in way):
            return False
        return not any(fixed.pads.flat[place] > 0 for cut in cuts for place in self._pads(cut))

    def _pads(self, cut: Cut) -> list[int]:
        """The places of a cut's pads in the table of counts, but for that on a pin's own metal."""
        if cut.via not in CUTS:
            return []
        k, e, lattice = CUTS.index(cut.via), ENDS.index(cut.ends), self._lattice
        i, j = lattice.xs.index(cut.x_nm), lattice.ys.index(cut.y_nm)
        return [lattice.pad(k, side, e, i, j) for side in (0, 1) if k + side != cut.own_level]
