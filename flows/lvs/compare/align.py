"""Bringing a netlist's hierarchy into step with the layout's where one cell of an array is not like the others.

A changed cell makes changed cells of all above it, which the schematic does not have: they are dissolved. So are then,
level by level, the schematic's instances that stand where they stood, until what is left over is the change itself.
"""

from __future__ import annotations

from collections import Counter

import klayout.db as kdb

DEEPEST = 16
"""Levels of an array; a tree of 4 x 4 blocks has six for a million cells."""

MOST_ALIGNED = 64
"""More instances than this left over are another circuit altogether, not one change."""

Key = tuple[str, tuple[str, ...]]


def align(layout: kdb.Circuit, reference: kdb.Circuit) -> None:
    """Flattens the instances in `reference` that `layout` has not: same cell, same ports of the circuit at its pins."""
    for _ in range(DEEPEST):
        have = Counter(_key(sub) for sub in layout.each_subcircuit())
        lone = []
        for sub in reference.each_subcircuit():
            if have[_key(sub)] > 0:
                have[_key(sub)] -= 1
            else:
                lone.append(sub)
        if not 0 < len(lone) <= MOST_ALIGNED:
            return
        for sub in lone:
            reference.flatten_subcircuit(sub)


def _key(sub: kdb.SubCircuit) -> Key:
    nets = (sub.net_for_pin(pin.id()) for pin in sub.circuit_ref().each_pin())
    ports = (ref.pin().name().upper() for net in nets if net is not None for ref in net.each_pin())
    return sub.circuit_ref().name.upper(), tuple(sorted(ports))
