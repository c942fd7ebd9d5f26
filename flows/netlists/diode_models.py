"""The installed diode models made fit for more than one analysis.

ngspice 39 multiplies area and perimeter of a diode of level 3 by the library's `scale` whenever an analysis sets the
circuit up, so that the second one finds a diode 1e12 times too small. Here they come in um2 and um and the card has
level 1, which knows the same equations and scales nothing: currents and capacitances agree to the last digit printed
from -40 to 125 degC (`tests/flows/netlists/test_diode_models.py`).
"""

from __future__ import annotations

import re

from analoom.pdk.devices import DIODES, PM2_PER_UM2, PM_PER_UM
from analoom.pdk.errors import ToolError

_SIZES = re.compile(r"area\s*=\s*\{area\}\s+pj\s*=\s*\{perim\}")
_LEVEL = re.compile(r"^\+ level\s*=\s*3\s*$", re.M)


def is_diode(model: str) -> bool:
    """Whether `model` is a diode's."""
    return model in {device.model for device in DIODES.values()}


def repeatable(subcircuit: str) -> str:
    """The subcircuit of a diode with sizes that are scaled once. Raises ToolError for one written in another form."""
    sized, sizes = _SIZES.subn(f"area = {{area/{PM2_PER_UM2:g}}} pj = {{perim/{PM_PER_UM:g}}}", subcircuit)
    found, levels = _LEVEL.subn("+ level = 1", sized)
    if (sizes, levels) != (1, 1):
        raise ToolError("a diode's model is written in a form analoom does not know", field="models")
    return found
