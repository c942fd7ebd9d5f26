"""A five-transistor OTA: n pair, p mirror, tail from the bias mirror; one output, as fast as its load lets it be."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name, register
from analoom.generators.transistors.current_mirror import current_mirror
from analoom.generators.transistors.matched_pair import matched_pair
from analoom.generators.wiring.floorplan import Floorplan

from .input_stage import SUPPLY_NM, InputStageSpec, bias_spec, load_spec, pair_spec


class OtaSpec(InputStageSpec):
    """The sizes of a five-transistor OTA."""


@register(
    OtaSpec,
    system="amplifier",
    kind="amplifier",
    examples=[{"w": 8.0, "l": 0.5, "nf": 2, "w_load": 2.0, "l_load": 1.0, "tail": 2}],
)
def ota(spec: OtaSpec) -> Cell:
    """A five-transistor OTA: n pair, p mirror as load, tail current from a mirror.

    Pins: `inp`, `inn`, `out`; `bias` takes a current from `vdd`, of which the pair carries `tail` times; `vdd`, `vss`.
    """
    floor = Floorplan(cell_name("ota", spec))
    tail = floor.part(
        "bias",
        current_mirror(bias_spec(spec, spec.tail)),
        {"in": "bias", "out1": "tail", "s": "vss", "b": "vss"},
    )
    pair = floor.part(
        "pair",
        matched_pair(pair_spec(spec)),
        {"d1": "x", "g1": "inp", "d2": "out", "g2": "inn", "s": "tail", "b": "vss"},
    )
    load = floor.part("load", current_mirror(load_spec(spec)), {"in": "x", "out1": "out", "s": "vdd", "b": "vdd"})
    floor.supply("vdd", "vss", width_nm=SUPPLY_NM)
    floor.mirror("x", "out")
    floor.pins(left=["inp", "bias"], right=["inn", "out"], bottom=["vss"], top=["vdd"])
    return floor.cell(floor.stack(tail, pair, load), spec, kind="amplifier")
