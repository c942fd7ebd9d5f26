"""The testbench of a current mirror: a current into `in`, every output held at one drain voltage.

Random mismatch is not in these numbers: they are the systematic part, channel length modulation included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.circuit import Mos

from .dut import Dut
from .flat_devices import flat_devices
from .measured import Measured, Metric
from .ngspice import circuit
from .transfer import TransferSettings

INPUT = "in"


class Settings(TransferSettings):
    """Where the mirror is measured."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Output currents; `gain_error_<out>` is I_out/(ratio I_in) - 1, `gain_error` the largest."""
    squares = _squares(dut)
    outs = [net for net in squares if net != INPUT]
    sign = -1.0 if _mos(dut)[0].device.is_p else 1.0
    i_in = settings.i_square * squares[INPUT]
    held = [f"v_{p} {p} 0 {sign * settings.v_ds if p in outs else 0}" for p in dut.ports if p != INPUT]
    with circuit(dut.deck(f"i_in 0 {INPUT} {sign * i_in}", *held)) as loaded:
        op = loaded.op()
    currents = {net: -sign * float(op[f"v_{net}#branch"]) for net in outs}
    errors = {net: i / (i_in * squares[net] / squares[INPUT]) - 1 for net, i in currents.items()}
    metrics = {"i_in": Metric(i_in, "A"), **{f"i_{net}": Metric(i, "A") for net, i in currents.items()}}
    metrics |= {f"gain_error_{net}": Metric(e, "frac") for net, e in errors.items()}
    metrics["gain_error"] = Metric(max(errors.values(), key=abs), "frac")
    metrics["v_in"] = Metric(sign * float(op[INPUT]), "V")
    return Measured(metrics)


def _mos(dut: Dut) -> list[Mos]:
    flat = [f for f in flat_devices(dut.cell.circuit) if f.nets.get("g") == INPUT]
    return [f.device for f in flat if isinstance(f.device, Mos)]


def _squares(dut: Dut) -> dict[str, float]:
    """W/L on each drain net, in squares; the input first."""
    found: dict[str, float] = {}
    for flat in flat_devices(dut.cell.circuit):
        if isinstance(flat.device, Mos) and flat.nets["g"] == INPUT:
            squares = flat.device.w_um * flat.device.m / flat.device.l_um
            found[flat.nets["d"]] = found.get(flat.nets["d"], 0.0) + squares
    return dict(sorted(found.items(), key=lambda item: item[0] != INPUT))
