"""Copies of a cell's devices in one netlist, each with its own random parameters, and the netlists that ngspice draws.

A copy's device is named by its path in the cell with the copy's number behind; so is each net but the shared ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Circuit, Device, Mos
from analoom.flows.files.progress import tracked
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.simulator.ngspice import reseed
from analoom.pdk.mismatch.terms import random_terms

from .mismatch_library import line_with_shifts

Line = Callable[[Mos], str]
"""The netlist line of a transistor, as a library state wants it."""

Term = tuple[FlatDevice, str, float]
"""A transistor, one of its random parameters, and its sigma."""

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


def two_ended(circuit: Circuit) -> list[FlatDevice]:
    """Every transistor but dummies, whose ends are one net."""
    return [f for f in flat_devices(circuit) if isinstance(f.device, Mos) and f.nets["d"] != f.nets["s"]]


def random_terms_of(flat: FlatDevice, model: str) -> dict[str, float]:
    """Sigmas of a transistor's random parameters by name, in their own units."""
    d = flat.mos
    return random_terms(d.device, d.w_um, d.l_um, d.nf, d.m, model)


def threshold_sigma_v(flat: FlatDevice, model: str) -> float:
    """Sigma of one device's gate-referred error, V: threshold, and `voff`, which acts in weak inversion."""
    sigmas = random_terms_of(flat, model)
    return sigmas["delvto"] if "delvto" in sigmas else float(np.hypot(sigmas["vth0"], sigmas.get("voff", 0.0)))


def terms_of(devices: Sequence[FlatDevice], model: str) -> list[Term]:
    """Every random parameter of transistors, with its sigma."""
    return [(flat, name, sigma) for flat in devices for name, sigma in random_terms_of(flat, model).items()]


def one_by_one(terms: Sequence[Term]) -> list[Line]:
    """A copy without shifts, then two for each parameter: shifted up and down by its sigma."""
    return [shifting(None, {}), *(shifting(flat, {n: k * sigma}) for flat, n, sigma in terms for k in (1, -1))]


def parabolas(
    terms: Sequence[Term], at_once: int, answers: Callable[[Sequence[Line]], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(a, b), (terms,) each, of a z + b z^2 through what `answers` makes of copies with one term shifted by its sigma.

    `answers`: of the lines of `at_once` copies at most, (copies,); with (copies, quantities), (terms, quantities) each.
    """
    lines = one_by_one(terms)
    found = np.concatenate([answers(lines[n : n + at_once]) for n in tracked(range(0, len(lines), at_once))])
    up, down = found[1::2] - found[0], found[2::2] - found[0]
    return (up - down) / 2, (up + down) / 2


def draws(samples: int, at_once: int, seed: int) -> Iterator[int]:
    """How many copies each netlist holds, `at_once` at most, for `samples` in all; ngspice is seeded before each."""
    count = -(-samples // at_once)
    seeds = np.random.SeedSequence(seed).generate_state(count) % (2**31 - 1) + 1
    for k in tracked(range(count)):
        reseed(int(seeds[k]))
        yield min(at_once, samples - k * at_once)
