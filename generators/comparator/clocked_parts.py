"""The parts of a clocked comparator: which cell each is, by which fields of the spec, and on which nets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, Spec
from analoom.generators.transistors.matched_pair import MatchedPairSpec, matched_pair

from .asked import asked

N, P = "nfet_01v8", "pfet_01v8"
LOW, HIGH = {"s": "vss", "b": "vss"}, {"s": "vdd", "b": "vdd"}


@dataclass(frozen=True)
class Part:
    """A pair, or with `alone` one transistor: its flavour, the fields of width and length, fingers or their field."""

    device: str
    w: str
    nets: Mapping[str, str]
    l: str = "l_min"  # noqa: E741
    nf: int | str = 2
    m: int = 1
    alone: bool = False

    def drawn(self, spec: Spec) -> Cell:
        """The cell of this part."""
        fields = self._fields(spec)
        if self.alone:
            return mosfet(MosfetSpec.parse({**fields, "m": self.m}))
        return matched_pair(MatchedPairSpec.parse(fields))

    def check(self, spec: Spec) -> None:
        """Raises SpecError under the block's own field where the cell cannot be drawn."""
        names = {"w": self.w, "l": self.l, "nf": self.nf if isinstance(self.nf, str) else self.w}
        of = MosfetSpec if self.alone else MatchedPairSpec
        asked(spec, names, lambda given: of.parse(self._fields(given)))

    def _fields(self, spec: Spec) -> dict[str, Any]:
        nf = getattr(spec, self.nf) if isinstance(self.nf, str) else self.nf
        return {"device": self.device, "w": getattr(spec, self.w), "l": getattr(spec, self.l), "nf": nf}


def _pair_nets(d: tuple[str, str], g: tuple[str, str]) -> dict[str, str]:
    return {"d1": d[0], "g1": g[0], "d2": d[1], "g2": g[1]}


X, R, Q = ("xn", "xp"), ("rp", "rn"), ("qb", "q")
"""Nets of both sides: the pair's drains (that of `inp` first), the latch's outputs and the keeper's."""

PARTS: Mapping[str, Part] = {
    "tail": Part(N, "w_tail", {"d": "tail", "g": "clk", **LOW}, alone=True),
    "pair": Part(N, "w_pair", {**_pair_nets(X, ("inp", "inn")), "s": "tail", "b": "vss"}, "l_pair", "nf_pair"),
    "reset": Part(P, "w_reset", {**_pair_nets(X, ("clk", "clk")), **HIGH}),
    "sense": Part(N, "w_sense", {**_pair_nets(R, X), **LOW}),
    "latch_n": Part(N, "w_latch", {**_pair_nets(R, R[::-1]), **LOW}),
    "latch_p": Part(P, "w_latch", {**_pair_nets(R, R[::-1]), "s": "head", "b": "vdd"}),
    "head": Part(P, "w_head", {"d": "head", "g": "clkb", **HIGH}, alone=True),
    "clock_n": Part(N, "w_clock", {"d": "clkb", "g": "clk", **LOW}, nf=1, alone=True),
    "clock_p": Part(P, "w_clock", {"d": "clkb", "g": "clk", **HIGH}, nf=1, m=2, alone=True),
    "set": Part(N, "w_set", {**_pair_nets(Q, R), **LOW}),
    "keep_n": Part(N, "w_keep", {**_pair_nets(Q, Q[::-1]), **LOW}, "l_keep"),
    "keep_p": Part(P, "w_keep", {**_pair_nets(Q, Q[::-1]), **HIGH}, "l_keep"),
}
