"""The weights of a charge-domain multiplier: integers from a file, bits in latches, and whether those hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut
from analoom.generators.charge_mac.charge_mac import weight_nodes
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.errors import InputError, ToolError

Values = NDArray[np.float64]

_MASTER = (".m", "_m", ".mb", "_mb")
HELD_V = 0.1
"""How near to its rail a latch must stay, V."""


def spec_of(cell: Cell) -> ChargeMacSpec:
    """The spec of a charge-domain multiplier. Raises InputError for any other cell."""
    if not isinstance(cell.spec, ChargeMacSpec):
        raise InputError(f"{cell.name} is no charge_mac", field="name")
    return cell.spec


def checked_weights(spec: ChargeMacSpec, weights: Values | None) -> Values:
    """Integers, (outputs, inputs); the default pattern where none are given.

    Raises InputError for numbers that are no integers, out of range, or of another shape.
    """
    if weights is None:
        return pattern(spec)
    shape, given = (spec.outputs, spec.inputs), np.asarray(weights, dtype=float)
    if given.shape != shape:
        said = f"weights of shape {given.shape}: must be {shape}, outputs x inputs"
        raise InputError(said, field="weights")
    wrong = (given != np.round(given)) | (np.abs(given) > spec.largest)
    if wrong.any():
        j, i = (int(n) for n in np.argwhere(wrong)[0])
        said = f"weight [{j}, {i}] = {given[j, i]:g}: must be an integer from -{spec.largest} to {spec.largest}"
        raise InputError(said, field="weights", remedy=f"scale the weights, or more bits than {spec.bits}")
    return given


def pattern(spec: ChargeMacSpec) -> Values:
    """Weights that run over all codes, (outputs, inputs): a ramp over the inputs, turned by one input an output."""
    ramp = np.round(np.linspace(-spec.largest, spec.largest, spec.inputs)) if spec.inputs > 1 else [spec.largest]
    return np.array([np.roll(ramp, j) for j in range(spec.outputs)], dtype=float)


def bits_of(weights: Values, spec: ChargeMacSpec) -> NDArray[np.int64]:
    """Stored bits, (outputs, inputs, bits): the magnitude from its least bit up, then the sign (1: negative)."""
    magnitude = np.abs(weights).astype(np.int64)
    bits = [(magnitude >> k) & 1 for k in range(spec.bits - 1)]
    return np.stack([*bits, (weights < 0).astype(np.int64)], axis=-1)


def nodesets(dut: Dut, weights: Values, vdd: float) -> list[str]:
    """The lines that start both latches of every bit where its weight wants them, whatever the analysis."""
    nodes = list(_latch_nodes(dut, weights))
    return [f"{line} v({node})={vdd * bit!r}" for line in (".nodeset", ".ic") for node, bit in nodes]


def require_held(dut: Dut, weights: Values, result: Mapping[str, Values], vdd: float) -> None:
    """Raises ToolError, with their number, when latches have lost their bits at the end of a simulation.

    The masters need not hold theirs: only what drives switches counts.
    """
    slaves = [(node, bit) for node, bit in _latch_nodes(dut, weights) if not node.endswith(_MASTER)]
    lost = [node for node, bit in slaves if abs(float(np.atleast_1d(result[node])[-1]) - vdd * bit) > HELD_V]
    if lost:
        said = f"{len(lost)} nodes of latches do not hold their bits, the first is {lost[0]}"
        raise ToolError(said, field="ngspice", remedy="a corner, temperature and supply where the latches are stable")


def _latch_nodes(dut: Dut, weights: Values) -> Iterator[tuple[str, int]]:
    """ngspice's name of every node of the latches, and the bit that it holds."""
    bits = bits_of(weights, spec_of(dut.cell))
    for j, i, k, path, nets in weight_nodes(dut.cell):
        bit = int(bits[j, i, k])
        for net, value in ((nets["q"], bit), (f"{path}.s", 1 - bit), (f"{path}.m", bit), (f"{path}.mb", 1 - bit)):
            yield net if net in dut.ports else dut.inner(net), value
