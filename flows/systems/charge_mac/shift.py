"""The weights of a charge-domain multiplier shifted in through its chain, in ngspice: every latch starts empty.

For each bit `din` is set, then ck1 lets the masters take what is before them, then ck2 the slaves; never both at once.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.charge_mac.charge_mac import shift_order

from .cycle import ACCURATE, EDGE_S, Settings, loads, source
from .transient import charges
from .weights import bits_of, checked_weights, nodesets, require_held, spec_of

Values = NDArray[np.float64]
Points = list[tuple[float, float]]

PERIOD_S = 4e-9
"""Time for a bit: a quarter of it each for ck1, a pause, ck2 and another pause."""
_STEP_S = 5e-11


def shift_in(dut: Dut, settings: Settings, weights: Values) -> float:
    """Shifts `weights` (outputs, inputs) in; the energy it took, J. Raises ToolError when they do not arrive."""
    spec = spec_of(dut.cell)
    stored, empty = checked_weights(spec, weights), np.zeros((spec.outputs, spec.inputs))
    train = bit_train(dut.cell, stored)
    bench = [*_rest(dut, settings), *_clocks(settings, len(train)), _data(settings, train)]
    bench += [*loads(settings, spec.outputs), *nodesets(dut, empty, settings.vdd), ACCURATE]
    with circuit(dut.deck(*bench, bulk=False)) as loaded:
        found = loaded.run(f"tran {_STEP_S} {len(train) * PERIOD_S}")
    require_held(dut, stored, found, settings.vdd)
    return sum(charges(found).values()) * settings.vdd


def bit_train(cell: Cell, weights: Values) -> list[int]:
    """The bits in the order in which they go in: the first one travels to the end of the chain."""
    bits = bits_of(weights, spec_of(cell))
    return [int(bits[place]) for place in reversed(shift_order(cell))]


def _rest(dut: Dut, settings: Settings) -> list[str]:
    """Supplies, inputs at vcm, reset on."""
    moving = {"din", "dout", "ck1", "ck1b", "ck2", "ck2b"}
    high = {"vdd": settings.vdd, "rst": settings.vdd, "smp": settings.vdd, "rstb": 0.0, "smpb": 0.0, "vss": 0.0}
    still = [p for p in dut.ports if p not in moving and not p.startswith("out")]
    return [source(p, high.get(p, settings.vcm)) for p in still]


def _clocks(settings: Settings, count: int) -> list[str]:
    lines = []
    for net, at_s in (("ck1", PERIOD_S / 8), ("ck2", PERIOD_S * 5 / 8)):
        for end, rest, active in (("", 0.0, settings.vdd), ("b", settings.vdd, 0.0)):
            points: Points = [(0.0, rest)]
            for k in range(count):
                on_s = k * PERIOD_S + at_s
                off_s = on_s + PERIOD_S / 4
                points += [(on_s, rest), (on_s + EDGE_S, active), (off_s, active), (off_s + EDGE_S, rest)]
            lines.append(source(f"{net}{end}", points))
    return lines


def _data(settings: Settings, train: list[int]) -> str:
    """`din` changes at the start of each period, when both clocks are off."""
    points: Points = [(0.0, settings.vdd * train[0])]
    for k, (before, bit) in enumerate(pairwise(train), 1):
        points += [(k * PERIOD_S, settings.vdd * before), (k * PERIOD_S + EDGE_S, settings.vdd * bit)]
    return source("din", points)
