"""A macro as it stands in an analog user area: a diode on each input, the pins at the side of their pads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import discard
from analoom.cells.ties.antenna_diode import AntennaDiodeSpec, antenna_diode
from analoom.generators.wiring.floorplan import Floorplan

NAME = "analog_core"
DIODE = AntennaDiodeSpec(w=5.0, l=5.0)
"""Of 25 um2: an input may then have wires of 117,000 times its gates' area on each metal (see the diode's spec)."""
SUPPLY_NM = 4000


def analog_core(
    macro: Cell, nets: Mapping[str, str], inputs: Collection[str], supplies: tuple[str, str], left: Collection[str]
) -> Cell:
    """The block: `nets` by port of the macro, `inputs` the nets that meet gates alone, `supplies` power and ground.

    Nets of `left` leave on that side, the others on the right; only wires and pads of `supplies` are widened.
    """
    discard(NAME)
    floor = Floorplan(NAME)
    placed = floor.part("macro", macro, nets)
    diode = antenna_diode(DIODE)
    diodes = [floor.part(f"diode{k}", diode, {"c": net, "a": supplies[1]}) for k, net in enumerate(inputs)]
    used = list(dict.fromkeys([*nets.values(), *([supplies[1]] if diodes else [])]))
    floor.supply(*(net for net in supplies if net in used), width_nm=SUPPLY_NM)
    floor.pins(left=[net for net in used if net in left], right=[net for net in used if net not in left])
    tree = floor.row(placed, floor.stack(*diodes)) if diodes else floor.stack(placed)
    return floor.cell(tree, macro.spec, kind=macro.kind)
