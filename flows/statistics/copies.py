"""Copies of a cell's devices in one netlist, each with its own random parameters, and the netlists that ngspice draws.

A copy's device is named by its path in the cell with the copy's number behind; so is each net but the shared ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from analoom.cells.model.circuit import Device, Mos
from analoom.flows.files.progress import tracked
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.simulator.ngspice import reseed

from .mismatch_library import line_with_shifts

Line = Callable[[Mos], str]
"""The netlist line of a transistor, as a library state wants it."""

D = TypeVar("D", bound=Device)


def in_copy(flat: FlatDevice, device: D, shared: Collection[str], copy: int) -> D:
    """`device`, that of `flat`, under the name and on the nets of a copy."""
    nets = {terminal: net_in_copy(net, shared, copy) for terminal, net in flat.nets.items()}
    return replace(device, name=f"{flat.word}_{copy}", nets=nets)


def net_in_copy(net: str, shared: Collection[str], copy: int) -> str:
    """What a net of the cell is called in a copy."""
    return net if net in shared else f"{net.replace('.', '_')}_{copy}"


def drawing(device: Mos) -> str:
    """The line of a transistor that the model file draws."""
    return with_variants(device.spice())


def shifting(shifted: FlatDevice | None, shifts: Mapping[str, float]) -> Line:
    """Lines of a copy in which one transistor's parameters are shifted, in their own units."""
    start = "" if shifted is None else f"{shifted.word}_"

    def line(device: Mos) -> str:
        mine = bool(start) and device.name.startswith(start) and device.name[len(start) :].isdigit()
        return line_with_shifts(device, dict(shifts) if mine else {})

    return line


def draws(samples: int, at_once: int, seed: int) -> Iterator[int]:
    """How many copies each netlist holds, `at_once` at most, for `samples` in all; ngspice is seeded before each."""
    count = -(-samples // at_once)
    seeds = np.random.SeedSequence(seed).generate_state(count) % (2**31 - 1) + 1
    for k in tracked(range(count)):
        reseed(int(seeds[k]))
        yield min(at_once, samples - k * at_once)
