"""What is taught in rows of some length: updates of a drawn 2-2-1 against those of its circuit at rest.

Weights are held by 20 pF each, so that what a row brings them is the charge of its updates, and the answers of the
network are those of the same weights throughout. Rows of the third epoch are read, by weight, and held against the
currents at the end of rows of 60 us: the cosine of the two, of the weights of hidden neurons and of the output's. One
would be updates that owe nothing to the row before. `python tests/benchmarks/backprop_rows.py`.
"""

import tempfile
from pathlib import Path

import numpy as np

from analoom import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.post_layout import with_wires
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.backprop.training_lines import sources
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.generators.backprop.circuits import weights
from analoom.pdk.corners import corner

HELD_F, EPOCHS = 20e-12, 3
WEIGHTS_V = 0.7 + np.array([0.09, -0.12, 0.02, -0.11, -0.08, 0.06, 0.25, 0.2, -0.05])
AT_REST = {"t_row": 60e-6, "teach": 0.2, "teach_from": 0, "teach_to": 1}
ASKED = (
    {"t_row": 2e-6, "teach": 0.2, "teach_from": 0, "teach_to": 1},
    {"t_row": 4e-6, "teach": 0.2, "teach_from": 0, "teach_to": 1},
    {"t_row": 4e-6, "teach": 1.0, "teach_from": 0.1, "teach_to": 0.2},
    {"t_row": 4e-6, "teach": 1.0, "teach_from": 0.1, "teach_to": 0.25},
    {"t_row": 4e-6, "teach": 1.0, "teach_from": 0.1, "teach_to": 0.3},
    {"t_row": 4e-6, "teach": 1.0, "teach_from": 0.75, "teach_to": 0.95},
)


def courses(dut, asked):
    """Times (s) and weights (V) of three epochs, all taught."""
    spec = dut.cell.spec
    settings = TrainingSettings(**asked, epochs=EPOCHS + 1, test_every=EPOCHS + 1, hold=1)
    nets = [dut.inner(net) for net in weights(spec)]
    lines = [*sources(spec, settings)]
    lines += [f".ic v({net})={v!r}" for net, v in zip(nets, WEIGHTS_V.tolist(), strict=True)]
    lines += [f"c_held{k} {net} 0 {HELD_F!r}" for k, net in enumerate(nets)]
    lines.append(".save " + " ".join(f"v({net})" for net in nets))
    row = settings.t_row
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"tran {row / 50!r} {4 * EPOCHS * row!r} 0 {row / 40!r}")
    return found["time"], np.array([found[net] for net in nets])


def moved(course, row_s, start, end):
    """How far each weight moves in each row of the last epoch, between these parts of it, (weights, rows) V."""
    time, w = course
    at = row_s * (4 * (EPOCHS - 1) + np.arange(4))
    before, after = (np.array([np.interp(at + part * row_s, time, one) for one in w]) for part in (start, end))
    return after - before


def cosine(a, b):
    return (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())


def main():
    cell = build("backprop_network", hidden=2)
    hidden = cell.spec.hidden * (cell.spec.inputs + 1)
    with tempfile.TemporaryDirectory() as folder:
        wires = with_wires(cell, Path(folder), "tt")
        duts = {"schematic": make_dut(cell, "schematic", corner("tt"), 27.0)}
        duts["with its wires"] = make_dut(cell, "post", corner("tt"), 27.0, wires)
        rest = moved(courses(duts["schematic"], AT_REST), AT_REST["t_row"], 0.9, 0.98)
        print("| rows | teach | fC of teach a row |", " | ".join(duts), "|\n|---|---|---|---|---|")
        for asked in ASKED:
            taught = asked["teach_to"] - asked["teach_from"]
            charge = asked["teach"] * cell.spec.i_bias * taught * asked["t_row"]
            told = []
            for dut in duts.values():
                q = moved(courses(dut, asked), asked["t_row"], 0.0, 1.0)
                told.append(f"{cosine(q[:hidden], rest[:hidden]):.2f}, {cosine(q[hidden:], rest[hidden:]):.2f}")
            part = f"{asked['teach']:g}, {asked['teach_from']:g} to {asked['teach_to']:g}"
            print(f"| {asked['t_row'] * 1e6:g} us | {part} | {charge * 1e15:.0f} |", " | ".join(told), "|", flush=True)


if __name__ == "__main__":
    main()
