"""The drawn cell in the netlist of training: its circuit, or its extraction, with ideal blocks around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.models import sizes_of
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V
from analoom.flows.systems.trained_crossbar.solver.training import Trainer
from analoom.generators.crossbar.crossbar import storage_nodes
from analoom.generators.trained_crossbar.blocks import AMPLIFIER, CLAMP, NUDGE
from analoom.generators.trained_crossbar.nets import BIAS_AMPLIFIER, BIAS_CLAMP, BIAS_NUDGE, ON
from analoom.generators.trained_crossbar.nets import REST as REST_NET
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec
from analoom.pdk.corners import VDD_V
from analoom.pdk.errors import InputError

from .clock import PHASE_S
from .deck_blocks import Blocks, Gates, amplifier, clamp, load, nudge

SLOW_S = 2e-5
"""A phase of a drawn amplifier, which settles to a thousandth within 1.3 us: then to less than 0.1 uV. A drawn clamp
loads a column with 0.1 pF: columns of 0.5 uS then need 5 us, or steps of layer 1 are 15 % off."""

STEMS = {"x": "r1{side}_{n}", "a": "r2{side}_{n}", "h": "h_{n}", "o": "o_{n}", "t": "t_{n}"}
"""Nodes of the netlist by the first letter of a pin: `x0p` is `r1p_0`."""


def spec_of(dut: Dut) -> TrainedCrossbarSpec:
    """Raises InputError for another cell."""
    spec = dut.cell.spec
    if not isinstance(spec, TrainedCrossbarSpec):
        raise InputError(f"{dut.cell.name} is no crossbar trained in place", field="name")
    return spec


@dataclass(frozen=True)
class Placed:
    """A cell as `xdut`; word lines are low and bit lines at rest, weights are moved where they are stored."""

    dut: Dut
    phase_s: float | None = None

    @property
    def blocks(self) -> Blocks:
        """The netlist's blocks with the cell in place of the synapses, and of those blocks that are drawn in it."""
        drawn = spec_of(self.dut).drawn
        return Blocks(
            clamp=_none if "clamp" in drawn else clamp,
            amplifier=_upright if "amplifier" in drawn else amplifier,
            nudge=_none if "nudge" in drawn else nudge,
            load=_none if "load" in drawn else load,
            models=self._models,
            synapse=_no_synapse,
            gates=self._gates,
            phase_s=self.phase_s or (SLOW_S if {"amplifier", "clamp"} & set(drawn) else PHASE_S),
        )

    def _models(self, t: Trainer) -> Iterator[str]:
        dut = self.dut
        yield f'.include "{dut.library}"'
        yield flat_parameters(sizes_of(dut.cell.circuit))
        yield with_flat_lines(dut.text)
        yield "\n".join(["xdut", *(f"+ {_node(port)}" for port in dut.ports), f"+ {dut.name}"])
        if t.bench.phases == "both" and "nudge" in spec_of(dut).drawn:
            said = "a drawn nudge drives a column towards its target, not away from it"
            raise InputError(said, field="settings.phases", remedy="--set phases=free")
        yield f"vvdd vdd 0 {VDD_V!r}"
        yield f"eon {ON} 0 ph 0 {VDD_V if t.bench.nudge else 0.0!r}"
        for net, block in ((BIAS_CLAMP, CLAMP), (BIAS_NUDGE, NUDGE), (BIAS_AMPLIFIER, AMPLIFIER)):
            if net in dut.ports:
                yield f"i{net} 0 {net} {block.i_tail!r}"
        yield "vvss vss 0 0"
        for port in dut.ports:
            if port.startswith("wwl"):
                yield f"v{port} {port} 0 0"
            elif port.startswith("wbl"):
                yield f"v{port} {port} 0 {REST_V!r}"

    def _gates(self, t: Trainer, layer: int, i: int, j: int) -> Gates:
        if t.pair.tied:
            return self._stored[layer, i, j], self._stored[layer, i, j]
        return self._stored[layer, 2 * i, j], self._stored[layer, 2 * i + 1, j]

    @cached_property
    def _stored(self) -> dict[tuple[int, int, int], str]:
        found = {}
        for layer in (1, 2):
            (part,) = (i for i in self.dut.cell.instances if i.name == f"layer{layer}")
            for row, col, path in storage_nodes(part.cell):
                found[layer, row, col] = self.dut.inner(f"{part.name}.{path}")
        return found


def _node(port: str) -> str:
    stem, number = port[0], port[1:].rstrip("pn")
    if stem in STEMS and number.isdigit():
        return STEMS[stem].format(n=number, side=port[-1])
    return REST_NET if port == REST_NET else port


def _upright(t: Trainer, j: int) -> tuple[str, ...]:
    """The row that is the column itself."""
    return (f"vrow{j} r2p_{j} h_{j} 0",)


def _none(t: Trainer, k: int) -> tuple[str, ...]:
    return ()


def _no_synapse(t: Trainer, layer: int, i: int, j: int) -> tuple[str, ...]:
    return ()
