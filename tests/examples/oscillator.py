"""An analog computer: a damped oscillation by one drawn sum and two integrators, against the closed form.

python tests/examples/oscillator.py

tau^2 q'' + 0.4 tau q' + q = u, for a step u of 2 MU (0.1 V each). The sum gives out = 0.4 p - q + u, an integrator
makes p = -tau q' of it, and another q of that. All three amplifiers are the circuit of one drawing; the integrators'
resistors and capacitors are ideal. Told beside the error is what it would be if a loop of ideal parts were as short of
gain, and as late, as this one is for a small signal of 1/tau.
"""

import numpy as np

from analoom import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.weighted_sum.settings import Settings
from analoom.flows.systems.weighted_sum.stand import Stand
from analoom.pdk.corners import corner

TAU_S, DAMPING, STEP_MU, MU_V, R_OHM = 1e-5, 0.2, 2.0, 0.1, 1e5
START_S, EDGE_S, END_S = TAU_S / 10, TAU_S / 1000, TAU_S * (0.1 + 4 * np.pi)  # two periods after the step
SUM = {"coefficients": (2 * DAMPING, -1.0, 1.0), "constant": 0, "input_range": 2.9, "r_unit": 6e4}


def wired():
    """The deck: the bench of the sum, with integrators from its output to its first two inputs and u on the third."""
    cell = build("weighted_sum", SUM)
    stand = Stand(make_dut(cell, "schematic", corner("tt"), 27.0), Settings())
    amplifier = next(part.cell.circuit for part in cell.instances if part.name == "sum")
    step = f"v_u in3 mid dc 0 ac 1 pulse(0 {STEP_MU * MU_V} {START_S} {EDGE_S})"
    lines = [*stand.around(), step, ".nodeset " + " ".join(f"v({n})=0.9" for n in ("out", "in1", "in2", "n1", "n2"))]
    for k, source in ((1, "out"), (2, "in1")):
        nets = {"inp": "mid", "inn": f"n{k}", "out": f"in{k}", "bias": f"bias{k}", "vdd": "vdd", "vss": "vss"}
        lines += [f"x{k} {' '.join(nets[port] for port in amplifier.ports)} {amplifier.name}"]
        lines += [f"i{k} vdd bias{k} {cell.spec.i_bias}", f"r{k} {source} n{k} {R_OHM}"]
        lines += [f"c{k} n{k} in{k} {TAU_S / R_OHM}"]
    return stand.dut.deck(*lines)


def exact(t, damping=DAMPING, faster=1.0):
    """The answer to the step (MU) at t by tau, as in any textbook, and of an oscillator that is `faster`."""
    ring = np.sqrt(1 - damping**2)
    decay, phase = np.exp(-damping * faster * t), ring * faster * t
    return STEP_MU * (1 - decay * (np.cos(phase) + damping / ring * np.sin(phase)))


with circuit(wired()) as loaded:
    found = loaded.run(f"tran {TAU_S / 20} {END_S} 0 {TAU_S / 20}")
    small = loaded.run(f"ac lin 1 {1 / (2 * np.pi * TAU_S)} {1 / (2 * np.pi * TAU_S)}")
t = np.maximum(found["time"] - START_S - EDGE_S / 2, 0) / TAU_S
q = (found["in2"] - found["mid"]) / MU_V
error = np.abs(q - exact(t)).max()
print(f"largest error {error:.4f} MU of {q.max():.2f} MU, over two periods of {2e6 * np.pi * TAU_S:.0f} us")

gain = -small["in2"] / (2 * DAMPING * small["in1"] - small["in2"] + 1)  # of all three in a row, 1 if ideal
short, late = (1 - abs(gain)).item(), -np.angle(gain).item()
squared, slope = (np.array([1, 2 * DAMPING - late]) * (1 - short)) / (1 - 2 * DAMPING * late)
expected = np.abs(exact(t, slope / (2 * np.sqrt(squared)), np.sqrt(squared)) - exact(t)).max()
print(f"expected {expected:.4f} MU, of a loop {short:.2%} short of gain and {late:.4f} tau late")
