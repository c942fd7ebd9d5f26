"""Diffusion and taps under the wrong implant, under both or under none: junctions where a wire or a well is meant.

n-implant (nsdm) off the n-wells makes sources and drains of n-transistors, p-implant (psdm) in n-wells those of
p-transistors; taps are the other way round. Diffusion of a tap's implant that meets no gate is a tap.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import klayout.db as kdb

from analoom.pdk.layers import Layer

from .bodies import Drawn
from .layers import Layers

MOST_PLACES = 10
"""So many places of one kind of fault are told; a cell that stands a million times has it a million times."""

UM_PER_NM = 1e-3


def taps_drawn_as_diffusion(work: Drawn) -> kdb.Region:
    """Diffusion without a gate whose implant and well make it a tap."""
    diff = work.drawn(Layer.DIFF)
    tapping = _n_in_well(work, diff) + _p_outside(work, diff)
    if tapping.is_empty():
        return tapping
    return tapping.not_interacting(diff.interacting(diff & work.drawn(Layer.POLY)))


def log_wrong_implants(work: Layers) -> None:
    """Writes each place into the result database as an error, in um of the top cell."""
    for what, region in _wrong(work):
        for polygon in islice(region.each_merged(), MOST_PLACES):
            entry = kdb.LogEntryData(kdb.LogEntryData.Error, what)
            entry.cell_name = work.top.name
            entry.geometry = polygon.to_dtype(UM_PER_NM)
            work.lvs.add_log_entry(entry)


def _wrong(work: Layers) -> Iterator[tuple[str, kdb.Region]]:
    diff, tap = work["sd"], work["tap"]
    for name, region in (("diffusion (diff)", diff), ("tap", tap)):
        n, p = (region & work.drawn(implant) for implant in (Layer.NSDM, Layer.PSDM))
        yield f"{name} without an implant (nsdm or psdm)", region - n - p
        yield f"{name} under both implants (nsdm and psdm)", n & p
    yield "diffusion (diff) of n-implant (nsdm) in an n-well (nwell)", _n_in_well(work, diff)
    yield "diffusion (diff) of p-implant (psdm) outside an n-well (nwell)", _p_outside(work, diff)
    yield "tap of n-implant (nsdm) outside an n-well (nwell)", _only(work, tap, Layer.NSDM) - work["nwell"]
    yield "tap of p-implant (psdm) in an n-well (nwell)", _only(work, tap, Layer.PSDM) & work["nwell"]


def _n_in_well(work: Drawn, active: kdb.Region) -> kdb.Region:
    return _only(work, active, Layer.NSDM) & work.drawn(Layer.NWELL)


def _p_outside(work: Drawn, active: kdb.Region) -> kdb.Region:
    return _only(work, active, Layer.PSDM) - work.drawn(Layer.NWELL)


def _only(work: Drawn, active: kdb.Region, implant: Layer) -> kdb.Region:
    """The active area under this implant and not under the other."""
    other = Layer.PSDM if implant is Layer.NSDM else Layer.NSDM
    return (active & work.drawn(implant)) - work.drawn(other)
