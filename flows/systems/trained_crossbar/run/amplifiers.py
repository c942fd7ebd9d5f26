"""The drawn amplifier of every hidden column in the netlist of training, as its circuit or as extracted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.models import sizes_of
from analoom.flows.systems.trained_crossbar.amplifier.settings import AmplifierSettings
from analoom.flows.systems.trained_crossbar.amplifier.stand import tail_current_a, tail_diode
from analoom.flows.systems.trained_crossbar.solver.pair import REST_V
from analoom.flows.systems.trained_crossbar.solver.training import Trainer
from analoom.pdk.corners import VDD_V

from .deck_blocks import IDEAL, REST, Blocks
from .placed import SLOW_S

GATE_V = 0.66
"""Where the gates of the output stage begin: near where they are at rest, or the first sample would find a column that
the charging of their capacitor has moved."""


def with_amplifiers(dut: Dut, blocks: Blocks = IDEAL) -> Blocks:
    """`blocks` with that amplifier; its upright output is the column. It brings supply, bias and a slow clock."""
    diode = replace(tail_diode(dut.cell), nets={"d": "amp_bias", "g": "amp_bias", "s": "0", "b": "0"})
    before = (
        f'.include "{dut.library}"',
        flat_parameters(sizes_of(dut.cell.circuit)),
        with_flat_lines(dut.text),
        f"v_amplifiers amp_vdd 0 {VDD_V!r}",
        f"i_amplifiers 0 amp_bias {tail_current_a(dut.cell, AmplifierSettings())!r}",
        with_flat_lines(diode.spice()),
    )
    nodes = {"rest": REST, "bias": "amp_bias", "vdd": "amp_vdd", "vss": "0"}

    def lines(trainer: Trainer, j: int) -> Iterator[str]:
        own = {"in": f"h_{j}", "outn": f"r2n_{j}"}
        yield f"v_wire{j} h_{j} r2p_{j} 0"
        yield " ".join([f"xamp{j}", *((own | nodes)[port] for port in dut.ports), dut.name])
        yield f".ic v(r2n_{j})={REST_V!r} v(xamp{j}.y)={GATE_V!r}"

    return replace(blocks, amplifier=lines, before=(*blocks.before, *before), phase_s=SLOW_S)
