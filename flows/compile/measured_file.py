"""What was measured of every die, as a file that any training framework can read: `measured.json`.

`format` names the form, `formula` says how the numbers enter, `step` is what a code of 1 is worth, `most` the largest
code. `families` holds, for each family of mismatch models, `positive` and `negative` (layers x dies x inputs + 1, the
bias last) and `output` (dies x outputs).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analoom.flows.compile.targets.record import Target
from analoom.flows.files.outputs import write_json

FORMAT = "analoom measured dies 1"
FORMULA = (
    "x[0] = inputs, 0 to 1, and a bias of 1 behind them; "
    "sum[k][j] = step * sum over i of x[k][i] * (positive[k][i] * max(c, 0) + negative[k][i] * min(c, 0)), "
    "with c = code[k][i][j], a whole number of -most to most; "
    "x[k + 1] = max(sum[k], 0), and a bias of 1 behind them; "
    "outputs[j] = output[j] * sum[last][j]; the largest is the class"
)


def write_measured(families: Mapping[str, Mapping[str, Any]], dims: tuple[int, ...], target: Target, at: Path) -> Path:
    """Writes the file; `families` as `join` makes them."""
    about = {"format": FORMAT, "formula": FORMULA, "target": target.name, "dims": list(dims)}
    grid = {"step": target.grid.step, "most": target.grid.most}
    return write_json(at, {**about, **grid, "families": families})


def joined(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The gains of dies measured in several tasks as one, in the order of the tasks."""
    layers = range(len(parts[0]["positive"]))
    paths = {
        name: [[die for part in parts for die in part[name][k]] for k in layers] for name in ("positive", "negative")
    }
    return {**paths, "output": [die for part in parts for die in part["output"]]}
