"""How long a weight's plates take to rest, in ngspice: one tile, its sum held by a source.

Held, the sum takes the whole charge of the units, as it does when other tiles pull the other way. The cases: plates
that follow a step of the input, to full scale and to where the switches conduct least, and plates at vcm that the sum
pulls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import Corner
from analoom.pdk.errors import ToolError

from .cycle import ACCURATE, EDGE_S, Settings, Timed, source
from .transient import Node
from .unit import bit_of, reset_ohm, weakest_levels
from .weights import spec_of

Values = NDArray[np.float64]

_START_S, _STEP_S = 1e-9, 2e-11
_FIRST_S, _DOUBLINGS = 5e-8, 8
"""The transient is this long at first, and twice as long until the plates rest in its last quarter."""
_RESET_TAUS = 14.0
"""Time constants of a reset: exp(-14) is a millionth."""
_WIRES = 1.5
"""What a cycle is longer by than the slowest plates take without their wires, where no time is given."""
_FINE_LSB = 1 / 64
"""What the slowest plates may lack at the sample, where no time is given."""
_LEAST_S = 5e-9


@dataclass(frozen=True)
class Settling:
    """Time until the slowest plates are within half an LSB of the sum, and within `_FINE_LSB`, s."""

    half_lsb_s: float
    fine_s: float


def timing(settings: Settings, switches: Dut, node: Node, slowest_s: Settling) -> Timed:
    """The cycle with the times that are not given: by the reset switch on the sum's node, and by the slowest plates."""
    given = settings.model_dump()
    reset_s = max(_RESET_TAUS * reset_ohm(switches, settings) * node.whole_f, _LEAST_S)
    settle_s = max(_WIRES * slowest_s.fine_s, _LEAST_S)
    known = {"t_reset": settings.t_reset or reset_s, "t_settle": settings.t_settle or settle_s}
    return Timed(**{**given, **known})


def tile_settling(cell: Cell, corner: Corner, temp_degc: float, settings: Settings) -> Settling:
    """Time until the plates' mean by weight stays near where it ends. Raises ToolError where it takes too long."""
    spec, tile = spec_of(cell), cell.instances[0].cell.instances[0].cell
    dut = make_dut(tile, "schematic", corner, temp_degc)
    shares = {-1.0, 1.0, *weakest_levels(bit_of(cell, corner, temp_degc), settings)}
    cases = [_driven(tile, settings, 1, {"x": -share, "xb": share}) for share in shares]
    if spec.variant == "complementary":
        cases += [_driven(tile, settings, 0, {"top": share}) for share in (-1.0, 1.0)]
    found = [_slowest(dut, settings, lines) for lines in cases]
    return Settling(max(f.half_lsb_s for f in found), max(f.fine_s for f in found))


def _driven(tile: Cell, settings: Settings, bit: int, steps: Mapping[str, float]) -> list[str]:
    """The sources of a tile whose latches let `bit` through, `steps` of full scale by port."""
    ends, outs = ({i.nets[port] for i in tile.instances if port in i.nets} for port in "dq")
    high = {"vdd", "ck1", "ck2", *(ends if bit else ())}
    mid = {"x", "xb", "vcm", "top"}
    rest = [p for p in tile.circuit.ports if p not in steps and (p not in outs or p in ends)]
    lines = [source(p, settings.vcm if p in mid else settings.vdd if p in high else 0.0) for p in rest]
    return lines + [source(p, _step(settings, sign)) for p, sign in steps.items()]


def _slowest(dut: Dut, settings: Settings, lines: list[str]) -> Settling:
    spec = spec_of(dut.cell)
    lsb_v = settings.swing / (spec.inputs * spec.largest)
    with circuit(dut.deck(*lines, ACCURATE)) as loaded:
        for doubling in range(_DOUBLINGS):
            span_s = _FIRST_S * 2**doubling
            found = loaded.run(f"tran {_STEP_S * 2**doubling} {_START_S + span_s}")
            plates = np.stack([found[dut.inner(f"b{k}")] for k in range(spec.bits - 1)])
            mean = np.average(plates, axis=0, weights=spec.weights)
            fine_s = _late(found["time"], mean, _FINE_LSB * lsb_v)
            if fine_s < 0.75 * span_s:
                return Settling(_late(found["time"], mean, lsb_v / 2), fine_s)
    said = f"the plates of {dut.name} do not settle within {span_s:g} s"
    raise ToolError(said, field="ngspice", remedy="wider switches (w_select), or a smaller unit")


def _late(time: Values, wave: Values, within_v: float) -> float:
    """The last time after the step at which `wave` is not within `within_v` of its end, s."""
    late = time[np.abs(wave - wave[-1]) > within_v]
    return max(float(late[-1]) - _START_S, 0.0) if late.size else 0.0


def _step(settings: Settings, sign: float) -> list[tuple[float, float]]:
    """From vcm to full scale at `_START_S`."""
    return [(0.0, settings.vcm), (_START_S, settings.vcm), (_START_S + EDGE_S, settings.vcm + sign * settings.swing)]
