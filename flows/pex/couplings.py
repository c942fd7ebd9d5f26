"""The largest couplings of a cell, or of one of its nets, from the JSON of an extraction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analoom.pdk.errors import InputError, nearest

Json = Mapping[str, Any]

SUBSTRATE = "substrate"
"""Stands for the other end of a capacitance to the substrate."""

MOST_LISTED = 10


def largest_couplings(pex: Json, net: str | None = None, most: int = MOST_LISTED) -> list[dict[str, Any]]:
    """The `most` largest couplings as {net, to, c_f, share_of_net, share_of_other}, the largest first.

    Of the whole cell: between nets, each pair once. Of `net`: also its capacitance to the substrate. Shares are of
    everything the net in question sees; `share_of_other` is None for the substrate and for kinds of nets.
    Raises InputError when there is no such net.
    """
    nets = pex["nets"]
    if net is not None and net not in nets:
        known = ", ".join(list(nets)[:8])
        said = f"no net {net!r} in {pex['cell']}; it has {known}"
        raise InputError(said, field="net", remedy=f"--net {nearest(net, nets) or next(iter(nets))}")
    total = {name: c["substrate_f"] + sum(c["coupling_f"].values()) for name, c in nets.items()}
    rows = [_row(*pair, total) for pair in (_of_net(nets, net) if net else _of_cell(nets))]
    return sorted((r for r in rows if r["c_f"] > 0), key=lambda r: (-r["c_f"], r["net"], r["to"]))[:most]


def _of_net(nets: Json, net: str) -> list[tuple[str, str, float]]:
    return [(net, SUBSTRATE, nets[net]["substrate_f"]), *((net, to, c) for to, c in nets[net]["coupling_f"].items())]


def _of_cell(nets: Json) -> list[tuple[str, str, float]]:
    """Each pair once; of a hierarchical extraction, whose couplings go to kinds of nets, every line's own."""
    each = ((name, to, c) for name, found in nets.items() for to, c in found["coupling_f"].items())
    return [(name, to, c) for name, to, c in each if to not in nets or name < to]


def _row(net: str, to: str, c_f: float, total: Mapping[str, float]) -> dict[str, Any]:
    shares = {"share_of_net": _share(c_f, total[net]), "share_of_other": _share(c_f, total.get(to, 0.0))}
    return {"net": net, "to": to, "c_f": c_f, **shares}


def _share(part_f: float, whole_f: float) -> float | None:
    return part_f / whole_f if whole_f > 0 else None
