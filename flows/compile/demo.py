"""The demo's network: irises, trained here in software, then compiled and judged on dies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analoom.flows.files.outputs import OUT, whole_file

from .given.ready_sets import ready_set
from .options import CompileOptions
from .run import compile_network

SET, HIDDEN = "iris", 7
OPTIONS = CompileOptions(dies=20, drc_engines=("fast",), lvs_engines=("fast",), extract=False)
RANDOM_STATE = 0


def with_network(done: Mapping[str, Any], root: Path | None, step: Callable[[str], None]) -> dict[str, Any]:
    """The demo's JSON with a compiled network as `network`; results go to `root/demo_iris`, by default in `out`."""
    folder = Path(root or OUT) / "demo_iris"
    net = write_network(folder / "iris.npz")
    report = compile_network(net, SET, OPTIONS, folder, workers=0, step=lambda name: step(f"{SET}: {name}")).to_json()
    seconds = round(done["seconds"] + report["seconds"], 3)
    return {**done, "clean": done["clean"] and report["clean"], "network": report, "seconds": seconds}


def write_network(path: Path) -> Path:
    """A network of one hidden layer, trained by scikit-learn on the set's part to train, as a .npz."""
    from sklearn.neural_network import MLPClassifier

    data = ready_set(SET, OPTIONS.seed)
    net = MLPClassifier((HIDDEN,), solver="lbfgs", alpha=1e-3, max_iter=2000, random_state=RANDOM_STATE)
    net.fit(data.x_train, data.y_train)
    arrays = {f"w{k}": w.T for k, w in enumerate(net.coefs_, 1)} | {
        f"b{k}": b for k, b in enumerate(net.intercepts_, 1)
    }
    with whole_file(path) as draft:
        np.savez(draft, **arrays)
    return path


def line(network: Mapping[str, Any]) -> str:
    """The demo's line of the network: what it is on, and the accuracy in software and over dies."""
    dims, mapped = "-".join(map(str, network["network"]["dims"])), network["mapping"]
    dies = "; ".join(f"{name} {_words(kinds)}" for name, kinds in network["accuracy"].items())
    software = f"{100 * mapped['software_accuracy']:.1f} % in software"
    state = "clean" if network["clean"] else "NOT CLEAN"
    return f"{SET} {dims} on {network['cell']}, {state}: {software}; {dies}, {network['seconds']:.1f} s"


def _words(kinds: Mapping[str, Mapping[str, float]]) -> str:
    aware, unaware = (100 * kinds[kind]["mean"] for kind in ("aware", "unaware"))
    return f"{aware:.1f} % over {kinds['aware']['dies']} dies trained one by one, {unaware:.1f} % otherwise"
