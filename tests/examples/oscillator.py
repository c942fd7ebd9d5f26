"""A damped oscillation computed by one weighted sum and two integrators, against the closed form.

tau^2 q'' + 0.4 tau q' + q = 2 MU, from rest: out = 0.4 p - q + 2 with p = -tau q', and both integrators invert. All
amplifiers are drawn; the integrators' resistors and capacitors are ideal, tau = 10 us.
"""

import numpy as np

from analoom import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.weighted_sum.settings import Settings
from analoom.flows.systems.weighted_sum.stand import Stand
from analoom.pdk.corners import corner

TAU_S, MU_V, DAMPING, FINAL_MU = 1e-5, 0.1, 0.2, 2.0
SUM = {"coefficients": (2 * DAMPING, -1.0), "constant": FINAL_MU, "input_range": 3.5, "r_unit": 6e4}


def computed():
    """Time (s) and q (MU) of the drawn sum."""
    cell = build("weighted_sum", SUM)
    stand = Stand(make_dut(cell, "schematic", corner("tt"), 27.0), Settings())
    amplifier = next(i.cell.circuit for i in cell.instances if i.name == "sum")
    lines = [*stand.around(), ".ic v(in1)=0.9 v(in2)=0.9"]
    for k, (drive, out) in enumerate((("out", "in1"), ("in1", "in2"))):
        nets = {"inp": "mid", "inn": f"inn{k}", "out": out, "bias": f"bias{k}", "vdd": "vdd", "vss": "vss"}
        lines += [f"xint{k} {' '.join(nets[port] for port in amplifier.ports)} {amplifier.name}"]
        lines += [f"i_int{k} vdd bias{k} {cell.spec.i_bias!r}", f"r_int{k} {drive} inn{k} 1e5"]
        lines += [f"c_int{k} inn{k} {out} {TAU_S / 1e5!r}"]
    with circuit(stand.dut.deck(*lines)) as loaded:
        found = loaded.run(f"tran {TAU_S / 50!r} {12 * TAU_S!r} 0 {TAU_S / 50!r}")
    return found["time"], (found["in2"] - found["mid"]) / MU_V


def exact(t):
    """q (MU) of the equation: the step response of a damped oscillator, as in any textbook."""
    ring = np.sqrt(1 - DAMPING**2)
    phase = ring * t / TAU_S
    return FINAL_MU * (1 - np.exp(-DAMPING * t / TAU_S) * (np.cos(phase) + DAMPING / ring * np.sin(phase)))


if __name__ == "__main__":
    t, q = computed()
    print(f"largest error {np.abs(q - exact(t)).max():.3f} MU of {exact(t).max():.2f} MU")
