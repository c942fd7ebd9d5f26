"""Virtual dies of a network that trains itself: every transistor with random parameters of its own, trained in ngspice.

The numbers are drawn here and given to the models, so that a die is the same whoever simulates it. `factor` multiplies
all of them; with `only` the parts of these names alone err, so that one sees which to enlarge. Capacitors, whose error
changes a rate of learning by less than a per cent, have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import deck
from analoom.flows.statistics.copies import random_terms_of
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.generators.backprop.circuits import network_circuit
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.mismatch.terms import checked_model

from .training import Trained, trained
from .training_settings import TrainingSettings

PARTS = ("forward", "update", "neuron", "error", "back", "bias")
"""What a transistor belongs to."""
REST = ".option bypass=1"


@dataclass(frozen=True)
class Die:
    """A network with drawn errors, as lines of a netlist."""

    spec: BackpropNetworkSpec
    family: str
    seed: int
    factor: float = 1.0
    only: tuple[str, ...] = PARTS
    temp_degc: float = 27.0

    @cached_property
    def devices(self) -> list[FlatDevice]:
        """All devices, of which the number in the list says which random numbers a transistor gets."""
        return list(flat_devices(network_circuit(self.spec, "network")))

    @cached_property
    def library(self) -> Path:
        """The models, with every random parameter laid open."""
        sizes = sizes_of(network_circuit(self.spec, "network"))
        return mismatch_library(sizes, checked_model(self.family), "given", bulk=False)

    def deck(self, *lines: str) -> str:
        """The circuit to load.

        Two things make it fast: transistors have no bulk resistances, and those whose voltages rest are not computed
        anew. `test_a_die_is_trained_fast_and_the_same` compares.
        """
        models = f'.include "{self.library}"\n.temp {self.temp_degc:g}\n{REST}'
        return deck(f"die {self.seed} learns", models, *self._lines(), *lines)

    def _lines(self) -> Iterator[str]:
        rng = np.random.default_rng([self.seed, 7])
        for flat in self.devices:
            placed = replace(flat.device, name=flat.word, nets={t: n.replace(".", "_") for t, n in flat.nets.items()})
            if not isinstance(placed, Mos):
                yield placed.spice()
                continue
            terms = random_terms_of(flat, self.family)
            z = rng.standard_normal(len(terms)) * self.factor * (part_of(flat) in self.only)
            yield line_with_shifts(placed, {n: float(k * s) for (n, s), k in zip(terms.items(), z, strict=True)})


def part_of(flat: FlatDevice) -> str:
    """What a transistor belongs to, by the name of its instance."""
    instance = flat.path[0]
    if instance.startswith("s_"):
        return "forward" if flat.device.name.startswith("f_") else "update"
    return {"n": "neuron", "e": "error", "k": "back"}.get(instance.partition("_")[0], "bias")


def trained_die(die: Die, settings: TrainingSettings) -> Trained:
    """Trains a die."""
    return trained(die.spec, settings, die, "{}")
