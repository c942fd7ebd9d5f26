"""A weighted sum of voltages: matched resistors of whole units, and one amplifier or several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name, register
from analoom.generators.amplifier.auto_zero import PHASES
from analoom.generators.amplifier.opamp import opamp
from analoom.generators.res_array.res_array import res_array
from analoom.generators.wiring.floorplan import Floorplan

from .network import MID, OUT, Network, Stage
from .spec import WeightedSumSpec
from .synthesis import front

SUPPLY_NM = 1500
SUPPLIES = ("vdd", "vss")


@register(
    WeightedSumSpec,
    system="weighted_sum",
    kind="weighted_sum",
    examples=[{"form": "three", "error": 0.01, "rows": 3}],
)
def weighted_sum(spec: WeightedSumSpec) -> Cell:
    """A weighted sum of voltages by one amplifier, or by three, with matched resistors of whole units.

    Pins: `in1`, `in2`, ...; `ref` on the reference where there is a constant; `mid`, from which all are counted; `out`;
    `bias` takes the bias currents of all amplifiers together; `vdd`, `vss`; of auto-zeroed amplifiers the phases `az`,
    `azb`, `run`, `runb`.
    """
    floor, made = Floorplan(cell_name("weighted_sum", spec)), spec.network
    array = floor.part("array", res_array(spec.array), _array_nets(made))
    phases = PHASES if spec.opamp.auto_zero else ()
    amplifiers = [floor.part(stage.name, opamp(spec.opamp), _amplifier_nets(stage, *phases)) for stage in made.stages]
    floor.supply(*SUPPLIES, width_nm=SUPPLY_NM)
    inputs = [net for net, _ in spec.terms]
    floor.pins(left=[*inputs, MID, "bias"], right=[OUT], bottom=["vss", *phases], top=["vdd"])
    return floor.cell(
        floor.stack(*amplifiers, array) if phases else floor.stack(array, *amplifiers),
        spec,
        kind="weighted_sum",
        notes=_notes(spec, made),
    )


def _array_nets(made: Network) -> dict[str, str]:
    """Each resistor from the net that it takes its voltage from to an amplifier's input."""
    nets = {"b": "vss"}
    for stage in made.stages:
        for net, resistor, to in _ends(stage):
            nets |= {f"p{resistor + 1}": net, f"n{resistor + 1}": to}
    return nets


def _ends(stage: Stage) -> Iterator[tuple[str, int, str]]:
    """Of each resistor of a stage: the net it comes from, its number, the input that it goes to."""
    yield stage.out, stage.feedback, stage.inn
    yield from ((leg.net, leg.resistor, stage.inn) for leg in stage.minus)
    yield from ((leg.net, leg.resistor, stage.inp) for leg in stage.plus)


def _amplifier_nets(stage: Stage, *phases: str) -> dict[str, str]:
    same = {net: net for net in ("bias", *SUPPLIES, *phases)}
    return {"inp": stage.inp, "inn": stage.inn, "out": stage.out, **same}


def _notes(spec: WeightedSumSpec, made: Network) -> dict[str, Any]:
    """The units, and what more or fewer of them would make of the error."""
    nets = [net for net, _ in spec.terms]
    tried = front(spec.terms, spec.form, spec.most_units, spec.open_gain)
    return {
        "units": dict(zip(made.names, made.units, strict=True)),
        "total_units": sum(made.units),
        "coefficients_by_units": {n: round(float(c), 6) for n, c in zip(nets, made.coefficients(nets), strict=True)},
        "worst_coefficient_frac": round(spec.error_frac, 6),
        "error_by_units": [[found.total, round(found.error_frac, 6)] for found in tried],
    }
