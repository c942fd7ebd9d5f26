"""What the extraction of resistances takes and gives: how to reduce, and the network with its nodes' names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analoom.pdk.errors import InputError

if TYPE_CHECKING:
    from analoom.flows.pex.shapes.resistor_body import ResistorBody

    from .devices import DeviceKey
    from .reduce import RcGraph, Reduction

Place = tuple[int, float, float]
"""Level, x and y in nm."""


@dataclass(frozen=True)
class RcOptions:
    """How to reduce: capacitors and resistors below these vanish; `up_to_hz` eliminates nodes that are fast there."""

    min_c_f: float = 0.0
    min_r_ohm: float = 0.0
    up_to_hz: float | None = None

    def __post_init__(self) -> None:
        """Raises InputError for a negative threshold."""
        for name, value in (("min-c", self.min_c_f), ("min-r", self.min_r_ohm), ("up-to", self.up_to_hz or 0.0)):
            if not value >= 0.0:
                raise InputError(f"{name} {value:g} is negative", field=name, remedy=f"--{name} 0")


@dataclass(frozen=True)
class RcResult:
    """`graph` of elements between node numbers; `names` of the nodes, `main` node by net, and devices' terminals.

    `net_of` names the net of each node; `devices` gives the node of each terminal of each device of the circuit.
    `places` has the level and the place (nm) of each node, `labels` the pins' texts with their nodes; `other_names`,
    `bodies` and `notes` as in `Parasitics`, but that in `main` each further name has its own node.
    """

    graph: RcGraph
    names: Mapping[int, str]
    main: Mapping[str, int]
    net_of: Mapping[int, str]
    devices: Mapping[DeviceKey, Mapping[str, int]]
    reduction: Reduction
    places: Mapping[int, Place] = field(default_factory=dict)
    labels: tuple[tuple[str, int], ...] = ()
    other_names: Mapping[str, str] = field(default_factory=dict)
    bodies: tuple[ResistorBody, ...] = ()
    notes: tuple[str, ...] = ()
