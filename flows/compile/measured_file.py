"""What was measured of every die, as a file that any training framework can read: `measured.json`.

`format` names the form, `formula` says how the numbers enter, `steps` is what a code of 1 is worth in each layer, or
`step` in all of them, `most` the largest code. `families` holds, for each family of mismatch models, what the formula
names: lists of dies, or of layers of dies.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analoom.flows.compile.targets.record import Target
from analoom.flows.compile.training.known import Known
from analoom.flows.files.outputs import write_json

FORMAT = "analoom measured dies 1"


def write_measured(
    families: Mapping[str, Mapping[str, Any]], dims: tuple[int, ...], target: Target, designed: Known, at: Path
) -> Path:
    """Writes the file; `families` as `joined` makes them, `designed` what is known of a die before it is measured."""
    about = {"format": FORMAT, "formula": designed.formula, "target": target.name, "dims": list(dims)}
    steps = designed.over(target.grid.step).steps
    step = {"step": target.grid.step} if set(steps) == {target.grid.step} else {"steps": list(steps)}
    return write_json(at, {**about, **step, "most": target.grid.most, "families": families})


def joined(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What was measured of dies in several tasks as one, in the order of the tasks."""
    layers, dies = ([part[form] for part in parts] for form in ("by_layer", "by_die"))
    found = {
        name: [[die for part in layers for die in part[name][k]] for k in range(len(of_layers))]
        for name, of_layers in layers[0].items()
    }
    return {**found, **{name: [die for part in dies for die in part[name]] for name in dies[0]}}
