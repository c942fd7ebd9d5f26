"""The loop of each amplifier in a sum, cut by calculation: phase margin and where the loop's gain is one.

A current into the inverting input says what the amplifier makes of that node, one into its output what the resistors
bring back of that one; the product is the loop's gain, each with the load of the other.
"""

from __future__ import annotations

import numpy as np

from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.flows.systems.amplifier.open_loop import margins
from analoom.flows.systems.amplifier.response import BAND, Complex, decibel
from analoom.generators.weighted_sum.network import OUT, Stage

from .stand import Stand


def loops(stand: Stand) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`phase_margin` and `f_unity` of the amplifier with the least margin, and the gain of that loop."""
    found = [_loop(stand.moving, stage) for stage in stand.spec.network.stages]
    told = [margins(f, gain) for f, gain in found]
    least = min(range(len(found)), key=lambda k: told[k]["phase_margin"].value if "phase_margin" in told[k] else 360.0)
    f, gain = found[least]
    kept = {name: metric for name, metric in told[least].items() if name in ("phase_margin", "f_unity")}
    return kept, {"loop_gain": Curve(f, decibel(gain), "frequency (Hz)", "gain of the loop (dB)")}


def _loop(stand: Stand, stage: Stage) -> tuple[np.ndarray, Complex]:
    """Frequencies (points,) Hz and the loop's gain."""
    inn = stand.dut.inner(stage.inn)
    out = OUT if stage.out == OUT else stand.dut.inner(stage.out)
    probes = [f"i_probe_inn 0 {inn} dc 0 ac 0", f"i_probe_out 0 {out} dc 0 ac 0"]
    with circuit(stand.dut.deck(*stand.lines(), *probes)) as loaded:
        f, forward = _ratio(loaded, "i_probe_inn", out, inn)
        _, back = _ratio(loaded, "i_probe_out", inn, out)
    return f, -forward * back


def _ratio(loaded: Loaded, probe: str, of: str, by: str) -> tuple[np.ndarray, Complex]:
    loaded.alter(probe, "acmag", 1)
    found = loaded.run(f"ac {BAND}")
    loaded.alter(probe, "acmag", 0)
    return np.real(found["frequency"]), np.asarray(found[of] / found[by])
