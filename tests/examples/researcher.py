"""A researcher's trained weights on a drawn crossbar: what the layout and mismatch leave of the network's accuracy.

python tests/examples/researcher.py [FOLDER [VECTORS]]

One layer for scikit-learn's 8 x 8 digits, 64 pixels and a constant to 10 classes, on signed cells; the class is the
column with the largest current.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from analoom import build_files, map_weights, write_mapping
from analoom.flows.systems.crossbar import array_reader
from analoom.pdk.mismatch.terms import random_terms

work = Path(sys.argv[1] if len(sys.argv) > 1 else "out/examples/researcher")
vectors = int(sys.argv[2]) if len(sys.argv) > 2 else 120
x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16, y, test_size=0.3, random_state=1, stratify=y)
net = LogisticRegression(C=0.1, max_iter=1000).fit(x_train, y_train)
weights = np.column_stack([net.coef_, net.intercept_])  # outputs x inputs, the constant last

synapse = {"cell": "synapse_cs", "l": 2.0, "w_n": 0.5, "w_p": 1.0}
mapped = map_weights(weights, "crossbar", {"synapse": synapse})
print(f"{mapped.cell.name}: {mapped.cell.area_um2:.0f} um2, {build_files(mapped.cell, work).files['gds']}")
print(f"weights off by {100 * mapped.error_rms:.2g} % of full scale rms")
print(write_mapping(mapped, work / "weights_v.npy")["weights"], "(for sim, mismatch, flow and sweep)")

shown, labels = np.column_stack([x_test, np.ones(len(x_test))])[:vectors], y_test[:vectors]
inputs = shown * mapped.worth.v_read  # V on the rows
print(f"software      {np.mean((shown @ weights.T).argmax(1) == labels):7.1%} of {len(labels)} digits")
for lines in ("ideal", "drawn"):
    reader = array_reader(mapped.cell, lines=lines)
    classes = mapped.worth.outputs(reader.read(mapped.stored, inputs)).argmax(1)
    print(f"{lines} lines   {np.mean(classes == labels):7.1%}")

rng, dies = np.random.default_rng(1), 8
for family in ("continuous", "binned"):
    right = []
    for _ in range(dies):
        draws = []
        for read in reader.devices:  # the thresholds of each cell's read transistors
            terms = random_terms(read.device.device, read.device.w_um, read.device.l_um, model=family)
            draws.append(rng.normal(0, terms.get("delvto", terms.get("vth0")), mapped.stored.shape))
        read_out = mapped.worth.outputs(reader.read(mapped.stored, inputs, np.array(draws)))
        right.append(np.mean(read_out.argmax(1) == labels))
    print(f"{family:12}  {np.mean(right):7.1%} over {dies} dies, the worst {min(right):.1%}")
