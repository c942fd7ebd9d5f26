"""What was measured of every die, as a file that any training framework can read: `measured.json`.

`measured_form` says what it holds. It is written with every network that is judged on dies, and read back whole: a file
that does not fit its own dims is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analoom.flows.compile.targets.record import Target
from analoom.flows.compile.training.known import Known
from analoom.flows.files.outputs import write_json
from analoom.pdk.errors import InputError, SpecError

from .measured_form import AXES, CODES, FORMAT, LEFT, NOISE, UNITS, MeasuredDies, axes_of

MOST_BYTES = 2**30


def write_measured(
    families: Mapping[str, Mapping[str, Any]],
    fields: Mapping[str, Any],
    dims: tuple[int, ...],
    target: Target,
    designed: Known,
    noise: float,
    at: Path,
) -> Path:
    """Writes the file.

    `families`: of each what was measured, as `joined` makes it, `codes`, `left` and what was `drawn`. `designed`: what
    is known of a die before it is measured. `noise`: sigma of a code of 1 in training, in codes.
    """
    steps, bounds = list(designed.over(target.grid.step).steps), target.bounds_of(dims, target.parsed(fields))
    about: dict[str, Any] = {
        "format": FORMAT,
        "formula": designed.formula,
        "target": target.name,
        "fields": dict(fields),
        "dims": list(dims),
        "steps": steps,
        **({"step": target.grid.step} if set(steps) == {target.grid.step} else {}),
        "most": target.grid.most,
        "levels": target.levels,
        "ranges": {"inputs": [0.0, 1.0], "signals": list(bounds.signals), "sums": list(bounds.sums)},
    }
    axes = _axes(designed, dims)
    units = {name: words for name, words in UNITS.items() if name not in AXES or name in axes}
    one = {name: [np.asarray(v, float).tolist() for v in values] for name, values in designed.by_layer().items()}
    one |= {name: np.asarray(values, float).tolist() for name, values in designed.by_die().items()}
    about |= {"axes": axes, "units": units, "noise": {"sigma": noise, "formula": NOISE}}
    whole = {**about, "designed": one, "families": families}
    MeasuredDies.parse(whole)
    return write_json(at, whole)


def read_measured(path: Path) -> MeasuredDies:
    """The file, checked. Raises InputError for what is no such file, SpecError by field, value and bound."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} has more than {MOST_BYTES} bytes", field="measured", remedy="fewer dies a file")
        held = json.loads(path.read_text())
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", field="measured", remedy=REMEDY) from None
    except (ValueError, RecursionError):
        raise InputError(f"{path} is not JSON", field="measured", remedy=REMEDY) from None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        found = held.get("format") if isinstance(held, dict) else None
        raise SpecError("format", found, repr(FORMAT), instead=REMEDY)
    return MeasuredDies.parse(held)


REMEDY = "the measured.json of `analoom compile NET --data DATA`, made by this version"


def _axes(designed: Known, dims: Sequence[int]) -> dict[str, tuple[str, ...]]:
    """Of all that is measured by layer and by die, and of the codes."""
    layers = {name: axes_of(name, np.shape(values[0]), dims) for name, values in designed.by_layer().items()}
    dies = {name: AXES.get(name, ("die", "output")) for name in designed.by_die()}
    return {**layers, **dies, CODES: AXES[CODES]}


def joined(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What was measured of dies in several tasks as one, in the order of the tasks."""
    layers, dies = ([part[form] for part in parts] for form in ("by_layer", "by_die"))
    found = {
        name: [[die for part in layers for die in part[name][k]] for k in range(len(of_layers))]
        for name, of_layers in layers[0].items()
    }
    return {**found, **{name: [die for part in dies for die in part[name]] for name in dies[0]}}


def family_of(measured: Mapping[str, Any], codes: Any, left: Sequence[float], drawn: Sequence[Any]) -> dict[str, Any]:
    """What the file holds of a family; `drawn`: (dies, seed) of each lot that was measured."""
    return {**measured, CODES: codes, LEFT: list(left), "drawn": [list(lot) for lot in drawn], "dies": len(left)}
